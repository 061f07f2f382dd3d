#!/bin/sh
# Runs the JavaScript suites on one build of the native module: cold, then with every case warmed up.
#
#   tools/test-js.sh release|asan [FILE...]    only these test files, if any are named
set -eu
cd "$(dirname "$0")/.."
build=$1
shift

export ARKFFI_FIXTURE="$PWD/build/$build/fixture/libarkffi_fixture.so"
run=''
if [ "$build" != release ]; then
  export ARKFFI_NATIVE_MODULE="$PWD/build/$build/liblibrary.node"
  run=tools/sanitizer/run.sh
fi
[ $# -gt 0 ] || set -- $(find test examples -name '*.test.mjs' -o -name '*.test.js' -o -name '*.test.ts' | sort)

failed=0
for warm in '' 1; do
  echo "JavaScript, $build${warm:+, warmed}:"
  # A test that hangs must fail, not hold the run.
  ARKFFI_WARM=$warm $run node --test --test-concurrency="$(nproc)" --test-timeout=600000 \
    --test-reporter=./tools/test-reporter.mjs "$@" || failed=1
done
exit $failed
