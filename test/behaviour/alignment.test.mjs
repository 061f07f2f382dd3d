// Whatever gives memory for a type gives it at the alignment of the type: C's compilers move such values by instructions
// that end the process at any other address.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Arena, CFunction, dlopen, inout, JSCallback, out, ptr, Struct, Union } from 'arkffi';
import { isWindows } from './hosts.mjs';
import { check, fixture, throws } from './support.mjs';

const ALIGNMENTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
const MADE = ALIGNMENTS.filter((align) => align >= 4); // those that the fixture has functions for
const PASSED = MADE.filter((align) => align <= 64);
const TIMES = 200; // because an address is a multiple of 32 by chance every other time

const structs = Object.fromEntries(ALIGNMENTS.map((align) => [align, Struct({ byte: 'C' }, { align })]));
const Aligned = Object.fromEntries(
  MADE.map((align) => [align, Struct({ number: { type: 'i', align } }, { name: `aligned_${align}` })]),
);

const lib = dlopen(fixture, {
  misalignment: { args: ['p', 'I'], returns: 'I' },
  ...Object.fromEntries(
    MADE.flatMap((align) => [
      [`aligned_${align}_make`, { args: ['i'], returns: Aligned[align] }],
      [`aligned_${align}_bump`, { args: [inout(Aligned[align])], returns: 'I' }],
    ]),
  ),
  ...Object.fromEntries(
    PASSED.flatMap((align) => [
      [`aligned_${align}_by_value`, { args: ['i', Aligned[align], 'i'], returns: 'I' }],
      [`aligned_${align}_tell`, { args: [{ args: [Aligned[align]], returns: 'i' }, 'i'], returns: 'i' }],
    ]),
  ),
}).symbols;

/** Values that are in use, so that an allocator gives each a place of its own. */
let inUse = [];

/** Asserts that the address of each value that `make` makes is a multiple of `align`, as JavaScript and as C see it. */
function aligned(align, make) {
  inUse = [];
  for (let i = 0; i < TIMES; i++) {
    const value = make(i);
    inUse.push(value);
    assert.equal(value.ptr % align, 0, `${align}: ${value.ptr}`);
    assert.equal(lib.misalignment(value, align), 0);
  }
}

