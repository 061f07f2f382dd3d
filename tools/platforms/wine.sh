#!/bin/sh
# Runs a program of Windows by wine, with a folder for wine's own files that only these tests use.
#
#   tools/platforms/wine.sh PROGRAM [ARGUMENT]...
here=$(cd "$(dirname "$0")/../.." && pwd)
WINEPREFIX="$here/build/on/windows/wine" WINEDEBUG="${WINEDEBUG:--all}"
WINEDLLOVERRIDES='mscoree,mshtml=' # neither of the two that wine offers to download
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES
mkdir -p "$WINEPREFIX"
for wine in /usr/lib/wine/wine64 wine64 wine; do
  command -v "$wine" >/dev/null && exec "$wine" "$@"
done
echo 'wine is not installed' >&2
exit 127
