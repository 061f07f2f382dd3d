// The model of a random sequence: what is open, what each piece of memory has to contain, and what every call in
// flight has to give.
import assert from 'node:assert/strict';
import { dlopen } from 'arkffi';
import ffi from 'liblibrary.so';
import { Random } from './random.mjs';

export const fixture = process.env.ARKFFI_FIXTURE;
assert.ok(fixture, 'ARKFFI_FIXTURE must be the path of libarkffi_fixture.so');

const DEEPEST = 3; // levels of callbacks in which operations run
const MOST = 12; // objects of a kind that are open at once

/** An error that is no fault of arkffi's: what a callback of the sequence throws. */
export class Thrown extends Error {}

/** Whether an error is the wanted one: the value itself, an error with that code, or one of a list of these. */
const isWanted = (error, wanted) => [wanted].flat().some((one) => one === error || one === error?.code);

/** Asserts that `fn` throws an error with this code, or the value itself; `wanted` may be a list. */
export function refuses(fn, wanted) {
  let result;
  try {
    result = fn();
  } catch (error) {
    if (isWanted(error, wanted)) return;
    throw new Error(`${[wanted].flat().join(' or ')} is expected`, { cause: error });
  }
  throw new Error(`${[wanted].flat().join(' or ')} is expected, got ${String(result)}`);
}

export class World {
  /** `operations` are functions that take a world; their keys are their names. */
  constructor(operations) {
    this.operations = operations;
    this.names = Object.keys(operations);
    this.depth = 0;
    this.libraries = [];
    this.callbacks = [];
    this.buffers = [];
    this.arenas = [];
    this.structs = [];
    this.blocks = [];
    this.gates = [];
    this.inFlight = new Set();
    this.failures = [];
    this.posters = [];
    this.posted = { sent: 0, received: 0 };
    // This library stays open, so that addresses in it stay valid. The one of `libraries` come and go.
    this.base = dlopen(fixture, {
      gate_new: { returns: 'p' },
      gate_free: { args: ['p'] },
      gate_open: { args: ['p'] },
    }).symbols;
    this.handle = ffi.load(fixture);
  }

  /** Runs one operation, chosen by the seed alone, so that leaving a step out does not change the choices of others. */
  step(seed, index) {
    this.random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    for (let i = 0; i < 3; i++) this.random.bits();
    return this.any();
  }

  any() {
    const name = this.random.pick(this.names);
    this.trace?.(`${'  '.repeat(this.depth)}${name}`);
    return this.operations[name](this);
  }

  /** Runs some operations, as JavaScript that C has called. */
  nested() {
    if (this.depth >= DEEPEST) return;
    this.depth++;
    try {
      for (let left = this.random.below(4); left > 0; left--) this.any();
    } finally {
      this.depth--;
    }
  }

  /** Adds an object to one of the lists, and drops the oldest if there are too many. `end` ends the one that leaves. */
  keep(list, object, end = () => {}) {
    list.push(object);
    if (list.length > MOST) end(list.shift());
    return object;
  }

  /** Checks what a Promise gives later: `value` is a function that asserts the value; `code` is that of a rejection. */
  later(promise, { value, code }) {
    assert.ok(promise instanceof Promise, 'an async call gives a Promise');
    const { stack } = new Error('the call');
    const checked = promise
      .then(
        (result) => {
          if (!value) throw new Error(`${code} is expected, got ${String(result)}`);
          value(result);
        },
        (error) => {
          if (code === undefined || !isWanted(error, code)) throw error;
        },
      )
      .catch((error) => this.failures.push(new Error('an async call', { cause: error, stack })))
      .finally(() => this.inFlight.delete(checked));
    this.inFlight.add(checked);
  }

  /** Waits for every call in flight, after all gates have been opened. */
  async settle() {
    while (this.inFlight.size || this.gates.length) {
      for (const gate of this.gates) this.base.gate_open(gate);
      await Promise.all([...this.inFlight]);
      // Operations in callbacks may have made further gates meanwhile.
      const opened = this.gates.filter((gate) => !this.inFlight.size && this.base.gate_open(gate) === undefined);
      for (const gate of opened) this.base.gate_free(gate);
      this.gates = this.gates.filter((gate) => !opened.includes(gate));
    }
    if (this.failures.length) throw this.failures[0];
  }
}
