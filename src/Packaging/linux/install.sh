#!/bin/sh
# Installs, or upgrades, the published service on a Linux with systemd that knows no Debian packages.
#
#   install.sh [PUBLISHED]
#
# PUBLISHED is what `dotnet publish -p:PublishProfile=linux-x64` made; without it, where this file is. Data and settings that
# are there are kept.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
published=${1:-$here}
account=client-failover
program=/usr/local/lib/client-failover
settings=/etc/client-failover
unit=/etc/systemd/system/client-failover.service

[ "$(id -u)" = 0 ] || { echo "Run this as root." >&2; exit 1; }
[ -x "$published/ClientFailover.Service" ] || { echo "$published holds no published service." >&2; exit 1; }

if ! getent passwd "$account" >/dev/null; then
    useradd --system --user-group --no-create-home --home-dir /var/lib/client-failover --shell /usr/sbin/nologin "$account"
fi

# All of it is there before the running one is stopped: it must not stay away because a file is missing or the disk is full.
install -d -m 0755 "$program" "$settings"
for file in ClientFailover.Service libe_sqlite3.so; do
    install -m 0755 "$published/$file" "$program/$file.new"
done
sed "s:/usr/lib/client-failover/:$program/:" "$here/client-failover.service" >"$program/unit.new"
[ -e "$settings/appsettings.json" ] || install -m 0644 "$here/appsettings.json" "$settings/appsettings.json"

# A running one opens parts of its executable only when it first needs them, and would find those of another version. Roles hold while
# it is away.
if [ -e "$unit" ]; then
    trap 'systemctl start client-failover.service || true' EXIT
    systemctl stop client-failover.service
fi

# A file is the old one or the new one, whole.
for file in ClientFailover.Service libe_sqlite3.so; do
    mv -f "$program/$file.new" "$program/$file"
done

ln -sfn "$settings/appsettings.json" "$program/appsettings.json"
ln -sfn "$program/ClientFailover.Service" /usr/local/bin/client-failover
install -m 0644 "$program/unit.new" "$unit"
rm -f "$program/unit.new"
systemctl daemon-reload
systemctl enable client-failover.service
systemctl restart client-failover.service
