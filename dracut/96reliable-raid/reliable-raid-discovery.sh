#!/bin/sh
# Sourced by dracut before udev looks at the devices.
/usr/lib/reliable-raid/boot-hook discovery
