#!/bin/sh
# Sourced by dracut's loop, again and again: while the engine decides, the loop's patience does not end before the engine's; after the engine
# has handed over it is at its end, and the last scripts have some turns.
# shellcheck disable=SC2034 # main_loop is the loop's own
if [ -e /run/reliable-raid/pending ]; then
	[ "${main_loop:-0}" -le $((2 * ${RDRETRY:-360} / 3)) ] || main_loop=$((2 * RDRETRY / 3))
elif [ -e /run/reliable-raid/handed-over ] && [ ! -e /run/reliable-raid/at-end ]; then
	: >/run/reliable-raid/at-end
	[ "${main_loop:-0}" -ge $((${RDRETRY:-360} - 8)) ] || main_loop=$((${RDRETRY:-360} - 8))
fi
