// What the tests of lifetimes share: libraries that end when a test says so, and calls that last as long as it wants.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { fixture, isWarm } from './support.mjs';

/** A folder of this process's own, which ends with it. */
export const ownFolder = mkdtempSync(join(tmpdir(), 'arkffi-'));
process.on('exit', () => rmSync(ownFolder, { recursive: true, force: true }));

let copies = 0;

/** The path of a copy of the fixture library: nobody else has it open, so it is unmapped when the test closes it. */
export function ownFixture(name = `copy${++copies}.so`) {
  const path = join(ownFolder, name);
  copyFileSync(fixture, path);
  return path;
}

/** Tells when a library of `ownFixture` is unmapped. Needs the handle open, and somebody who keeps what it returns. */
export function watchUnmapping(handle) {
  const flag = new Uint8Array(1);
  ffi.callMixed(handle, 'unload_report_to', 'p', 'v', [flag], []);
  return {
    get isUnmapped() {
      return flag[0] === 1;
    },
    /** Must be called before the flag goes, unless it is unmapped. */
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

/** Where the fixture's gate_… functions wait, of any copy of the library, until a test opens it. */
export class Gate {
  ptr = gates.gate_new();

  /** Returns when `count` calls have come as far as the gate. */
  await(count = 1) {
    gates.gate_await(this, count);
  }

  /** How many calls wait there now. */
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

  /** When nobody waits any more. */
  free() {
    gates.gate_free(this);
  }

  /** Runs a test with a gate of its own. */
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

/** Lets the event loop go round once. */
export const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** As `check`, for cases that cost much, as opening a library does: when warm only often enough to show what adds up. */
export async function repeat(fn, times = 100) {
  for (let i = 0; isWarm && i < times; i++) await fn();
  await fn();
}

/** Makes a callback for the body, and closes it afterwards. */
export function usingCallback(fn, definition, body) {
  const callback = new JSCallback(fn, definition);
  try {
    return body(callback);
  } finally {
    callback.close();
  }
}
