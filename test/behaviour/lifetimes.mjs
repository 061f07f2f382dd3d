// Shared by the tests of lifetimes: libraries that are unmapped when a test closes them, and calls that last until a
// test ends them.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { neverUnmaps, removeFolder } from './hosts.mjs';
import { fixture, isWarm } from './support.mjs';

/** A folder that only this process uses, and removes on exit. */
export const ownFolder = mkdtempSync(join(tmpdir(), 'arkffi-'));
process.on('exit', () => removeFolder(ownFolder));

let copies = 0;

/**
 * The path of a new copy of the fixture library. No other code has it open, so it is unmapped when the test closes it.
 */
export function ownFixture(name = `copy${++copies}.so`) {
  const path = join(ownFolder, name);
  copyFileSync(fixture, path);
  return path;
}

/** Whether the loader unmaps a library that is closed. */
export const unmaps = !neverUnmaps;

/** What the destructors of libraries that are never unmapped write to, at the end of the process. */
const kept = [];

/**
 * Reports when a library of `ownFixture` has been unmapped. Needs the handle open, and a reference to the returned
 * object until then.
 */
export function watchUnmapping(handle) {
  const flag = new Uint8Array(1);
  if (!unmaps) kept.push(flag);
  ffi.callMixed(handle, 'unload_report_to', 'p', 'v', [flag], []);
  return {
    get isUnmapped() {
      return flag[0] === 1;
    },
    /** Asserts that the library has been unmapped; where the loader never does that, that it is still there. */
    assertUnmapped: (message) => assert.equal(flag[0] === 1, unmaps, message),
    /** Lets the event loop turn until the library has been unmapped; only once where the loader never does that. */
    async untilUnmapped() {
      do await nextTurn();
      while (unmaps && flag[0] !== 1);
    },
    /**
     * Ends the report; must be called before the returned object is collected, unless the library is unmapped already.
     */
    stop: () => ffi.callMixed(handle, 'unload_report_to', 'p', 'v', [null], []),
  };
}

const gates = dlopen(fixture, {
  gate_new: { returns: 'p' },
  gate_free: { args: ['p'] },
  gate_open: { args: ['p'] },
  gate_waiting: { args: ['p'], returns: 'i' },
  gate_await: { args: ['p', 'i'] },
}).symbols;

/** A gate at which the fixture's gate_… functions, of any copy of the library, wait until a test opens it. */
export class Gate {
  ptr = gates.gate_new();

  /** Blocks until `count` calls have reached the gate. */
  await(count = 1) {
    gates.gate_await(this, count);
  }

  /** How many calls wait at the gate now. */
  get waiting() {
    return gates.gate_waiting(this);
  }

  /** As `await`, while the event loop turns. */
  async reached(count = 1) {
    while (this.waiting < count) await nextTurn();
  }

  open() {
    gates.gate_open(this);
  }

  /** Frees the gate; no thread may wait at it. */
  free() {
    gates.gate_free(this);
  }

  /** Runs `body` with a gate of its own, which is opened and freed afterwards. */
  static async use(body) {
    const gate = new Gate();
    try {
      await body(gate);
    } finally {
      gate.open();
    }
    gate.free();
  }
}

/** Lets the event loop turn once. */
export const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/**
 * As `check`, for expensive cases such as opening a library: when warm, it repeats only often enough to show what
 * accumulates.
 */
export async function repeat(fn, times = 100) {
  for (let i = 0; isWarm && i < times; i++) await fn();
  await fn();
}

/** Makes a callback for `body`, and closes it afterwards. */
export function usingCallback(fn, definition, body) {
  const callback = new JSCallback(fn, definition);
  try {
    return body(callback);
  } finally {
    callback.close();
  }
}
