/* Preloaded into the server: makes every fsync take longer and counts them.
 * SLOW_FSYNC_FILE names a file of two 32-bit integers that is shared with the suite: the delay in milliseconds, which
 * may change at any time, and the number of calls so far. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static volatile uint32_t *control;

__attribute__((constructor)) static void share_control(void) {
  const char *path = getenv("SLOW_FSYNC_FILE");
  int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void *shared = mmap(NULL, 2 * sizeof(uint32_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (shared != MAP_FAILED) control = shared;
}

static void slow(void) {
  if (!control) return;
  __sync_fetch_and_add(&control[1], 1);
  struct timespec rest = {control[0] / 1000, (long)(control[0] % 1000) * 1000000L};
  while (nanosleep(&rest, &rest)) {
  }
}

int fsync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  slow();
  return real(fd);
}

int fdatasync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  slow();
  return real(fd);
}
