// Tests that fail in the sandbox, and why: it is no device, and its C library is musl's own and not OpenHarmony's. A test that
// is named here and passes is a failure as well, so that the list stays true. A file with a text is left out as a whole.

const MUSL = 'musl has one library without a version, which answers to the names of all its parts';
const HOST = 'the host is linked otherwise than an application is: its own symbols come first';

const EVERYWHERE = {
  'cdef-headers.test.mjs': {
    'functions declared by system headers > functions and constants of <zlib.h> work':
      'there is no zlib in the sandbox',
    'functions declared by system headers > functions and constants of <sqlite3.h> work':
      'there is no SQLite in the sandbox',
  },
  'dlopen.test.mjs': {
    "options of dlopen > global: true exports the library's symbols to the process while it is open": HOST,
    'a library that exports the same symbol as the process > the function of the C library is called with deep: false':
      HOST,
  },
  'libraries.test.mjs': {
    'a library that is missing > a name without its version or without lib and .so leads to the file': MUSL,
  },
  'library-lists.test.mjs': {
    'findLibrary > findLibrary returns the name with its version, which dlopen can open': MUSL,
  },
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
  ...(isNoexec && NOEXEC),
  ...(abi === 'arm64-v8a' && EMULATED),
});
