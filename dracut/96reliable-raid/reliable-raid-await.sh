#!/bin/sh
# Sourced by dracut's loop, again and again: begins the wait beside it. With systemd in the image a unit does that.
if [ -z "${DRACUT_SYSTEMD-}" ] && [ ! -e /run/reliable-raid/begun ]; then
	: >/run/reliable-raid/begun
	/usr/lib/reliable-raid/boot-hook await </dev/null &
fi
