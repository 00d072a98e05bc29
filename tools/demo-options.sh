#!/bin/sh
# tools/demo-options.sh WORD...: checks what ./demo was given, before anything is installed or built; needs no Node.
# With --list it prints the layouts. Status 2: a word is wrong.
set -eu
cd "$(dirname "$0")/.."

wrong() {
	printf 'error: %s\nhint: ./demo --help says what there is, ./demo --list which layouts and disks\n' "$1" >&2
	exit 2
}

# NAME|TITLE|DISK DISK ..., one line each.
layouts() {
	awk -v quote="'" '
		function flush() { if (name != "") print name "|" title "|" disks; name = ""; disks = "" }
		index($0, "    name: " quote) == 1 { flush(); split($0, part, quote); name = part[2] }
		index($0, "    title: " quote) == 1 { split($0, part, quote); title = part[2] }
		/^    layers:/ { flush() }
		name != "" { rest = $0; while (match(rest, /disk[0-9]+:/)) {
			disks = disks (disks == "" ? "" : " ") substr(rest, RSTART, RLENGTH - 1); rest = substr(rest, RSTART + RLENGTH) } }
	' test/boot/guest/layouts.ts
}

layout=raid1-luks-lvm
missing=
late=
list=no
while [ $# -gt 0 ]; do
	option=${1%%=*}
	case $1 in
	--stock | --unattended | --yes) ;;
	--list) list=yes ;;
	--layout=* | --missing=* | --late=* | --suite=* | --arguments=* | --deb=*) value=${1#*=} ;;
	--layout | --missing | --late | --suite | --arguments | --deb)
		[ $# -gt 1 ] || wrong "$1 needs a value"
		value=$2
		shift
		;;
	*) wrong "no such option: $1" ;;
	esac
	case $option in
	--layout) layout=$value ;;
	--missing) missing=$(echo "$value" | tr , ' ') ;;
	--late) late="$late $value" ;;
	--deb) [ -e "$value" ] || wrong "--deb $value: no such file" ;;
	esac
	shift
done

if [ "$list" = yes ]; then
	layouts | awk -F '|' '{ gsub(/ /, ", ", $3); printf "%-16s %s (%s)\n", $1, $2, $3 }'
	exit
fi
disks=$(layouts | awk -F '|' -v name="$layout" '$1 == name { print $3 }')
[ -n "$disks" ] || wrong "no such layout: $layout"
has_disk() {
	case " $disks " in *" $1 "*) ;; *) wrong "$layout has no ${1:-disk without a name}; it has $disks" ;; esac
}
for disk in $missing; do
	[ "$disk" = none ] || has_disk "$disk"
done
for word in $late; do
	case $word in
	disk*=*[!0-9]* | disk*=) wrong "--late $word: expected DISK=SECONDS, such as disk2=15" ;;
	disk*=*) has_disk "${word%%=*}" ;;
	*) wrong "--late $word: expected DISK=SECONDS, such as disk2=15" ;;
	esac
done
