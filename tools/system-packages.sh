#!/bin/sh
# Installs what apt can give where root or sudo allows it; elsewhere says what is missing and goes on.
# Usage: system-packages.sh audit|test
set -u

# Pango and HarfBuzz draw PDF; Croscore has Tinos, as wide as Times New Roman and with every Vietnamese letter.
audit='nmap libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-croscore'
servers='nginx-light apache2 openssh-server redis-server postgresql vsftpd gnutls-bin openssl knot knot-dnssecutils unbound snmpd chrony memcached cron systemd'
looking='chromium libreoffice-calc-nogui'
case "${1:-}" in
    audit) wanted=$audit ;;
    test) wanted="$audit $servers $looking" ;;
    *) echo "usage: $0 audit|test" >&2; exit 2 ;;
esac

command -v dpkg-query >/dev/null 2>&1 || {
    [ "$1" = audit ] && command -v nmap >/dev/null 2>&1 && exit 0
    echo "Hãy tự cài nếu có thể / please install by hand if you can: $wanted" >&2
    exit 0
}

missing=''
for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then
    as_root='env'
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root='sudo env'
else
    echo "Chưa cài, phần cần đến sẽ bị bỏ qua / not installed, what needs them is left out:$missing" >&2
    exit 0
fi

log=$(mktemp)
# RUNLEVEL=1 keeps Debian from starting the servers: the tests start their own, on loopback only.
if ! $as_root DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 sh -c \
    "apt-get update -q && apt-get install -y -q --no-install-recommends $missing" >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    echo "Không cài được / could not be installed:$missing" >&2
fi
rm -f "$log"
exit 0
