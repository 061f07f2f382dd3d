#!/bin/sh
# Runs Node.js, and every process it starts, on a native module built with AddressSanitizer and
# UndefinedBehaviorSanitizer, or with ThreadSanitizer. Fails where the command fails, and where a sanitizer reported an
# error that did not make the command fail.
#
#   tools/sanitizer/run.sh asan|tsan COMMAND...
#
# Node.js itself is not instrumented, so the sanitizer's runtime must be preloaded before the module is loaded. A child
# process that loads the module as well must inherit the environment.
set -u
build=$1
shift
reports=build/log/sanitizer
rm -rf "$reports"
mkdir -p "$reports"

# Allocations may fail, because tests ask for more memory than there is. A memory error aborts. Leaks do not change the
# exit code: Node.js and the tools that tests start leak regularly, and reports.mjs separates their leaks from arkffi's.
ASAN_OPTIONS="abort_on_error=1:exitcode=0:detect_leaks=1:log_path=$PWD/$reports/asan:malloc_context_size=16"
ASAN_OPTIONS="$ASAN_OPTIONS:allocator_may_return_null=1:strict_string_checks=1:detect_stack_use_after_return=1"
UBSAN_OPTIONS="abort_on_error=1:print_stacktrace=1"
# The leak check crashes on the thread-local storage of a thread that ends meanwhile. arkffi keeps no allocation there.
LSAN_OPTIONS="use_tls=0"
# A race does not change the exit code of its process: the reports are read when all processes have ended.
TSAN_OPTIONS="exitcode=0:log_path=$PWD/$reports/tsan:suppressions=$PWD/tools/sanitizer/tsan.supp"
export ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS TSAN_OPTIONS

LD_PRELOAD=$(gcc -print-file-name="lib$build.so") "$@"
status=$?
node tools/sanitizer/reports.mjs "$reports" || exit 1
exit "$status"
