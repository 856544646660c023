#!/bin/sh
# Runs a command in an image's root, in namespaces of its own: image-run.sh ROOT MOUNTS VOLUMES COMMAND...
# MOUNTS are pairs FROM:TO, read-only, TO as seen from within; where VOLUMES are named, all but them is read-only.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 022
root=$1 mounts=$2 volumes=$3
shift 3

mount --bind "$root" "$root"
cd "$root"
for pair in $mounts; do
  mkdir -p ".${pair#*:}"
  mount --rbind "${pair%%:*}" ".${pair#*:}"
  mount -o remount,ro,bind ".${pair#*:}"
done
mount -t proc proc proc
mount -t tmpfs -o mode=755 tmpfs dev
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
ln -s /proc/self/fd dev/fd
ip link set lo up
if [ -n "$volumes" ]; then
  for volume in $volumes; do mount --bind ".$volume" ".$volume"; done
  mount -o remount,ro,bind .
fi
exec chroot . "$@"
