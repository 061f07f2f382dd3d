#!/bin/sh
# Compiles everything, tests included, with warnings as errors, and with each compiler that is named.
#
#   tools/warnings.sh COMPILER...    such as gcc-12, clang-19
#
# gcc-14 is the compiler of Debian 13, for which a root of that release is made in build/debian13, by debootstrap, as root.
set -eu
cd "$(dirname "$0")/.."

# compile COMPILER FOLDER [COMMAND...]    COMMAND runs cmake somewhere else
compile() {
  compiler=$1 folder=$2
  shift 2
  tools/quiet.sh "configure with $compiler" "$@" cmake -S . -B "$folder" -DCMAKE_C_COMPILER="$compiler" -DARKFFI_WERROR=ON
  tools/quiet.sh "compile with $compiler" "$@" cmake --build "$folder"
}

debian_mirror() {
  apt-get indextargets --format '$(REPO_URI)' | grep -E '/debian/?$' | head -n 1
}

with_debian13() {
  root=$PWD/build/debian13
  [ "$(id -u)" = 0 ] || { echo "warnings: gcc-14 needs root, for debootstrap and chroot" >&2; exit 1; }
  if [ ! -e "$root/.complete" ]; then
    rm -rf "$root"
    tools/quiet.sh 'install Debian 13 in a folder' debootstrap --variant=minbase \
      --include=gcc,cmake,make,libc6-dev,libffi-dev,libcmocka-dev trixie "$root" "$(debian_mirror)"
    touch "$root/.complete"
  fi
  mkdir -p "$root/arkffi/node_modules"
  git ls-files -co --exclude-standard -- CMakeLists.txt '*.c' '*.h' '*.def' '*.map' '*.cmake' '*CMakeLists.txt' |
    tar -cf - -T - | tar -xf - -C "$root/arkffi" --no-same-owner
  cp -R node_modules/node-api-headers "$root/arkffi/node_modules"
  compile gcc-14 build/gcc-14 chroot "$root" env -C /arkffi
}

for compiler in "$@"; do
  case $compiler in
  gcc-14) with_debian13 ;;
  *) compile "$compiler" "build/warnings/$compiler" ;;
  esac
  echo "warnings: none with $compiler"
done
