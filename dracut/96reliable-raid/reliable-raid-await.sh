#!/bin/sh
# Sourced by dracut's loop, again and again: begins the wait beside it. With systemd in the image units do that.
if [ -z "${DRACUT_SYSTEMD-}" ] && [ ! -e /run/reliable-raid/begun ]; then
	: >/run/reliable-raid/begun
	{
		/usr/lib/reliable-raid/boot-hook await
		/usr/lib/reliable-raid/boot-hook await-behind
	} </dev/null &
fi
