// alloc, free, toArrayBuffer, and the arena.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alloc, Arena, dlopen, free, read, Struct, toArrayBuffer, write } from 'arkffi';
import ffi from 'liblibrary.so';
import { collectGarbage, isWindows } from './hosts.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Collects garbage until the condition holds; the runner's timeout ends a test that waits in vain. */
async function collectUntil(hasHappened) {
  while (!hasHappened()) {
    collectGarbage();
    await nextTurn();
  }
}

const Point = Struct({ x: 'i', y: 'i' }, { name: 'Point' });
const Complex = Struct({ re: 'd', im: 'd' });
const { symbols } = dlopen(fixture, {
  buffer_sum: { args: ['p', 'L'], returns: 'L' },
  buffer_count_up: { args: ['p', 'L'] },
  string_length: { args: ['p'], returns: 'l' },
  pointer_strings_length: { args: ['p'], returns: 'l' },
  point_swap: { args: ['p'] },
  complex_multiply: { args: [Complex, Complex], returns: Complex },
  gate_new: { returns: 'p' },
  gate_free: { args: ['p'] },
  gate_open: { args: ['p'] },
  gate_await: { args: ['p', 'i'] },
  gate_buffer_sum: { args: ['p', 'p', 'L'], returns: 'L' },
});

describe('alloc', () => {
  test('alloc gives zeroed memory, aligned for any type, that is usable until free', () =>
    check(() => {
      for (const size of [1, 8, 100, 65536]) {
        const address = alloc(size);
        assert.equal(address % 16, 0);
        assert.equal(symbols.buffer_sum(address, size), 0);
        write.u8(address, size - 1, 5);
        assert.equal(symbols.buffer_sum(address, size), 5);
        assert.equal(free(address), undefined);
      }
    }, 10));

  test('alloc(0) gives a distinct address that can be freed', () =>
    check(() => {
      const [one, other] = [alloc(0), alloc(0)];
      assert.notEqual(one, other);
      free(one);
      free(BigInt(other));
    }, 10));

  test('alloc gives memory from malloc, which C may free', () => {
    const libc = dlopen(null, { free: { args: ['p'] }, realloc: { args: ['p', 'L'], returns: 'p' } });
    return check(() => {
      const address = libc.symbols.realloc(alloc(16), 32);
      libc.symbols.free(address);
    }, 10);
  });

  test('alloc refuses invalid sizes, and sizes beyond the memory there is', () =>
    check(() => {
      for (const size of [-1, 0.5, NaN, 2 ** 60])
        throws(() => alloc(size), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^alloc: argument 1: / });
      for (const size of [undefined, null, '8', 8n, {}])
        throws(() => alloc(size), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      throws(() => alloc(2 ** 52), { code: 'ERR_FFI_NO_MEMORY', message: /no memory for 4503599627370496 bytes/ });
    }, 10));

  test('memory with an owner is freed once the owner has been collected', async () => {
    const before = alloc(1 << 20);
    free(before);
    let address;
    (() => {
      const owner = {};
      address = alloc(1 << 20, { owner });
      write.i32(address, 7);
      assert.equal(read.i32(address), 7);
      assert.ok(owner);
    })();
    const isFreed = () => {
      try {
        free(address);
        address = alloc(1 << 20, { owner: {} });
        return false;
      } catch (error) {
        return error.code === 'ERR_FFI_INVALID_ARG_TYPE';
      }
    };
    // Checking whether the memory is freed frees it, so each check allocates again: eventually one allocation is
    // collected before the check.
    for (let i = 0; i < 20; i++) (collectGarbage(), await nextTurn());
    await collectUntil(isFreed);
  });

  test('memory with an owner may be freed explicitly, and then the owner frees nothing', async () => {
    let collected = false;
    const watch = new FinalizationRegistry(() => (collected = true));
    (() => {
      const owner = {};
      watch.register(owner, 0);
      free(alloc(64, { owner }));
    })();
    await collectUntil(() => collected);
    await nextTurn();
  });

  test('alloc refuses owners that are not objects, and unknown options', () =>
    check(() => {
      for (const owner of [null, 1, 'x', true, Symbol('x')]) {
        throws(() => alloc(1, { owner }), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: /^alloc: options\.owner: expected an object/,
        });
      }
      throws(() => alloc(1, { onwer: {} }), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /did you mean 'owner'/ });
      throws(() => alloc(1, null), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^alloc: options: / });
    }, 10));
});

