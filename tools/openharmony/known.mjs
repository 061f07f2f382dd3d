// Tests that fail in the sandbox, and why: it is no device, and its C library is musl's own and not OpenHarmony's. A test that
// is named here and passes is a failure as well, so that the list stays true. A file with a text is left out as a whole.
import { isEmulated } from './sandbox.mjs';

const NO_LIBRARY = 'the sandbox has the headers of Debian, and not the library';

const EVERYWHERE = {
  'cdef-headers.test.mjs': {
    'functions declared by system headers > functions and constants of <zlib.h> work': NO_LIBRARY,
    'functions declared by system headers > functions and constants of <sqlite3.h> work': NO_LIBRARY,
  },
  'dlopen.test.mjs': {
    "options of dlopen > global: true exports the library's symbols to the process until it is unmapped":
      'a library that is closed in the sandbox is only told so: it stays mapped',
  },
  'raw-bridge-counts.test.mjs': {
    'a loop over the raw bridge lists what programs may use, and nothing else':
      'Bun gives a module that registers itself a property named exports',
  },
};

/** Where no memory can be made executable. */
const NOEXEC = {
  'closed-symbols.test.mjs': {
    'a callback that closes itself while others take all closed entry points returns its result':
      'it opens more callbacks than there are without executable memory',
  },
};

/** Under qemu's user mode. */
const EMULATED = {
  'cdef-headers.test.mjs': {
    ...EVERYWHERE['cdef-headers.test.mjs'],
    'functions declared by system headers > functions and structs of <sys/stat.h> work':
      "the headers are the machine's own, and struct stat is another on each processor",
  },
};

/** What is known of an ABI: by file, the reason for each test. */
export const knownFor = (abi, isNoexec) => ({
  ...EVERYWHERE,
  ...(isNoexec && NOEXEC),
  ...(isEmulated(abi) && EMULATED),
});
