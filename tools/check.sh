#!/bin/sh
# Runs every check of the sources and of the built module that does not execute them. Each check prints what is wrong;
# one that fails does not stop the others.
#
#   tools/check.sh [CHECK]...    runs only these of the functions below
set -u
cd "$(dirname "$0")/.."

sources() { git ls-files -co --exclude-standard -- "$@"; }

c_format() {
  wrong=$(sources '*.c' '*.h' | while read -r file; do
    clang-format "$file" | cmp -s - "$file" || echo "$file: not as 'make format' lays it out"
  done)
  [ -z "$wrong" ] || { echo "$wrong"; return 1; }
}

js_format() { npm run --silent check:format; }

c_lint() {
  sources 'core/src/*.c' 'cdef/src/*.c' 'bridge/*.c' |
    xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p build/release >build/log/lint 2>&1 && return
  grep -E '(error|warning): ' build/log/lint | sed "s|^$PWD/||" | sort -u
  echo "build/log/lint has the full output"
  return 1
}

# Only here, and where another compiler is tried, is a warning an error.
warnings() { tools/warnings.sh gcc clang; }

# Processors that arkffi cannot work on are refused when it is compiled, in words.
refusals() {
  for processor in '-U__BYTE_ORDER__ -D__BYTE_ORDER__=__ORDER_BIG_ENDIAN__' '-U__SIZEOF_POINTER__ -D__SIZEOF_POINTER__=4'; do
    # shellcheck disable=SC2086
    echo '#include "cpu/convention.h"' | gcc -Icore/src $processor -fsyntax-only -x c - 2>&1 | grep -q 'arkffi needs' || {
      echo "compiles with $processor"
      return 1
    }
  done
}

types() { npm run --silent test:types; }

generated() { node tools/generate.mjs --check && node tools/rooms/draw.mjs --check; }

# Compiles each public header alone and twice, as C and as C++, because users include headers in any order.
headers() {
  for header in core/include/arkffi/*.h cdef/include/arkffi/*.h; do
    name=arkffi/$(basename "$header")
    for compiler in 'gcc -xc -std=c11' 'g++ -xc++ -std=c++17'; do
      printf '#include <%s>\n#include <%s>\n' "$name" "$name" |
        $compiler -Icore/include -Icdef/include -Wall -Wextra -pedantic -Werror -fsyntax-only - || return 1
    done
  done
}

house() { node tools/check-house.mjs; }

# Which room of the house may use which: includes and calls of C, imports of TypeScript.
rooms() { node tools/rooms/check.mjs; }

# OpenHarmony's own TypeScript, with the linter of ArkTS.
arkts() { node tools/openharmony/arkts/check.mjs; }

addon() { node tools/check-addon.mjs; }

[ $# -gt 0 ] || set -- c_format js_format warnings refusals c_lint types generated headers house rooms addon arkts

mkdir -p build/log
failed=''
for check in "$@"; do
  log=build/log/check-$check.log
  "$check" >"$log" 2>&1 || {
    failed="$failed $check"
    echo "check: $check:"
    cat "$log"
  }
done

if [ -n "$failed" ]; then
  echo "check: failed:$failed"
  exit 1
fi
echo "check: all well ($*)"