describe('the address of memory for a type is a multiple of its alignment', () => {
  for (const align of ALIGNMENTS) {
    const S = structs[align];
    const source = S.create({ byte: 7 });

    test(`${align}: create, with and without a first value`, () =>
      check(() => {
        aligned(align, () => S.create());
        aligned(align, () => S.create({ byte: 1 }));
        aligned(align, () => S.create(source));
        assert.equal(S.create(source).byte, 7);
      }, 500));

    test(`${align}: fromPtr, also of an address that is not aligned`, () =>
      check(() => {
        const bytes = new Uint8Array(S.size + 8).fill(7);
        aligned(align, (i) => S.fromPtr(ptr(bytes) + (i % 8)));
        aligned(align, () => S.fromPtr(source));
        assert.deepEqual([S.fromPtr(ptr(bytes) + 3).byte, bytes[0]], [7, 7]);
      }, 500));

    test(`${align}: arrays, and their elements`, () =>
      check(() => {
        aligned(align, () => S.arrayOf(2));
        aligned(align, () => S.arrayOf(3)[1]);
        const Holder = Struct({ before: 'C', list: [S, 2], inner: S, after: 'C' });
        aligned(align, () => Holder.create().list[1]);
        aligned(align, () => Holder.create().inner);
      }, 500));

    test(`${align}: unions, bit-fields and flexible arrays with that alignment`, () =>
      check(() => {
        const U = Union({ a: { type: 'C', align }, b: 'i' });
        const Bits = Struct({ flag: { type: 'I', bits: 3 } }, { align });
        const Tail = Struct({ count: 'I', list: [S, 0] });
        aligned(Math.max(align, 4), () => U.create({ a: 1 }));
        aligned(Math.max(align, 4), () => Bits.create({ flag: 1 }));
        aligned(Math.max(align, 4), (i) => Tail.create({ count: 1 }, i % 5));
        aligned(align, () => Tail.create({ count: 2, list: [{ byte: 1 }, { byte: 2 }] }).list[1]);
        aligned(align, () => Tail.fromPtr(Tail.create({}, 3), 3).list[2]);
        const tail = Tail.create({}, 3);
        aligned(align, () => Tail.fromPtr(tail.ptr, 3).list[2]);
      }, 500));

    test(`${align}: an arena's structs`, () =>
      check(() => {
        const arena = new Arena();
        aligned(align, () => arena.struct(S, { byte: 1 }));
        const last = arena.struct(S);
        arena.close();
        throws(() => last.byte, { code: 'ERR_FFI_ARENA_CLOSED' });
        throws(() => last.ptr, { code: 'ERR_FFI_ARENA_CLOSED' });
      }, 500));

    test(`${align}: out-parameters of all kinds`, () =>
      check(async () => {
        const Result = out(S);
        const one = CFunction({ args: [Result, 'I'], returns: 'I', ptr: lib.misalignment });
        for (let i = 0; i < TIMES; i++) {
          assert.equal(one(align).value, 0);
          assert.equal((await one.async(align)).value, 0);
        }
        const two = CFunction({ args: [out('C'), inout(S), 'I'], returns: 'I', ptr: lib.misalignment });
        for (let i = 0; i < TIMES; i++) assert.equal(two({ byte: 3 }, 1).out[1].ptr % align, 0);
        const list = CFunction({ args: [out([S, 2]), 'I'], returns: 'I', ptr: lib.misalignment });
        for (let i = 0; i < TIMES; i++) assert.equal(list(align).value, 0);
      }, 500));
  }

  for (const align of MADE) {
    const S = Aligned[align];
    const make = lib[`aligned_${align}_make`];

    test(`${align}: results by value, sync, async, with errno, and copies of them`, () =>
      check(async () => {
        aligned(align, make);
        aligned(align, (i) => make.with({ errno: true })(i).value);
        aligned(align, (i) => S.create(make(i)));
        assert.equal(make(5).number, 5);
        const results = await Promise.all(Array.from({ length: TIMES }, (_, i) => make.async(i)));
        results.forEach((value, i) => assert.deepEqual([value.ptr % align, value.number], [0, i]));
      }, 500));

    test(`${align}: an inout-parameter is where C may write by aligned instructions`, () =>
      check(() => {
        for (let i = 0; i < TIMES; i++) {
          const { value, out: written } = lib[`aligned_${align}_bump`]({ number: i });
          assert.deepEqual([value, written[0].number, written[0].ptr % align], [0, i + 1, 0]);
        }
      }, 500));
  }

  for (const align of PASSED) {
    const S = Aligned[align];
    const pass = lib[`aligned_${align}_by_value`];

    test(`${align}: arguments by value, from values, objects and buffers`, () =>
      check(async () => {
        const value = S.create({ number: 9 });
        for (let i = 0; i < TIMES; i++) {
          assert.equal(pass(9, value, 9), 0);
          assert.equal(pass(i, { number: i }, i), 0);
        }
        assert.equal(pass(9, new Uint8Array(value.buffer, value.byteOffset, S.size), 9), 0);
        assert.equal(await pass.async(9, value, 9), 0);
      }, 500));

    test(`${align}: arguments of callbacks`, () =>
      check(() => {
        const seen = [];
        const tell = (value) => seen.push(value) && value.number;
        const callback = new JSCallback(tell, { args: [S], returns: 'i' });
        for (let i = 0; i < TIMES; i++) {
          assert.equal(lib[`aligned_${align}_tell`](i % 2 ? callback : tell, i), i);
        }
        callback.close();
        seen.forEach((value, i) => assert.deepEqual([value.number, value.ptr % align], [i, 0]));
      }, 500));
  }

  test('a struct by value that is aligned to more than 64 is refused when it is declared', () =>
    check(() => {
      for (const align of [128, 4096]) {
        const definition = { args: [Aligned[align]], returns: 'I', ptr: lib.misalignment };
        throws(() => CFunction(definition), { code: 'ERR_FFI_BAD_SIGNATURE', message: /aligned to 64/ });
      }
    }));

  test('at takes an address that is not aligned, because packed structs have such members', () =>
    check(() => {
      const Packed = Struct({ tag: 'C', inner: structs[64] }, { packed: true });
      const packed = Packed.create({ tag: 1, inner: { byte: 5 } });
      // Microsoft's compilers align it nevertheless.
      const offset = Packed.offsets.inner;
      assert.equal(offset, isWindows ? 64 : 1);
      const inner = structs[64].at(packed.ptr + offset);
      assert.deepEqual([inner.byte, inner.ptr % 64 === 0], [5, (packed.ptr + offset) % 64 === 0]);
      inner.byte = 6;
      assert.equal(packed.inner.byte, 6);
    }));

  test('byteOffset says where an aligned value lies in its buffer', () =>
    check(() => {
      for (const align of ALIGNMENTS) {
        const value = structs[align].create({ byte: 8 });
        assert.equal(new Uint8Array(value.buffer, value.byteOffset, 1)[0], 8);
        assert.equal(ptr(value.buffer) + value.byteOffset, value.ptr);
        const list = structs[align].arrayOf(2);
        list[1].byte = 9;
        assert.equal(new Uint8Array(list.buffer, list.byteOffset + structs[align].size, 1)[0], 9);
        assert.equal(list[1].byteOffset, list.byteOffset + structs[align].size);
      }
    }));
});
