#!/bin/sh
# Runs the JavaScript suites on one build of the native module: cold, then with every case warmed up, and the behaviour
# suite again with each engine other than the default one.
#
#   tools/test-js.sh release|asan|tsan [FILE...]    runs only these test files, if any are given
set -eu
cd "$(dirname "$0")/.."
build=$1
shift
exec node tools/test.mjs "js-$build" "$@"
