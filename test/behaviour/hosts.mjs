// Differences between hosts that tests depend on. Each value is false, or the reason for which a test is skipped.
import { rmSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { findLibrary } from 'arkffi';

const isBun = 'Bun' in globalThis;
const isNode = !isBun && !('Deno' in globalThis);

/** The tests of what only some systems have ask for it. */
export const isWindows = process.platform === 'win32';

/** Whether a library can be opened without some function that it needs, or call that of another library instead of its own. */
export const resolvesAtOnce =
  isWindows &&
  'Windows resolves all functions of a library when it is opened, each in the library that the linker found';

/** Why cdef refuses complex numbers of long double. */
export const complexLongDoubleRefusal = isWindows
  ? 'compilers for Windows disagree about long double'
  : 'long double _Complex has no type here';

export const hasNoGlobalScope = isWindows && 'Windows has no global scope: dlopen(null) looks in every library';

/** Removes a folder and what is in it. On Windows the files of libraries that are still open stay. */
export function removeFolder(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (!isWindows) throw error;
  }
}

/** Async calls work on the buffer itself only where V8 can be made to keep its memory: docs/async.md. */
export const copiesInFlight =
  (!isNode || isWindows) && 'on this host C works on a copy of a buffer while an async call runs';

/** The command that runs programs of this platform: empty, except where the platform is emulated. */
export const emulator = process.env.ARKFFI_EMULATOR?.split(' ') ?? [];

/** The command with which the host runs a program in a process of its own. */
export const runCommand = [
  ...emulator,
  process.execPath,
  ...('Deno' in globalThis ? ['run', '--quiet', '--no-lock', '--allow-all'] : []),
];

export const hasNoPermissions = !('Deno' in globalThis) && 'only Deno lets a program give up a permission';

export const hidesEnvironment = isBun && 'Bun does not pass changes of process.env on to C';

export const inlinesFunctions = isBun && 'Bun inlines functions, which then lose the names of their variables';

/** tools/openharmony/test.mjs sets the variable under qemu, which refuses what Bun does for such a buffer; Bun then ends. */
export const cannotResize =
  (ArrayBuffer.prototype.resize === undefined || process.env.ARKFFI_TEST_RESIZE === 'no') &&
  'buffers cannot be made resizable here';

/** OpenHarmony's loader is its own, and unmaps libraries; tools/openharmony/test.mjs sets the variable. */
const isOpenHarmony = process.env.ARKFFI_TEST_SYSTEM === 'OpenHarmony';

/** musl is the C library. */
export const isMusl = isOpenHarmony || findLibrary('c') === 'libc.so';

/** musl's parts have no version in their names. tools/openharmony/test.mjs says where the machine's own folders are seen. */
export const hasMuslNames = isMusl && process.env.ARKFFI_TEST_FOLDERS !== 'machine';

export const runsNoPrograms = isOpenHarmony && 'the host of these tests does not run without its sandbox';

export const neverUnmaps = isMusl && !isOpenHarmony && 'the loader of musl never unmaps a library';

export const lacksCoroutines = isMusl && 'musl has no makecontext';

export const lacksOwnStacks =
  isWindows && 'Windows has no signals, and its fibers no stacks that the program gives them';

export const lacksDprintf = isWindows && 'Windows has neither open nor dprintf';

export const lacksVersion = isMusl && 'musl has no gnu_get_libc_version';

export const tracesDiffer = isBun && 'the lines of a stack trace differ from those of V8';

/** The host's pool has no fixed threads. */
export const changesThreads = 'Deno' in globalThis && 'Deno ends threads of its pool and starts new ones';

export const hasOwnFiles = 'Deno' in globalThis && "Deno's file descriptors are not those of the process";

export const ignoresReturnedObject =
  isBun && 'in Bun, `new` gives the object that Bun created, whatever the native function returns';

function exposeCollector() {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

/** Collects garbage, synchronously. */
export const collectGarbage = isBun ? () => globalThis.Bun.gc(true) : exposeCollector();

/** The name of the engine by which the host itself calls C, if it compiles code; undefined where there is none. */
export const hostEngine =
  'Deno' in globalThis && process.platform === 'linux'
    ? 'deno'
    : isBun && process.env.BUN_JSC_useJIT !== '0'
      ? 'bun'
      : undefined;

/** The JavaScript engine uses a part of the stack only. */
export const hasStackOfV8 = !isBun;

/** The JavaScript engine uses all of the stack. */
export const hasOtherStack = isBun;
