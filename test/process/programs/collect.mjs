// Programs that collect garbage at unfavourable moments. Run with --expose-gc. Each prints what C saw.
import { Arena, AsyncCFunction, CFunction, dlopen, JSCallback, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { definitions, intToInt, open, path } from './fixture.mjs';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Collects all garbage, runs the finalizers, and allocates other objects where the garbage was. */
async function collect() {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await nextTurn();
  }
  globalThis.rubbish = Array.from({ length: 200 }, () => new Uint8Array(4096).fill(255));
}

/** Starts calls at a closed gate, collects garbage, opens the gate, and prints the results. */
async function meanwhile(start) {
  const lib = open();
  const gate = lib.symbols.gate_new();
  const calls = start(lib.symbols, gate);
  await collect();
  lib.symbols.gate_open(gate);
  console.log(JSON.stringify(await Promise.all(calls)));
  await collect();
}

/** Nothing but the calls refers to their arguments. */
export const argumentsOfCalls = () =>
  meanwhile(({ gate_buffer_sum, gate_string_length, gate_call }, gate) => {
    const ones = () => new Uint8Array(4096).fill(1);
    const Block = Struct({ bytes: ['C', 4096] });
    const holder = () => {
      const bytes = ones();
      return { bytes, ptr: ffi.ptr(bytes) };
    };
    const withGetter = () => {
      const bytes = ones();
      return {
        get ptr() {
          return ffi.ptr(bytes);
        },
      };
    };
    return [
      gate_buffer_sum.async(gate, ones(), 4096),
      gate_buffer_sum.async(gate, ones().buffer, 4096),
      gate_buffer_sum.async(gate, new DataView(ones().buffer, 96), 4000),
      gate_buffer_sum.async(gate, new Uint8Array(new SharedArrayBuffer(4096)).fill(1), 4096),
      gate_buffer_sum.async(gate, Block.create({ bytes: ones() }), 4096),
      gate_buffer_sum.async(gate, holder(), 4096),
      gate_buffer_sum.async(gate, withGetter(), 4096),
      gate_string_length.async(gate, 'x'.repeat(4096)),
      gate_call.async(gate, new JSCallback((n) => n + 1, { ...intToInt, threadsafe: true }), 1),
    ];
  });

/** Nothing but the value of the struct keeps alive what it points to. */
export const insideStructs = () =>
  meanwhile(({ gate_buffer_sum }, gate) => {
    const Holder = Struct({ data: 'p' });
    const value = Holder.create({ data: new Uint8Array(4096).fill(1) });
    globalThis.value = value;
    return [gate_buffer_sum.async(gate, Holder.get(value, 'data'), 4096)];
  });

/**
 * A struct that is passed by value like a bare pointer, so that functions with a `const char *` parameter accept it.
 */
const Text = Struct({ text: 's' });
const long = (letter) => letter.repeat(4096);

/**
 * Strings of structs: of the bytes of a call's argument, of a value without other references, of its copies, of an
 * arena, and of a callback's argument.
 */
export async function textsOfStructs() {
  const arena = new Arena();
  const lib = dlopen(path, {
    ...definitions,
    gate_string_length: { args: ['p', Text], returns: 'l' },
    gate_buffer_sum: { args: ['p', Text, 'L'], returns: 'L' },
    string_hash_after: { args: [Text, { args: [] }], returns: 'I' },
    call_string_copy: { args: [{ args: [Text], returns: Text }, Text, 'p', 'L'], returns: 'i' },
  });
  const { gate_new, gate_open, gate_string_length, gate_buffer_sum, string_hash_after } = lib.symbols;
  const gate = gate_new();
  const lengths = [
    gate_string_length.async(gate, { text: long('a') }),
    gate_string_length.async(gate, Text.create({ text: long('b') })),
    gate_string_length.async(gate, Text.create(Text.create({ text: long('c') }))),
    gate_string_length.async(gate, Text.fromPtr(Text.create({ text: long('d') }))),
    gate_buffer_sum.async(gate, { text: long('a') }, 4096),
  ];
  const value = Text.create({ text: long('e') });
  const { ptr } = arena.struct(Text, { text: long('f') });
  await collect();
  gate_open(gate);
  const hash = (call) => string_hash_after(...call) === string_hash_after({ text: long('g') }, () => {});
  const inSync = [hash([{ text: long('g') }, gc]), hash([Text.create({ text: long('g') }), gc])];
  const out = new Uint8Array(8192);
  const copied = lib.symbols.call_string_copy(
    ({ text }) => (gc(), { text: text + text }),
    { text: long('h') },
    out,
    8192,
  );
  console.log(JSON.stringify([await Promise.all(lengths), value.text === long('e'), Text.at(ptr).text === long('f')]));
  console.log(JSON.stringify([inSync, copied, out.lastIndexOf(104)]));
  arena.close();
  await collect();
}

