#!/bin/sh
# Builds the Debian package of the service.
#
#   build-deb.sh --output DIR [--architecture amd64|arm64] [--published DIR] [--version X.Y.Z] [--maintainer "Name <address>"]
#
# Without --published the service is published first. Needs dpkg-deb, gzip and, to publish, the .NET SDK. Prints the package's path.
# How hard to compress: DPKG_DEB_COMPRESSOR_TYPE and DPKG_DEB_COMPRESSOR_LEVEL, see dpkg-deb(1).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../../.." && pwd)
architecture=amd64
maintainer="The Client Failover authors <client-failover@localhost>"
output=
published=
version=

while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || { echo "$1 needs a value." >&2; exit 2; }
    case "$1" in
        --architecture) architecture=$2 ;;
        --maintainer) maintainer=$2 ;;
        --output) output=$2 ;;
        --published) published=$2 ;;
        --version) version=$2 ;;
        *) echo "$1 is not understood; see the top of $0." >&2; exit 2 ;;
    esac
    shift 2
done

[ -n "$output" ] || { echo "--output is missing." >&2; exit 2; }
case "$architecture" in
    amd64) runtime=linux-x64 ;;
    arm64) runtime=linux-arm64 ;;
    *) echo "--architecture is amd64 or arm64." >&2; exit 2 ;;
esac

if [ -z "$version" ]; then
    version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$repository/Directory.Build.props")
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "$published" ]; then
    published=$work/published
    dotnet publish "$repository/src/ClientFailover.Service" -p:PublishProfile="$runtime" -o "$published" >&2
fi

root=$work/root
documents=$root/usr/share/doc/client-failover
umask 022
install -d "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib/systemd/system" "$documents" "$root/usr/share/man/man8" "$root/usr/share/lintian/overrides"
install -D -m 0755 "$published/ClientFailover.Service" "$root/usr/lib/client-failover/ClientFailover.Service"
install -m 0644 "$published/libe_sqlite3.so" "$root/usr/lib/client-failover/libe_sqlite3.so"
install -D -m 0644 "$here/appsettings.json" "$root/etc/client-failover/appsettings.json"
ln -s /etc/client-failover/appsettings.json "$root/usr/lib/client-failover/appsettings.json"
ln -s ../lib/client-failover/ClientFailover.Service "$root/usr/bin/client-failover"
install -m 0644 "$here/client-failover.service" "$root/usr/lib/systemd/system/client-failover.service"
install -m 0644 "$here/debian/copyright" "$documents/copyright"
install -m 0644 "$here/debian/lintian-overrides" "$root/usr/share/lintian/overrides/client-failover"
gzip -9nc "$here/client-failover.8" >"$root/usr/share/man/man8/client-failover.8.gz"

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$repository" log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
{
    echo "client-failover ($version) unstable; urgency=medium"
    echo
    echo "  * Version $version."
    echo
    echo " -- $maintainer  $(LC_ALL=C date -uRd "@$SOURCE_DATE_EPOCH")"
} | gzip -9nc >"$documents/changelog.gz"

size=$(du -sk --apparent-size "$root/usr" "$root/etc" | awk '{ sum += $1 } END { print sum }')
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" -e "s/@MAINTAINER@/$maintainer/" \
    "$here/debian/control" >"$root/DEBIAN/control"
echo /etc/client-failover/appsettings.json >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do
    install -m 0755 "$here/debian/$script" "$root/DEBIAN/$script"
done
(cd "$root" && find usr -type f -exec md5sum {} + | LC_ALL=C sort -k 2 >DEBIAN/md5sums)

install -d "$output"
package=$output/client-failover_${version}_${architecture}.deb
dpkg-deb --root-owner-group --build "$root" "$package" >&2
echo "$package"
