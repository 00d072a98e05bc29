#!/bin/sh
# Sourced by dracut's loop, again and again. While the engine decides, the loop's patience does not end before the engine's. After the engine
# has handed over it is at its end, and the last scripts have some turns. Else root is awaited: when that takes long, the engine looks
# beyond its list, once, beside the loop.
# shellcheck disable=SC2034 # main_loop is the loop's own
if [ -s /run/reliable-raid/pending ]; then
	# The loop counts one on after this, also where rd.retry=0 would end it at once.
	[ "${main_loop:-0}" -lt $((2 * ${RDRETRY:-360} / 3)) ] || main_loop=$((2 * ${RDRETRY:-360} / 3 - 1))
elif [ -e /run/reliable-raid/handed-over ]; then
	if [ ! -e /run/reliable-raid/at-end ]; then
		: >/run/reliable-raid/at-end
		[ "${main_loop:-0}" -ge $((${RDRETRY:-360} - 8)) ] || main_loop=$((${RDRETRY:-360} - 8))
	fi
elif [ -d /run/reliable-raid ] && [ ! -e /run/reliable-raid/looked ] && [ ! -e /run/reliable-raid/fallback ]; then
	if [ ! -e /run/reliable-raid/let-go-at ]; then
		echo "${main_loop:-0}" >/run/reliable-raid/let-go-at
	else
		# The loop does not count while a passphrase is asked for.
		read -r _let_go_at </run/reliable-raid/let-go-at
		if [ "${main_loop:-0}" -ge $((_let_go_at + 6)) ]; then
			: >/run/reliable-raid/looked
			/usr/lib/reliable-raid/boot-hook look </dev/null >&2 &
		fi
	fi
fi
