// What `make prebuilds` builds, by the names of the folders in prebuilds/: <process.platform>-<process.arch>, and for Linux
// the C library. Windows and macOS get their places here: a target needs a compiler, and the check of its
// file's format.

/** glibc's version by which the modules are linked: they run with this one and every newer one. Node.js 20 needs 2.28. */
export const GLIBC = '2.17';

/**
 * For each target the name by which the cross compiler knows it (with the version of glibc), CMake's and readelf's names of
 * the processor, and the libraries that the module may need where it runs.
 */
export const TARGETS = {
  'linux-x64-glibc': {
    zig: `x86_64-linux-gnu.${GLIBC}`,
    processor: 'x86_64',
    machine: 'Advanced Micro Devices X86-64',
    libraries: /^(libc|libm|libdl|libpthread|ld-linux-x86-64)\.so\.\d$/,
  },
  'linux-x64-musl': {
    zig: 'x86_64-linux-musl',
    processor: 'x86_64',
    machine: 'Advanced Micro Devices X86-64',
    libraries: /^libc\.so$/,
  },
  'linux-arm64-glibc': {
    zig: `aarch64-linux-gnu.${GLIBC}`,
    processor: 'aarch64',
    machine: 'AArch64',
    libraries: /^(libc|libm|libdl|libpthread|ld-linux-aarch64)\.so\.\d$/,
  },
  'linux-arm64-musl': {
    zig: 'aarch64-linux-musl',
    processor: 'aarch64',
    machine: 'AArch64',
    libraries: /^libc\.so$/,
  },
};
