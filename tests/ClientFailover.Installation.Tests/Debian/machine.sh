#!/bin/sh
# Boots systemd on a copy of this machine's files that lives in memory and vanishes with it, without network but its own loopback.
#
#   machine.sh FOLDER PACKAGES
#
# FOLDER is where the copy is mounted, in a mount namespace of its own (the caller's unshare --mount); PACKAGES is shown as /packages.
# The control group has the name of FOLDER: the caller removes it.
set -eu

for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
    if [ -e "$hierarchy/cgroup.procs" ]; then
        mkdir "$hierarchy/$(basename "$1")"
        echo $$ >"$hierarchy/$(basename "$1")/cgroup.procs"
    fi
done

mount --make-rprivate /
mount -t tmpfs -o size=3g,mode=755 tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root" "$1/packages"
mount --bind "$2" "$1/packages"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"

# A machine of its own, on which packages may start services.
: >"$1/root/etc/machine-id"
rm -f "$1/root/usr/sbin/policy-rc.d"
exec systemd-nspawn --quiet --register=no --keep-unit --directory="$1/root" --console=pipe --private-network --link-journal=no \
    --bind-ro="$1/packages:/packages" --boot systemd.unit=basic.target