/**
 * The string of a variable is kept when the variable has no other reference, and also when assigning another one fails.
 */
export async function textOfVariable() {
  const { text, text_read } = dlopen(path, { text: { type: 's' }, text_read: { returns: 's' } }).symbols;
  text.value = long('x');
  try {
    text.value = 'a\0b';
  } catch {}
  const read = [text_read];
  await collect();
  console.log(read[0]() === long('x'));
}

/** The functions themselves become garbage while they are called. */
export async function functionsOfCalls() {
  const { gate_new, gate_open } = open().symbols;
  const gate = gate_new();
  const calls = [];
  (() => {
    const lib = dlopen(path, definitions);
    calls.push(lib.symbols.gate_echo_i32.async(gate, 1));
    const echo = { args: ['p', 'i'], returns: 'i', ptr: lib.symbols.gate_echo_i32 };
    calls.push(CFunction(echo).async(gate, 2), AsyncCFunction(echo)(gate, 3));
    calls.push(lib.symbols.call_i32.async((n) => n + 3, 1));
    lib.close();
  })();
  await collect();
  gate_open(gate);
  console.log(JSON.stringify(await Promise.all(calls)));
  await collect();
}

/** No reference but C's is left to the callback, which stays open until close is called. */
export async function callbacksOfC() {
  const { call_store, call_stored } = open().symbols;
  (() => call_store(new JSCallback((n) => n + 1, intToInt)))();
  await collect();
  console.log(call_stored(1));
}

/** Symbols outlive their library object, and libraries outlive their symbols. */
export async function symbolsAndLibraries() {
  let { echo_i32 } = open().symbols;
  await collect();
  console.log(echo_i32(1));
  const lib = open();
  echo_i32 = lib.symbols.echo_i32;
  lib.close();
  await collect();
  try {
    echo_i32(1);
  } catch (error) {
    console.log(error.code);
  }
  for (let i = 0; i < 300; i++) open().symbols.echo_i32(i);
  await collect();
}

/** Callbacks collect garbage while C is on the stack, and while their arguments and results are created. */
export function insideCallbacks() {
  const { call_times, call_i32 } = open().symbols;
  const callback = new JSCallback((n) => {
    globalThis.gc();
    return call_i32((m) => (globalThis.gc(), m + 1), n);
  }, intToInt);
  console.log(call_times(callback, 20));
}

/** Calls for which the stack is exhausted somewhere on the way: what they have begun ends, and leaves nothing. */
export async function onExhaustedStacks() {
  const { symbols } = dlopen(path, definitions, { threads: 1 });
  const reasons = [];
  const callback = new JSCallback(
    (n) => {
      const reason = new Error(`call ${n}`);
      reasons.push(new WeakRef(reason));
      throw reason;
    },
    { ...intToInt, threadsafe: true },
  );
  symbols.call_store(callback);
  const promises = [];
  let [refused, left] = [0, 0];
  const call = () => {
    try {
      promises.push(symbols.call_stored.async(left--));
    } catch (error) {
      refused++;
      if (!(error instanceof RangeError)) throw error;
    }
  };
  // Each of the innermost calls of this function makes a call with a little more stack than the one before.
  const descend = () => {
    try {
      descend();
    } catch {
      // the stack is exhausted
    }
    if (left) call();
  };
  for (let turn = 0; turn < 50; turn++) {
    left = 50;
    descend();
    await Promise.allSettled(promises.splice(0));
  }
  await symbols.call_stored.async(0).catch(() => {}); // the lane has run all calls
  await collect();
  const kept = reasons.filter((reason) => reason.deref()).length;
  console.log(JSON.stringify([refused > 0, reasons.length > 0, kept]));
  symbols.call_store(null);
  callback.close();
}
