// Where hosts differ by their nature, and tests must know. Each value is false, or the reason for which a test is skipped.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const isBun = 'Bun' in globalThis;
const isNode = !isBun && !('Deno' in globalThis);

/** Async calls get the buffer itself only where V8 can be asked to keep its memory: docs/async.md. */
export const copiesInFlight = !isNode && 'here C works on a copy of a buffer while an async call runs';

export const hidesEnvironment = isBun && 'Bun does not tell C what a program changes in process.env';

export const inlinesFunctions = isBun && "Bun puts functions where they are used, and they lose their variables' names";

export const tracesDiffer = isBun && 'the lines of a trace are others than those of V8';

/** The host's pool has no fixed threads. */
export const changesThreads = 'Deno' in globalThis && 'Deno ends the threads of its pool and starts others';

export const hasOwnFiles = 'Deno' in globalThis && "Deno's file descriptors are not the process's";

export const ignoresAnswers = isBun && '`new` gives the object that Bun made, whatever a native function answers';

function exposeCollector() {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

/** Collects garbage. */
export const collectGarbage = isBun ? () => globalThis.Bun.gc(true) : exposeCollector();
