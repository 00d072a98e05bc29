#!/bin/sh
# tools/setup.sh check|demo [--yes]: installs what this machine lacks, and nothing else; on a terminal it asks first. Debian and
# Ubuntu; elsewhere it names what is missing.
set -eu
cd "$(dirname "$0")/.."

step() {
	printf '== %s\n' "$*" >&2
}

fail() {
	printf 'error: %s\n' "$1" >&2
	[ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
	exit 1
}

has() {
	command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ]
}

# Anything that can run npm: the project then uses the Node that npm installs for it.
has_npm() {
	has npm && has node && [ "$(node --version | sed 's/^v\([0-9]*\).*/\1/')" -ge 18 ]
}

# program:package, one line each.
wanted() {
	cat <<-'LIST'
		git:git
		strip:binutils
		gcc:gcc
		dh:debhelper
		dpkg-buildpackage:dpkg-dev
		mmdebstrap:mmdebstrap
		qemu-system-x86_64:qemu-system-x86
		qemu-img:qemu-utils
		mke2fs:e2fsprogs
		zstd:zstd
		cpio:cpio
	LIST
	[ "$1" = demo ] || cat <<-'LIST'
		shellcheck:shellcheck
		busybox:busybox
		dash:dash
		pgrep:procps
		python3:python3
		zsh:zsh
		fish:fish
		apt-ftparchive:apt-utils
		gpg:gpg
		gpg-agent:gpg-agent
		tesseract:tesseract-ocr
	LIST
}

missing_packages() {
	has_npm || echo nodejs npm
	wanted "$1" | while IFS=: read -r program package; do
		has "$program" || echo "$package"
	done
	[ -e /usr/include/stdlib.h ] || echo libc6-dev
	[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || echo debian-archive-keyring
	[ "$1" = demo ] || [ -e /usr/lib/klibc/bin/sh ] || echo klibc-utils
	[ "$1" = demo ] || [ -e /usr/share/OVMF/OVMF_CODE_4M.fd ] || echo ovmf
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		env DEBIAN_FRONTEND=noninteractive "$@"
	elif has sudo; then
		sudo env DEBIAN_FRONTEND=noninteractive "$@"
	else
		fail "these commands need root privileges, and sudo is not installed: $*" 'run them as root, then start again'
	fi
}

# What apt would install for these packages, with what they depend on; fails where its lists do not know them.
needed_packages() {
	LC_ALL=C apt-get --simulate -q --no-install-recommends install "$@" 2>/dev/null | sed -n 's/^Inst \([^ ]*\) .*/\1/p'
}

# NAME VERSION, SIZE to fetch, SIZE on disk; at the end the sum.
package_sizes() {
	LC_ALL=C apt-cache show --no-all-versions "$@" 2>/dev/null | awk '
		/^Package: / { name = $2 }
		/^Version: / { version = $2 }
		/^Installed-Size: / { disk = $2 }
		/^Size: / { fetch = $2 }
		/^$/ { told() }
		END { told(); printf "  in all: %d packages, %.1f MB to fetch, %.1f MB on disk\n", count, fetchAll / 1e6, diskAll / 1e3 }
		function told() {
			if (name == "" || seen[name]++) return
			printf "  %-28s %-28s %7.1f MB to fetch, %7.1f MB on disk\n", name, version, fetch / 1e6, disk / 1e3
			count++; fetchAll += fetch; diskAll += disk
			name = ""; fetch = disk = 0
		}'
}

# Return means yes; without a terminal nobody is asked.
agreed() {
	[ "$yes" = no ] && [ -t 0 ] && [ -t 2 ] || return 0
	printf 'Install them? [Y/n] ' >&2
	read -r answer || answer=n
	case $answer in
	'' | [Yy] | [Yy][Ee][Ss]) ;;
	*) fail 'nothing was installed' 'install them in your own way, then start again' ;;
	esac
}

install_packages() {
	# shellcheck disable=SC2046 # a list of words
	set -- $(missing_packages "$1")
	[ $# -gt 0 ] || return 0
	has apt-get || fail "this machine lacks: $*" 'apt-get is not installed: install them in the way of your system, then start again'
	step "this machine lacks: $*"
	needed=$(needed_packages "$@")
	if [ -n "$needed" ]; then
		# shellcheck disable=SC2086 # a list of words
		package_sizes $needed >&2
	else
		printf '  how large they are is known after apt-get update\n' >&2
	fi
	agreed
	step "installing them, with apt-get"
	as_root apt-get -o DPkg::Lock::Timeout=600 update -q
	as_root apt-get -o DPkg::Lock::Timeout=600 install -q -y --no-install-recommends "$@"
	has_npm || fail "this system's Node is older than 18, or comes without npm" 'install Node 20 or later with npm, then start again'
}

# The lock file that npm leaves in node_modules says what is there.
modules_are_current() {
	[ -x node_modules/.bin/node ] && [ -e node_modules/.package-lock.json ] && node -e '
		const wanted = require("./package-lock.json").packages;
		const there = require("./node_modules/.package-lock.json").packages;
		const same = ([path, { version, optional }]) => path === "" || optional || there[path]?.version === version;
		process.exit(Object.entries(wanted).every(same) ? 0 : 1);'
}

install_modules() {
	! modules_are_current || return 0
	count=$(grep -c '^    "node_modules/' package-lock.json)
	step "the npm packages of package-lock.json are to come into node_modules, nowhere else: up to $count, about 500 MB"
	agreed
	npm ci --no-audit --no-fund
	[ -x node_modules/.bin/node ] ||
		fail "npm installed no Node for this machine ($(uname -m))" 'the project is built and tested on x86_64 and aarch64'
}

yes=no
[ "${2-}" != --yes ] || yes=yes
case ${1-} in
check | demo) ;;
*) fail 'usage: tools/setup.sh check|demo [--yes]' ;;
esac
install_packages "$1"
install_modules
