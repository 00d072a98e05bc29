#!/bin/sh
# Sourced by dracut before udev looks at the devices, and before dracut reads which arrays it may assemble. The arguments that name ours are given
# now: with a file of arguments from the start, systemd runs dracut-cmdline-ask.service. An array that another argument names is not named twice:
# dracut would write its rule for it twice. What dracut waits for is written here as it does (dracut-dev-lib.sh, wait_for_dev), but systemd
# need not read all its units again.
# shellcheck disable=SC2154 # hookdir is dracut's

# is_named UUID: as dracut itself will ask for it (parse-md.sh). root= may hold a UUID as well, which names nothing.
is_named() {
	mentions "$1" || return 1
	for _given in $(getargs rd.md.uuid -d rd_MD_UUID=); do
		[ "$_given" != "$1" ] || return 0
	done
	return 1
}

# await_device DEVICE
await_device() {
	_name=\\x2fdev\\x2fdisk\\x2fby-id\\x2f${1##*/}.sh
	[ ! -e "$hookdir/initqueue/finished/devexists-$_name" ] || return 0
	printf '[ -e "%s" ]\n' "$1" >"$hookdir/initqueue/finished/devexists-$_name"
	printf '[ -e "%s" ] || warn "\\"%s\\" does not exist"\n' "$1" "$1" >"$hookdir/emergency/80-$_name"
}

(
	set -- discovery
	# shellcheck source=dracut/96reliable-raid/boot-hook
	. /usr/lib/reliable-raid/boot-hook
)
if [ -s /etc/reliable-raid/arguments ]; then
	# shellcheck source=dracut/96reliable-raid/arguments
	. /usr/lib/reliable-raid/arguments
	_named=
	# With rd.auto, dracut's rule takes every array as it is: a rule of ours leaves it those of the list, and it need not be written anew.
	if mentions rd.auto && ! mentions rd.md.uuid= rd_MD_UUID= && getargbool 0 rd.auto; then
		echo >/run/reliable-raid/listed-only && _named=yes
	fi
	_awaited=yes
	# With rd.md=0 dracut waits for no array.
	! mentions rd.md= rd_NO_MD || _awaited=
	while read -r _argument; do
		_uuid=${_argument#rd.md.uuid=}
		[ -n "$_named" ] || is_named "$_uuid" || printf '%s\n' "$_argument"
		[ -z "$_awaited" ] || await_device "/dev/disk/by-id/md-uuid-$_uuid"
	done </etc/reliable-raid/arguments >/etc/cmdline.d/50-reliable-raid.conf
fi
