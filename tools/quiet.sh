#!/bin/sh
# Runs a command with its output put aside, and shows it only where the command fails.
#
#   tools/quiet.sh NAME COMMAND...    NAME says what it is for, and names the log in build/log
set -u
name=$1
shift
mkdir -p build/log
log=build/log/$(printf '%s' "$name" | tr -c 'a-zA-Z0-9' '-').log
"$@" >"$log" 2>&1 && exit
status=$?
cat "$log" >&2
printf '%s failed: %s\n' "$name" "$*" >&2
exit "$status"
