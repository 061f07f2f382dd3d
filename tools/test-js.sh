#!/bin/sh
# Runs the JavaScript suites on one build of the native module: cold, then with every case warmed up. The behaviour
# suite runs again with each engine other than the default one.
#
#   tools/test-js.sh release|asan|tsan [FILE...]    runs only these test files, if any are given
#
# Under ThreadSanitizer only the tests of threads run, cold and with the default engine: JavaScript itself has one
# thread.
set -eu
cd "$(dirname "$0")/.."
build=$1
shift

export ARKFFI_FIXTURE="$PWD/build/$build/fixture/libarkffi_fixture.so"
run=''
if [ "$build" != release ]; then
  export ARKFFI_NATIVE_MODULE="$PWD/build/$build/liblibrary.node"
  run="tools/sanitizer/run.sh $build"
fi
rounds='cold warmed'
others='portable napi'
[ $# -gt 0 ] || [ "$build" != tsan ] ||
  set -- $(find test -name '*async.test.mjs' -o -name 'callback-*.test.mjs' -o -name 'cancelling.test.mjs' -o \
    -name 'lanes.test.mjs' -o -name 'pump.test.mjs' -o -path 'test/process/*' \( -name 'callbacks.test.mjs' -o \
    -name 'uncaught.test.mjs' -o -name 'workers.test.mjs' \) | sort)
[ $# -gt 0 ] || set -- $(find test examples -name '*.test.mjs' -o -name '*.test.js' -o -name '*.test.ts' | sort)
[ "$build" != tsan ] || rounds=cold others=''

failed=0
export ARKFFI_FAILURES="$PWD/build/log/failures-$build.txt"
mkdir -p build/log
: >"$ARKFFI_FAILURES"
run_tests() {
  for round in $rounds; do
    warm=''
    [ "$round" = cold ] || warm=1
    title="JavaScript, $build${ARKFFI_ENGINE:+, engine $ARKFFI_ENGINE}${warm:+, warmed}:"
    echo "$title"
    # A test that hangs must fail, and must not block the run.
    ARKFFI_WARM=$warm $run node --test --test-concurrency="$(nproc)" --test-timeout=600000 \
      --test-reporter=./tools/test-reporter.mjs "$@" || fail "$title"
  done
}

fail() {
  failed=1
  echo "$1 failed" >>"$ARKFFI_FAILURES"
}

run_tests "$@"
set -- $(printf '%s\n' "$@" | grep '^test/behaviour/' || true)
for engine in $others; do
  [ $# -eq 0 ] || ARKFFI_ENGINE=$engine run_tests "$@"
done
cat "$ARKFFI_FAILURES"
exit $failed
