#!/bin/sh
# Runs the core's tests as 64-bit ARM code on any Debian machine: cross-compiled, and under qemu's user-mode emulation.
#
#   apt-get install qemu-user-static gcc-aarch64-linux-gnu libc6-dev-arm64-cross     once
#   tools/test-aarch64.sh [ctest's arguments]
#
# apt-get fetches libffi and cmocka for ARM into build/aarch64, separate from the packages installed on the machine.
set -eu
cd "$(dirname "$0")/.."
build=$PWD/build/aarch64
root=$build/root

command -v qemu-aarch64-static aarch64-linux-gnu-gcc >/dev/null || {
  sed -n 's/^#   apt-get/apt-get/p' "$0"
  exit 1
}

if [ ! -d "$root" ]; then
  mkdir -p "$build/apt/lists/partial" "$build/apt/cache/archives/partial"
  cd "$build/apt"
  apt="-o Dir::State::Lists=$PWD/lists -o Dir::Cache=$PWD/cache -o APT::Architecture=arm64 -o APT::Architectures=arm64"
  # shellcheck disable=SC2086
  apt-get $apt update >/dev/null
  # shellcheck disable=SC2086
  apt-get $apt download libffi-dev:arm64 libcmocka-dev:arm64 libcmocka0:arm64 >/dev/null 2>&1
  for package in *.deb; do dpkg -x "$package" "$root"; done
  cd - >/dev/null
fi

lib=$root/usr/lib/aarch64-linux-gnu
cmake -S core -B "$build" -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
  -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc \
  -DCMAKE_CROSSCOMPILING_EMULATOR="qemu-aarch64-static;-L;/usr/aarch64-linux-gnu;-E;LD_LIBRARY_PATH=$lib" \
  -DARKFFI_LIBFFI="$lib/libffi.a" -DARKFFI_LIBFFI_INCLUDE="$root/usr/include/aarch64-linux-gnu" \
  -DCMOCKA_INCLUDE="$root/usr/include" -DCMOCKA_LIBRARY="$lib/libcmocka.so.0" >/dev/null
cmake --build "$build" -j "$(nproc)" >/dev/null
# Two tests are left out: find_test looks for libraries in the system's folders, which are not ARM's here, and
# memory_test has the kernel deny system calls, which the emulation ignores.
exec ctest --test-dir "$build" --output-on-failure -E 'core/(find_library|memory_access)_test' "$@"
