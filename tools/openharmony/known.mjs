// Tests that fail in the sandbox, and why: it is no device, and its C library is musl's own and not OpenHarmony's. A test that
// is named here and passes is a failure as well, so that the list stays true. A file with a text is left out as a whole.

const LONG_DOUBLE = "OpenHarmony's long double has 128 bits on x86_64, and that of the sandbox's C library has 80";

const EVERYWHERE = {
  'dlopen.test.mjs': {
    "options of dlopen > global: true exports the library's symbols to the process until it is unmapped":
      'a library that is closed in the sandbox is only told so: it stays mapped',
  },
  'raw-bridge-counts.test.mjs': {
    'a loop over the raw bridge lists what programs may use, and nothing else':
      'Bun gives a module that registers itself a property named exports',
  },
};

const X86_64 = {
  'cdef-constants.test.mjs': LONG_DOUBLE,
  'cdef-headers.test.mjs': LONG_DOUBLE,
};

/** Where no memory can be made executable. */
const NOEXEC = {
  'closed-symbols.test.mjs': {
    'a callback that closes itself while others take all closed entry points returns its result':
      'it opens more callbacks than there are without executable memory',
  },
};

const NO_RESIZING = 'the host makes resizable buffers in a way that qemu refuses, and ends';
const NO_CHILDREN = 'qemu starts no other program, here the compiler';

/** Under qemu's user mode. */
const EMULATED = {
  'batch-async.test.mjs': NO_RESIZING,
  'batch.test.mjs': NO_RESIZING,
  'buffers-in-callbacks.test.mjs': NO_RESIZING,
  'buffers-resized-in-flight.test.mjs': NO_RESIZING,
  'buffers.test.mjs': NO_RESIZING,
  'cdef-headers.test.mjs': NO_CHILDREN,
  'generated-layouts.test.mjs': NO_CHILDREN,
  'generated-structs.test.mjs': NO_CHILDREN,
  'library-lists.test.mjs': {}, // the emulated system has a file of the name that is expected
  'loading.test.mjs': {
    'a library that another one needs is named as missing': NO_CHILDREN,
    'a C++ function without extern "C" is recognised': NO_CHILDREN,
  },
};

/** What is known of an ABI: by file, the reason for each test, whose name is without the seed of random ones. */
export const knownFor = (abi, isNoexec) => ({
  ...EVERYWHERE,
  ...(abi === 'x86_64' && X86_64),
  ...(isNoexec && NOEXEC),
  ...(abi === 'arm64-v8a' && EMULATED),
});
