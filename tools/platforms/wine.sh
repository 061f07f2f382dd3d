#!/bin/sh
# Runs a program of Windows by wine, with a folder for wine's own files that only these tests use.
#
#   tools/platforms/wine.sh PROGRAM [ARGUMENT]...
#
# Node.js for Windows cannot write to pipes that wine has from Linux. With ARKFFI_WINE_OUTPUT=file the program writes to a
# file, which is printed when it has ended.
here=$(cd "$(dirname "$0")/../.." && pwd)
WINEPREFIX="$here/build/on/windows/wine" WINEDEBUG="${WINEDEBUG:--all}"
WINEDLLOVERRIDES='mscoree,mshtml=' # neither of the two that wine offers to download
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES
unset DISPLAY
first() {
  for program in "$@"; do
    command -v "$program" && break
  done
}
wine=$(first /usr/lib/wine/wine64 wine64 wine)
server=$(first /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver wineserver)
if [ -z "$wine" ] || [ -z "$server" ]; then
  echo 'wine is not installed: on Debian, apt-get install --no-install-recommends wine64' >&2
  exit 127
fi

# The server of wine stays for a while after the last program has ended, because a new one takes seconds to start. The first of
# several programs makes wine's folder. Node.js runs on Windows 10 and newer, and wine's own default is older. With a new server,
# the first program starts wine's services, which keep its output open as long as the server runs. A reader that waits for the end
# of the output would wait for them.
mkdir -p "$WINEPREFIX"
(
  flock 9
  "$server" -p60 9>&- # fails if there is one
  is_new=$?
  if [ ! -e "$WINEPREFIX/.complete" ]; then
    "$wine" winecfg -v win10 9>&- && : >"$WINEPREFIX/.complete"
  elif [ "$is_new" = 0 ]; then
    "$wine" cmd /c exit 9>&-
  fi
) 9>"$WINEPREFIX/.lock" >/dev/null 2>&1 </dev/null

[ "${ARKFFI_WINE_OUTPUT:-}" = file ] || exec "$wine" "$@"
output=$(mktemp)
"$wine" "$@" >"$output" 2>&1 </dev/null
status=$?
cat "$output"
rm -f "$output"
exit "$status"
