#!/bin/sh
# Runs a command with its output written to a log, and prints the output only if the command fails.
#
#   tools/quiet.sh NAME COMMAND...    NAME describes the step and gives the log in build/log its name
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
