// What `make prebuilds` builds, by the names of the folders in prebuilds/: <process.platform>-<process.arch>, and for Linux
// the C library.

/** glibc's version by which the modules are linked: they run with this one and every newer one. Node.js 20 needs 2.28. */
export const GLIBC = '2.17';

/** The oldest macOS on which the modules load: the first one on ARM, and what Node.js 22 needs. */
export const MACOS = '11.0';

/** What every Windows has in its own folder. The functions of Node-API are looked for in the program, see bridge/env/imports.c. */
const WINDOWS_LIBRARIES = /^(kernel32|advapi32|msvcrt)\.dll$/i;

/**
 * For each target the format of its file, which says how it is checked, the name by which the cross compiler knows it (with
 * the version of glibc or macOS), the names of the system and of the processor that CMake and the tools for the format have,
 * and the libraries that the module may need where it runs.
 */
export const TARGETS = {
  'linux-x64-glibc': {
    format: 'elf',
    zig: `x86_64-linux-gnu.${GLIBC}`,
    system: 'Linux',
    processor: 'x86_64',
    machine: 'Advanced Micro Devices X86-64',
    libraries: /^(libc|libm|libdl|libpthread|ld-linux-x86-64)\.so\.\d$/,
  },
  'linux-x64-musl': {
    format: 'elf',
    zig: 'x86_64-linux-musl',
    system: 'Linux',
    processor: 'x86_64',
    machine: 'Advanced Micro Devices X86-64',
    libraries: /^libc\.so$/,
  },
  'linux-arm64-glibc': {
    format: 'elf',
    zig: `aarch64-linux-gnu.${GLIBC}`,
    system: 'Linux',
    processor: 'aarch64',
    machine: 'AArch64',
    libraries: /^(libc|libm|libdl|libpthread|ld-linux-aarch64)\.so\.\d$/,
  },
  'linux-arm64-musl': {
    format: 'elf',
    zig: 'aarch64-linux-musl',
    system: 'Linux',
    processor: 'aarch64',
    machine: 'AArch64',
    libraries: /^libc\.so$/,
  },
  'darwin-x64': {
    format: 'macho',
    zig: `x86_64-macos.${MACOS}-none`,
    system: 'Darwin',
    processor: 'x86_64',
    machine: 'X86_64',
    libraries: /^\/usr\/lib\/libSystem\.B\.dylib$/,
  },
  'darwin-arm64': {
    format: 'macho',
    zig: `aarch64-macos.${MACOS}-none`,
    system: 'Darwin',
    processor: 'arm64',
    machine: 'ARM64',
    libraries: /^\/usr\/lib\/libSystem\.B\.dylib$/,
  },
  'win32-x64': {
    format: 'pe',
    zig: 'x86_64-windows-gnu',
    system: 'Windows',
    processor: 'AMD64',
    machine: 'AMD64',
    libraries: WINDOWS_LIBRARIES,
  },
  'win32-arm64': {
    format: 'pe',
    zig: 'aarch64-windows-gnu',
    system: 'Windows',
    processor: 'ARM64',
    machine: 'ARM64',
    libraries: WINDOWS_LIBRARIES,
  },
};