test('free ignores NULL, and refuses addresses that are free already or were never allocated', () =>
  check(() => {
    free(0);
    free(null);
    const address = alloc(8);
    free(address);
    for (const wrong of [address, address + 8, 65536, 1]) {
      throws(() => free(wrong), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^free: argument 1: \d+ is nothing that alloc gave/,
      });
    }
    throws(() => free('x'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    throws(() => free(new Uint8Array(8)), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
  }, 10));

describe('toArrayBuffer', () => {
  test("toArrayBuffer makes no copy: JavaScript and C see each other's writes", () =>
    check(() => {
      const address = alloc(16);
      const buffer = toArrayBuffer(address, 16);
      assert.ok(buffer instanceof ArrayBuffer);
      assert.equal(buffer.byteLength, 16);
      assert.equal(ffi.ptr(buffer), address);
      const bytes = new Uint8Array(buffer);
      symbols.buffer_count_up(address, 16);
      assert.deepEqual(
        [...bytes],
        Array.from({ length: 16 }, (_, i) => i),
      );
      bytes.fill(2);
      assert.equal(symbols.buffer_sum(address, 16), 32);
      assert.equal(symbols.buffer_sum(buffer, 16), 32);
      free(address);
    }, 20));

  test('the finalizer is called once, with the address, when the buffer has been collected', async () => {
    const freed = [];
    const addresses = [alloc(64), alloc(64)];
    (() => {
      for (const address of addresses) toArrayBuffer(address, 64, (at) => freed.push(at));
    })();
    await collectUntil(() => freed.length === 2);
    assert.deepEqual(freed.sort(), addresses.sort());
    addresses.forEach((address) => free(address));
  });

  test('a buffer of length 0 is empty, and its finalizer is still called', async () => {
    let freed;
    (() => assert.equal(toArrayBuffer(65536, 0, (at) => (freed = at)).byteLength, 0))();
    await collectUntil(() => freed !== undefined);
    assert.equal(freed, 65536);
    assert.equal(toArrayBuffer(0, 0).byteLength, 0);
  });

  test("a length beyond the host's limit for buffers is an error, and calls no finalizer", async () => {
    const address = alloc(64);
    let isRefused = false;
    let freed = 0;
    for (let i = 0; i < 20; i++) {
      try {
        toArrayBuffer(address, 2 ** 40, () => freed++);
      } catch (error) {
        isRefused = true;
        assert.equal(error.code, 'ERR_FFI_OUT_OF_RANGE');
        assert.match(error.message, /^toArrayBuffer: argument 2: this host has no buffers of 1099511627776 bytes$/);
      }
    }
    // Had the host queued the finalizer nevertheless, it would run in the next turns of the event loop. A host without
    // such a limit has made the buffers.
    for (let i = 0; i < 10; i++) (collectGarbage(), await nextTurn());
    if (isRefused) assert.equal(freed, 0);
    free(address);
  });

  test('the memory stays valid while an async call works on it', async () => {
    let freed = false;
    const address = alloc(64);
    write.u8(address, 63, 9);
    const gate = symbols.gate_new();
    const pending = (() =>
      symbols.gate_buffer_sum.async(
        gate,
        toArrayBuffer(address, 64, () => (freed = true)),
        64,
      ))();
    symbols.gate_await(gate, 1);
    for (let i = 0; i < 10; i++) (collectGarbage(), await nextTurn());
    assert.equal(freed, false);
    symbols.gate_open(gate);
    assert.equal(await pending, 9);
    await collectUntil(() => freed);
    symbols.gate_free(gate);
    free(address);
  });

  test('toArrayBuffer refuses an invalid address, length or finalizer', () =>
    check(() => {
      const bad = (run, code, message) => throws(run, { code, message });
      bad(() => toArrayBuffer(0, 1), 'ERR_FFI_NULL_POINTER', /^toArrayBuffer: 0 is no address/);
      bad(() => toArrayBuffer('x', 1), 'ERR_FFI_INVALID_ARG_TYPE', /^toArrayBuffer: argument 1: /);
      bad(() => toArrayBuffer(65536, -1), 'ERR_FFI_OUT_OF_RANGE', /^toArrayBuffer: argument 2: /);
      bad(() => toArrayBuffer(65536), 'ERR_FFI_INVALID_ARG_TYPE', /^toArrayBuffer: argument 2: /);
      bad(
        () => toArrayBuffer(65536, 1, 7),
        'ERR_FFI_INVALID_ARG_TYPE',
        /^toArrayBuffer: argument 3: expected a function/,
      );
    }, 10));
});

describe('an arena', () => {
  const closed = { code: 'ERR_FFI_ARENA_CLOSED', message: /^Arena\.\w+: the arena has been closed$/ };

  test('an arena gives buffers, strings and structs that C accepts', () =>
    check(() => {
      const arena = new Arena();
      const bytes = arena.buffer(16);
      symbols.buffer_count_up(bytes, 16);
      assert.equal(symbols.buffer_sum(bytes, 16), 120);
      assert.equal(symbols.string_length(arena.string('é😀')), 6);
      assert.deepEqual([...arena.string16('é')], [0xe9, 0]);
      const wide = arena.wstring('😀').buffer;
      const units = isWindows ? new Uint16Array(wide) : new Uint32Array(wide);
      assert.deepEqual([...units], isWindows ? [0xd83d, 0xde00, 0] : [0x1f600, 0]);
      assert.equal(symbols.pointer_strings_length(arena.stringArray(['one', 'zwölf'])), 9);
      const point = arena.struct(Point, { x: 1, y: 2 });
      symbols.point_swap(point);
      assert.deepEqual([Point.get(point, 'x'), Point.get(point, 'y')], [2, 1]);
      arena.close();
    }, 20));

  test('closing an arena detaches its buffers, and passing one to C is refused', () =>
    check(async () => {
      const arena = new Arena();
      const bytes = arena.buffer(16);
      const text = arena.string('text');
      const list = arena.stringArray(['one']);
      const point = arena.struct(Point, { x: 1 });
      arena.close();
      arena.close();
      assert.equal(bytes.length, 0);
      const gone = { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /detached/ };
      throws(() => symbols.buffer_sum(bytes, 16), gone);
      throws(() => symbols.string_length(text), gone);
      throws(() => ffi.ptr(text), gone);
      throws(() => symbols.pointer_strings_length(list), gone);
      await rejects(() => symbols.buffer_sum.async(bytes, 16), gone);
    }, 20));

  test('closing an arena ends its structs: each use of one, or of a part of one, fails with ERR_FFI_ARENA_CLOSED', () =>
    check(async () => {
      const arena = new Arena();
      const Line = Struct({ from: Point, ends: ['i', 2], points: [Point, 2] }, { name: 'Line' });
      const line = arena.struct(Line);
      const { from, ends, points } = line;
      const [, second] = points;
      const pair = arena.struct(Complex);
      arena.close();
      const gone = (run, place) =>
        throws(run, { code: 'ERR_FFI_ARENA_CLOSED', message: `${place}: the arena has been closed` });
      gone(() => from.x, 'Point.x');
      gone(() => (from.x = 1), 'Point.x');
      gone(() => Point.get(from, 'y'), 'Point.y');
      gone(() => Point.set(from, 'y', 1), 'Point.y');
      gone(() => (line.from = { x: 1 }), 'Line.from');
      gone(() => (line.ends = [1, 2]), 'Line.ends');
      gone(() => Line.get(line, 'ends'), 'Line.ends');
      gone(() => ends[1], 'array[1]');
      gone(() => (ends[1] = 1), 'array[1]');
      gone(() => [...ends], 'array[0]');
      gone(() => ends.toObject(), 'array');
      gone(() => ends.ptr, 'array.ptr');
      gone(() => second.x, 'Point.x');
      gone(() => line.toObject(), 'Line');
      gone(() => Line.toObject(line), 'Line');
      gone(() => JSON.stringify(points), 'array');
      gone(() => line.ptr, 'Line.ptr');
      gone(() => Point.create(from), 'Point');
      gone(() => Line.create({ from }), 'Line.from');
      gone(() => symbols.point_swap(from), 'point_swap: argument 1: Point.ptr');
      gone(() => symbols.complex_multiply(pair, { re: 1, im: 2 }), 'complex_multiply: argument 1');
      await rejects(() => symbols.complex_multiply.async({ re: 1, im: 2 }, pair), {
        code: 'ERR_FFI_ARENA_CLOSED',
        message: 'complex_multiply: argument 2: the arena has been closed',
      });
    }, 50));

  test('a struct whose buffer was detached by a transfer reports that, and no arena', () =>
    check(() => {
      const point = Point.create({ x: 1 });
      structuredClone(point.buffer, { transfer: [point.buffer] });
      throws(() => point.x, { code: 'ERR_FFI_INVALID_ARG_TYPE', message: 'Point.x: the buffer is detached' });
      throws(() => (point.x = 1), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: 'Point.x: the buffer is detached' });
    }, 20));

  test('a closed arena refuses to allocate', () =>
    check(() => {
      const arena = new Arena();
      arena.close();
      throws(() => arena.buffer(1), closed);
      throws(() => arena.string('x'), closed);
      throws(() => arena.string16('x'), closed);
      throws(() => arena.wstring('x'), closed);
      throws(() => arena.stringArray(['x']), closed);
      throws(() => arena.struct(Point), closed);
    }, 10));

  test('an arena keeps its memory alive although no other object refers to it', async () => {
    const arena = new Arena();
    const addresses = Array.from({ length: 100 }, (_, i) => ffi.ptr(arena.string(`text ${i}`)));
    for (let i = 0; i < 5; i++) (collectGarbage(), await nextTurn());
    addresses.forEach((address, i) => assert.equal(ffi.readCString(address), `text ${i}`));
    arena.close();
  });

  test('closing an arena does not free memory that an async call works on', async () => {
    const arena = new Arena();
    const bytes = arena.buffer(64).fill(2);
    const gate = symbols.gate_new();
    const pending = symbols.gate_buffer_sum.async(gate, bytes, 64);
    symbols.gate_await(gate, 1);
    arena.close();
    collectGarbage();
    symbols.gate_open(gate);
    assert.equal(await pending, 128);
    symbols.gate_free(gate);
  });

  test("wrong arguments are refused with the name of the arena's method", () =>
    check(() => {
      const arena = new Arena();
      const bad = (run, message, code = 'ERR_FFI_INVALID_ARG_TYPE') => throws(run, { code, message });
      bad(() => arena.buffer(-1), /^Arena\.buffer: argument 1: -1/, 'ERR_FFI_OUT_OF_RANGE');
      bad(() => arena.buffer('1'), /^Arena\.buffer: argument 1: expected a number/);
      bad(() => arena.string(1), /^Arena\.string: argument 1: expected string/);
      bad(() => arena.string(null), /^Arena\.string: argument 1: expected string/);
      bad(() => arena.string('a\0b'), /NUL/);
      bad(() => arena.stringArray(['a', 1]), 'Arena.stringArray: argument 1[1]: expected string or null, got number');
      bad(() => arena.struct({}), /^Arena\.struct: argument 1: expected a Struct/);
      arena.close();
    }, 10));

  test(
    'an arena is closed by Symbol.dispose',
    { skip: typeof Symbol.dispose !== 'symbol' && 'this JavaScript engine has no Symbol.dispose' },
    () => {
      const arena = new Arena();
      arena[Symbol.dispose]();
      throws(() => arena.buffer(1), closed);
    },
  );
});
