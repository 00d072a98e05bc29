#!/bin/bash
# dracut's part of what goes into an image; the rest is in image-files. One module for 059 to 112, with systemd in the image or not.
# shellcheck disable=SC2154 # dracut sets these before it sources this

# Whether root needs md arrays, for an image of this machine alone; a build that must fail (strict) fails later, where it says why.
needs_arrays() (
	tree=$(mktemp -d "${TMPDIR:-/tmp}/reliable-raid-XXXXXX") || exit 0
	trap 'rm -rf "$tree"' EXIT
	/usr/bin/reliable-raid resolve --image "$tree" --generator dracut >/dev/null 2>&1
	[[ $? == 3 || -s $tree/etc/reliable-raid/arrays ]]
)

# called by dracut
check() {
	require_binaries mdadm setsid || return 1
	[[ -x /usr/bin/reliable-raid && -r /usr/lib/reliable-raid/image-files ]] || return 1
	# An image that mounts something else than root (a crash kernel's), or of another machine.
	[[ ! $mount_needs ]] || return 1
	# One that is unpacked at shutdown (Debian 12, mdadm-shutdown.service): its list would be taken for that of the last boot image.
	[[ ${outfile-} != /run/* ]] || return 1
	if [[ ${dracutsysrootdir-} ]]; then
		dwarn "reliable-raid: left out: the image is built for another machine, in $dracutsysrootdir"
		return 1
	fi
	[[ ! $hostonly ]] || needs_arrays || return 255
	return 0
}

# called by dracut: mdraid assembles; in newer releases the loop that is held is a module of its own.
depends() {
	echo mdraid
	local folder
	for folder in "${dracutbasedir-}"/modules.d/[0-9][0-9]initqueue; do
		[[ ! -d $folder ]] || echo initqueue
	done
	return 0
}

# called by dracut, after install: the module is for the ledger outside of the disks.
installkernel() {
	[[ ! -s $initdir/etc/reliable-raid/arrays ]] || hostonly='' instmods efivarfs
	return 0
}

# Who sources this has functions of the same names.
copy_program() {
	inst_binary "$1" "$2" && [[ -e $IMAGE$2 ]]
}

remove_own() {
	find "$IMAGE/var/lib/dracut/hooks/" "$IMAGE/lib/dracut/hooks/" -name '*-reliable-raid-*.sh' -delete 2>/dev/null
	if [[ -e $IMAGE$SHARED/mdraid_start ]]; then
		mv -f "$IMAGE$SHARED/mdraid_start" "$IMAGE/sbin/mdraid_start"
	fi
	rm -f "$IMAGE$RULES"/64-reliable-raid-*.rules
	find "$IMAGE/usr/lib/systemd/" "$IMAGE/lib/systemd/" "$IMAGE/etc/systemd/" \
		\( -name 'reliable-raid-boot*.service' -o -name reliable-raid-generator \) -delete 2>/dev/null
}

# Of root's arrays, one is behind a passphrase.
has_array_behind() {
	local when
	while read -r _ when _; do
		[[ $when != after ]] || return 0
	done <"$IMAGE/etc/reliable-raid/arrays"
	return 1
}

# A mapping of LUKS stands on them, or they on it; the list has a line for the kind of each layer.
has_mapping() {
	[[ $(<"$IMAGE/etc/reliable-raid/watchlist.json") == *'"kind": "crypt"'* ]]
}

add_unit() {
	inst_simple "$moddir/$1" "$systemdsystemunitdir/$1" &&
		$SYSTEMCTL -q --root "$initdir" add-wants initrd.target "$1"
}

# dracut's script would start every array it knows degraded, without a word: it is out of the way until the engine fails.
add_own() {
	inst_multiple sh cat mkdir mv rm sleep udevadm umount || return
	inst_multiple -o stty
	cp -p "$moddir/boot-hook" "$moddir/steps" "$moddir/arguments" "$IMAGE$SHARED/" || return
	mv "$IMAGE/sbin/mdraid_start" "$IMAGE$SHARED/mdraid_start" || return
	inst_script "$moddir/mdraid-start.sh" /sbin/mdraid_start || return
	cp -p "$moddir/64-reliable-raid-dracut.rules" "$IMAGE$RULES/" || return
	ln -sf /etc/reliable-raid/members.rules "$IMAGE$RULES/64-reliable-raid-members.rules" || return
	mkdir -p "$IMAGE$SHARED/rules" "$IMAGE/etc/cmdline.d"
	local rule
	for rule in "$IMAGE"/etc/udev/rules.d/65-md-incremental*.rules; do
		[[ ! -e $rule ]] || cp -p "$rule" "$IMAGE$SHARED/rules/" || return
	done
	# Without what was built in of this machine (rd.hostonly=0), dracut would remove a file of arguments too.
	mark_hostonly /etc/reliable-raid/arguments
	inst_hook pre-trigger 10 "$moddir/reliable-raid-discovery.sh"
	inst_hook initqueue 10 "$moddir/reliable-raid-await.sh"
	inst_hook initqueue/settled 10 "$moddir/reliable-raid-hold.sh"
	inst_hook initqueue/finished 10 "$moddir/reliable-raid-decided.sh"
	inst_hook pre-pivot 10 "$moddir/reliable-raid-release.sh"
	if dracut_module_included systemd; then
		# Only a shell that asks for the password, as dracut's own does there.
		cp -p "$moddir/shell" "$IMAGE$SHARED/shell" || return
		add_unit reliable-raid-boot.service || return
		# What starts without need costs a healthy boot time.
		! has_array_behind || add_unit reliable-raid-boot-behind.service || return
		if has_mapping; then
			inst_script "$moddir/reliable-raid-generator.sh" "$systemdutildir/system-generators/reliable-raid-generator" || return
		fi
	fi
	dracut_need_initqueue
	return 0
}

# called by dracut
install() {
	(
		IMAGE=$initdir
		# shellcheck disable=SC2034 # for image-files
		GENERATOR=dracut
		# shellcheck source=hooks/image-files
		. /usr/lib/reliable-raid/image-files
		fill_image ''
	) || exit 1
}
