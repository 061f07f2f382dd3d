// Programs that collect garbage at bad moments. Run with --expose-gc. Each prints what C made of it all.
import { Arena, AsyncCFunction, CFunction, dlopen, JSCallback, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { definitions, intToInt, open, path } from './fixture.mjs';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Collects all there is, runs the finalizers, and puts other things where the garbage was. */
async function collect() {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await turn();
  }
  globalThis.rubbish = Array.from({ length: 200 }, () => new Uint8Array(4096).fill(255));
}

/** Starts calls at a closed gate, collects, opens it, and prints the results. */
async function meanwhile(start) {
  const lib = open();
  const gate = lib.symbols.gate_new();
  const calls = start(lib.symbols, gate);
  await collect();
  lib.symbols.gate_open(gate);
  console.log(JSON.stringify(await Promise.all(calls)));
  await collect();
}

/** The only ones who have the arguments are the calls. */
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

/** A struct's value keeps what it points to, and that is all that keeps it. */
export const insideStructs = () =>
  meanwhile(({ gate_buffer_sum }, gate) => {
    const Holder = Struct({ data: 'p' });
    const value = Holder.create({ data: new Uint8Array(4096).fill(1) });
    globalThis.value = value;
    return [gate_buffer_sum.async(gate, Holder.get(value, 'data'), 4096)];
  });

/** By value it lies where a bare pointer would, so that functions of `const char *` take it. */
const Text = Struct({ text: 's' });
const long = (letter) => letter.repeat(4096);

/** Texts of structs: of the bytes that a call takes, of a value alone, of its copies, of an arena, and of a callback's. */
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

/** The text of a variable stays when nobody has the variable any more, and also where the assignment of another fails. */
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

/** The functions themselves are garbage while they are called. */
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

/** Nobody but C has the callback: it stays, because only close ends it. */
export async function callbacksOfC() {
  const { call_store, call_stored } = open().symbols;
  (() => call_store(new JSCallback((n) => n + 1, intToInt)))();
  await collect();
  console.log(call_stored(1));
}

/** Symbols that outlive their library, and libraries that outlive their symbols. */
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

/** Callbacks collect garbage while C is on the stack, and their arguments and results are made meanwhile. */
export function insideCallbacks() {
  const { call_times, call_i32 } = open().symbols;
  const callback = new JSCallback((n) => {
    globalThis.gc();
    return call_i32((m) => (globalThis.gc(), m + 1), n);
  }, intToInt);
  console.log(call_times(callback, 20));
}
