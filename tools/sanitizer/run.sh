#!/bin/sh
# Runs a command, and all it starts, on a build with AddressSanitizer and UndefinedBehaviorSanitizer.
#
#   tools/sanitizer/run.sh COMMAND...              programs that were built so
#   tools/sanitizer/run.sh --preload COMMAND...    Node.js, which was not, loading a native module that was
#
# The sanitizer's runtime must be in a process before the module is. A child that is to load the module too must
# inherit the environment.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

# Allocations may fail, because tests ask for more memory than there is.
ASAN_OPTIONS="allocator_may_return_null=1:strict_string_checks=1:detect_stack_use_after_return=1:malloc_context_size=16"
if [ "$1" = --preload ]; then
  shift
  # Leaks are looked for in programs that have a <name>.options here, and no others: the shells and compilers that
  # tests start leak as a habit.
  ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0:include_if_exists=$here/%b.options"
  LD_PRELOAD=$(gcc -print-file-name=libasan.so)
  export LD_PRELOAD
fi
LSAN_OPTIONS="suppressions=$here/lsan.supp:print_suppressions=0"
UBSAN_OPTIONS="print_stacktrace=1"
export ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS
exec "$@"
