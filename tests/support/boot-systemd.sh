#!/bin/sh
# Boots systemd in a small root of its own: this machine's programs, read-only, and nothing that is set up here.
#   boot-systemd.sh FOLDER EXECUTABLE UNIT DROP-IN     in a mount namespace of its own
#   boot-systemd.sh --clean FOLDER                     the same, after it has ended
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin

# What systemd keeps of its processes lies in a group of its own, and not among those of this machine.
groups_of() {
  mkdir -p "$1.groups"
  mount -t cgroup2 cgroup2 "$1.groups"
  group=$1.groups/kontuar-$(basename "$(dirname "$1")")
}

if [ "$1" = --clean ]; then
  groups_of "$2"
  find "$group" -depth -type d -exec rmdir {} +
  exit 0
elif [ "$1" != --inside ]; then
  groups_of "$1"
  mkdir "$group"
  echo $$ >"$group/cgroup.procs"
  umount "$1.groups"
  exec unshare --mount --pid --uts --ipc --cgroup --fork --kill-child sh "$0" --inside "$@"
fi

root=$2 executable=$3 unit=$4 drop_in=$5
mkdir -p "$root"
mount -t tmpfs -o mode=755 tmpfs "$root"
mkdir -p "$root/usr/local"
for one in bin sbin lib lib64 usr; do
  if [ -L "/$one" ]; then
    cp -P "/$one" "$root"
  elif [ -d "/$one" ]; then
    mkdir -p "$root/$one"
    mount --rbind "/$one" "$root/$one"
    mount -o remount,ro,bind "$root/$one"
  fi
done
mount -t tmpfs -o mode=755 tmpfs "$root/usr/local"
mkdir "$root/usr/local/bin"
cp "$executable" "$root/usr/local/bin/kontuar"

cd "$root"
mkdir -p dev/pts dev/shm etc/systemd/system home old proc root run sys tmp var/tmp
chmod 1777 tmp var/tmp
mount -t proc proc proc
# What systemd would set here, it would set for the whole machine.
mount --bind proc/sys proc/sys
mount -o remount,ro,bind proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mknod -m 666 dev/tty c 5 0
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx

cp /etc/ld.so.cache etc
cp /usr/share/base-passwd/passwd.master etc/passwd
cp /usr/share/base-passwd/group.master etc/group
: >etc/machine-id
units=etc/systemd/system
for one in basic sysinit multi-user network-online network sockets shutdown umount paths timers slices local-fs; do
  cp "/lib/systemd/system/$one.target" "$units"
done
cp /lib/systemd/system/systemd-journald.* /lib/systemd/system/systemd-journald-dev-log.socket "$units"
mkdir "$units/sysinit.target.wants" "$units/kontuar.service.d"
ln -s ../systemd-journald.service "$units/sysinit.target.wants"
cp "$unit" "$units/kontuar.service"
cp "$drop_in" "$units/kontuar.service.d/test.conf"

pivot_root . old
umount -l old
# No other units than these.
exec env -i container=test PATH="$PATH" SYSTEMD_UNIT_PATH=/etc/systemd/system \
  /lib/systemd/systemd --log-target=null --show-status=no --unit=multi-user.target
