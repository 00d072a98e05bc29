#!/bin/sh
# Before every npm script: says what to run first where the npm packages are not there.
cd "$(dirname "$0")/.." || exit 1
[ -x node_modules/.bin/node ] && [ -e node_modules/.package-lock.json ] && exit 0
printf 'error: the npm packages of this project are not installed\nhint: npm ci\n' >&2
exit 1
