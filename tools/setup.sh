#!/bin/sh
# tools/setup.sh check|demo: installs what this machine lacks, and nothing else. Debian and Ubuntu; elsewhere it names what is missing.
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

install_packages() {
	# shellcheck disable=SC2046 # a list of words
	set -- $(missing_packages "$1")
	[ $# -gt 0 ] || return 0
	has apt-get || fail "this machine lacks: $*" 'apt-get is not installed: install them in the way of your system, then start again'
	step "installing what is missing, with apt-get: $*"
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
	step 'installing the npm packages that package-lock.json names'
	npm ci --no-audit --no-fund
	[ -x node_modules/.bin/node ] ||
		fail "npm installed no Node for this machine ($(uname -m))" 'the project is built and tested on x86_64 and aarch64'
}

case ${1-} in
check | demo) ;;
*) fail 'usage: tools/setup.sh check|demo' ;;
esac
install_packages "$1"
install_modules
