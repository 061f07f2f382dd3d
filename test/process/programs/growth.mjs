// Programs that repeat one operation, and print how much memory that took. Run with --expose-gc.
import { AsyncCFunction, CFunction, CString, JSCallback, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { intToInt, open, path } from './fixture.mjs';

const collect = async () => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve)); // finalizers run here
  }
};

/** A library that stays open for the operations that need one; for the others the library is really unmapped. */
let keptOpen;
const keptLibrary = () => (keptOpen ??= open());

/** What only an address leads to while it is read. */
let lastValue;

const operations = {
  loadAndClose() {
    ffi.close(ffi.load(path));
  },
  loadDefineCallClose() {
    const handle = ffi.load(path);
    ffi.defineFunction(handle, 'echo_string', 's', 's');
    ffi.defineFunction(handle, 'call_i32', 'k(i)ii', 'i');
    ffi.callBySig(handle, 'echo_string', [], ['text']);
    ffi.callBySig(handle, 'call_i32', [(n) => n, 1], []);
    ffi.close(handle);
  },
  dlopenAndClose() {
    const lib = open();
    lib.symbols.echo_i32(1);
    lib.symbols.call_i32((n) => n, 1);
    lib.close();
  },
  functionsForgotten() {
    const { call_i32, echo_i32 } = keptLibrary().symbols;
    const symbol = CFunction({ args: [intToInt, 'i'], returns: 'i', ptr: call_i32 });
    symbol((n) => n, 1);
    AsyncCFunction({ ...intToInt, ptr: echo_i32 }).close();
  },
  missingLibraryAndSymbol() {
    for (const fail of [
      () => ffi.load('/no/such/library.so'),
      () => ffi.getSymbolPtr(keptLibrary().handle, 'ecko_i32'),
    ]) {
      try {
        fail();
      } catch {
        continue;
      }
      throw new Error('it must throw');
    }
  },
  callbacks() {
    const callback = new JSCallback((text) => text, { args: ['s'], returns: 's' });
    callback.call('a text that is longer than what fits anywhere small');
    callback.close();
  },
  failures() {
    for (const fail of [
      () => keptLibrary().symbols.echo_i32('text'),
      () => keptLibrary().symbols.echo_string('a\0b'),
      () => keptLibrary().symbols.call_i32(() => 'text', 1),
      () => ffi.callMixed(keptLibrary().handle, 'echo_i32', '?', 'i', [1], []),
    ]) {
      try {
        fail();
      } catch {
        continue;
      }
      throw new Error('it must throw');
    }
  },
  async asyncCalls() {
    const { echo_string, call_i32, gate_string_length, echo_i32 } = keptLibrary().symbols;
    operations.gate ??= (() => {
      const gate = keptLibrary().symbols.gate_new();
      keptLibrary().symbols.gate_open(gate);
      return gate;
    })();
    await Promise.all([
      echo_string.async('x'.repeat(1000)),
      call_i32.async((n) => n, 1),
      gate_string_length.async(operations.gate, 'x'.repeat(1000)),
      echo_i32.async('wrong').catch(() => {}),
      call_i32
        .async(() => {
          throw new Error('in a callback');
        }, 1)
        .catch(() => {}),
    ]);
  },
  strings() {
    keptLibrary().symbols.echo_string('x'.repeat(10_000));
    lastValue = Struct({ text: 's' }).create({ text: Buffer.from('a text\0') });
    new CString(lastValue.ptr, 0, 8);
  },
};

/** What the host's heap has in reserve, which it takes in large pieces at times of its own, does not count. */
function bytesInUse() {
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - heapTotal + heapUsed;
}

export async function measure(name, warmUp, times) {
  const turns = async (count) => {
    for (let i = 0; i < count; i++) {
      await operations[name]();
      if (i % 100 === 99) await collect();
    }
    await collect();
  };
  await turns(Number(warmUp));
  const before = bytesInUse();
  await turns(Number(times));
  console.log(bytesInUse() - before);
}
