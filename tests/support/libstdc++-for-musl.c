// What Debian's static libstdc++ asks of the GNU C library, for those who use it with musl instead.
#include <unistd.h>

__attribute__((visibility("hidden"))) void *__dso_handle = &__dso_handle;

char __libc_single_threaded = 0;

// "Not known here": the unwinder then looks for itself.
int _dl_find_object(void *address, void *result) { return -1; }

unsigned arc4random(void) {
  unsigned number;
  getentropy(&number, sizeof number);
  return number;
}
