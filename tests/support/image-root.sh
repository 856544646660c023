#!/bin/sh
# Lays out what an image begins with, for the two images of the Dockerfile.
#   image-root.sh programs FOLDER    empty places for this machine's own programs, to be mounted there
#   image-root.sh debian FOLDER      Debian's required packages and apt, which is what debian:*-slim holds, as installed here
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 022
root=$2

mkdir -p "$root/dev" "$root/etc" "$root/proc" "$root/root" "$root/tmp"
chmod 1777 "$root/tmp"
if [ "$1" = programs ]; then
  for one in bin sbin lib lib64 usr; do
    if [ -L "/$one" ]; then cp -P "/$one" "$root"; elif [ -d "/$one" ]; then mkdir "$root/$one"; fi
  done
  cp /etc/ld.so.cache "$root/etc"
  # Debian's programs are found through it: awk, which.
  cp -R /etc/alternatives "$root/etc"
else
  for one in bin sbin lib lib64; do
    mkdir -p "$root/usr/$one"
    ln -s "usr/$one" "$root/$one"
  done
  required=$(dpkg-query --show --showformat '${Package} ${Essential} ${Priority}\n' |
    awk '$2 == "yes" || $NF == "required" { print $1 }')
  # shellcheck disable=SC2086
  packages=$(apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks \
    --no-replaces --no-enhances apt $required | grep '^[a-z0-9]' | sort -u)
  # shellcheck disable=SC2086
  dpkg-query --listfiles $packages 2>/dev/null | grep -vE '^/usr/share/(doc|info|locale|man)/' |
    sed -E 's#^/(bin|sbin|lib|lib64)/#/usr/\1/#' | sort -u |
    while read -r path; do if [ -L "$path" ] || [ -f "$path" ]; then echo ".$path"; fi; done |
    tar -C / --create --no-recursion --files-from=- | tar -C "$root" --extract
  mkdir -p "$root/usr/local/bin"
fi
cp /usr/share/base-passwd/passwd.master "$root/etc/passwd"
cp /usr/share/base-passwd/group.master "$root/etc/group"
