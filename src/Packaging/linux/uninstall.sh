#!/bin/sh
# Removes what install.sh installed.
#
#   uninstall.sh [--purge]
#
# --purge removes the data, the settings and the account, too.
set -eu

account=client-failover

[ "$(id -u)" = 0 ] || { echo "Run this as root." >&2; exit 1; }

systemctl disable --now client-failover.service || true
rm -f /etc/systemd/system/client-failover.service /usr/local/bin/client-failover
rm -rf /usr/local/lib/client-failover
systemctl daemon-reload

if [ "${1:-}" = --purge ]; then
    rm -rf /var/lib/client-failover /etc/client-failover
    if getent passwd "$account" >/dev/null; then
        userdel "$account"
    fi
fi
