#!/bin/sh
# Sourced by dracut: root is mounted, and is entered next.
/usr/lib/reliable-raid/boot-hook release
