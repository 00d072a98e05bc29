#!/bin/sh
# A generator of systemd in the image. What root's arrays bring comes when the engine has started them: a LUKS device on them has no time-out
# (systemd's own is 90 s). Who sets one keeps it: such files come after ours by name.

UNITS=$1
LIST=/etc/reliable-raid/watchlist.json
[ -n "$UNITS" ] && [ -s "$LIST" ] || exit 0
# shellcheck source=dracut/96reliable-raid/arguments
. /usr/lib/reliable-raid/arguments
[ -e /etc/crypttab ] || mentions rd.luks rd_LUKS || exit 0
# shellcheck source=/dev/null
command -v getarg >/dev/null 2>&1 || . /lib/dracut-lib.sh
[ -z "$(getarg rd.timeout=)" ] && getargbool 1 rd.md -d -n rd_NO_MD || exit 0
case $(getarg reliable_raid=) in off | no | 0) exit 0 ;; esac

# is_roots FIELD VALUE: root stands on it; the list has a line for each.
is_roots() {
	while read -r _line; do
		case $_line in "\"$1\": \"$2\""*) return 0 ;; esac
	done <"$LIST"
	return 1
}

# without_time_out DEVICE
without_time_out() {
	_folder=$UNITS/$(dev_unit_name "$1").device.d
	mkdir -p "$_folder"
	printf '[Unit]\nJobTimeoutSec=infinity\nJobRunningTimeoutSec=infinity\n' >"$_folder/10-reliable-raid.conf"
}

for _uuid in $(getargs rd.luks.uuid -d rd_LUKS_UUID=) $(getargs rd.luks.name); do
	_uuid=${_uuid#keysource:}
	_uuid=${_uuid#luks-}
	_uuid=${_uuid%%=*}
	! is_roots uuid "$_uuid" || without_time_out "/dev/disk/by-uuid/$_uuid"
done
[ -e /etc/crypttab ] || exit 0
while read -r _name _device _; do
	case $_name in '' | '#'*) continue ;; esac
	! is_roots label "$_name" || without_time_out "$(label_uuid_to_dev "$_device")"
done </etc/crypttab
exit 0
