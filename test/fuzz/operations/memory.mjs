// Buffers, structs, arenas, allocated memory and strings, which end, move and are collected while C works on them.
import assert from 'node:assert/strict';
import { alloc, Arena, CString, free, read, readStringArray, stringArray, Struct, toArrayBuffer, write } from 'arkffi';
import ffi from 'liblibrary.so';
import { collectGarbage, copiesInFlight } from '../../behaviour/hosts.mjs';
import { refuses } from '../world.mjs';
import { openSymbols } from './libraries.mjs';

const Point = Struct({ x: 'i', y: 'i' });
const WRONG = 'ERR_FFI_INVALID_ARG_TYPE';
const KINDS = ['plain', 'shared', 'resizable', 'view'];

function makeBuffer(world) {
  const kind = world.random.pick(KINDS);
  const size = world.random.pick([1, 8, 64, 4096, 100_000]);
  const memory = {
    plain: () => new ArrayBuffer(size),
    shared: () => new SharedArrayBuffer(size),
    resizable: () => new ArrayBuffer(size, { maxByteLength: 2 * size }),
    view: () => new ArrayBuffer(size + 16),
  }[kind]();
  const bytes = new Uint8Array(memory, kind === 'view' ? 16 : 0, size);
  return world.keep(world.buffers, { kind, bytes, fill: 0, isBusy: false, isDetached: false });
}

/** A buffer that no call in flight works on. */
function anyBuffer(world) {
  const idle = world.buffers.filter(({ isBusy }) => !isBusy);
  return idle.length ? world.random.pick(idle) : makeBuffer(world);
}

/** Asserts that a buffer has what was last written to it. */
function checkContent({ bytes, fill, isDetached }) {
  if (isDetached) assert.equal(bytes.length, 0);
  else assert.ok(bytes.every((byte) => byte === fill));
}

function transfer(buffer) {
  if (buffer.isDetached || !['plain', 'view'].includes(buffer.kind)) return;
  const start = buffer.bytes.byteOffset;
  const moved = structuredClone(buffer.bytes.buffer, { transfer: [buffer.bytes.buffer] });
  buffer.isDetached = true;
  return new Uint8Array(moved, start);
}

export const memory = {
  makeBuffer(world) {
    makeBuffer(world);
  },

  fillByC(world) {
    const { buffer_fill, buffer_sum } = openSymbols(world);
    const buffer = anyBuffer(world);
    checkContent(buffer);
    const { bytes } = buffer;
    if (buffer.isDetached) return refuses(() => buffer_fill(bytes, 0, 1), WRONG);
    buffer.fill = world.random.below(256);
    buffer_fill(bytes, bytes.length, buffer.fill);
    checkContent(buffer);
    assert.equal(buffer_sum(bytes, bytes.length), bytes.length * buffer.fill);
  },

  fillInFlight(world) {
    const { gate_buffer_fill } = openSymbols(world);
    const buffer = anyBuffer(world);
    const { bytes, kind } = buffer;
    const gate = world.base.gate_new();
    world.gates.push(gate);
    if (buffer.isDetached || kind === 'resizable') {
      return world.later(gate_buffer_fill.async(gate, bytes, bytes.length, 1), { code: WRONG });
    }
    const fill = world.random.below(256);
    buffer.isBusy = true;
    const { length } = bytes;
    const call = gate_buffer_fill.async(gate, bytes, length, fill);
    const moved = world.random.oneIn(3) ? transfer(buffer) : undefined;
    if (world.random.oneIn(3)) collectGarbage();
    world.later(call, {
      value() {
        buffer.isBusy = false;
        buffer.fill = fill;
        if (moved && !copiesInFlight) assert.ok(moved.every((byte) => byte === fill));
        checkContent(buffer);
      },
    });
  },

  transfer(world) {
    const buffer = anyBuffer(world);
    checkContent(buffer);
    transfer(buffer);
    checkContent(buffer);
  },

  resize(world) {
    const buffer = anyBuffer(world);
    if (buffer.kind !== 'resizable') return;
    const { buffer: memory } = buffer.bytes;
    const before = memory.byteLength;
    memory.resize(world.random.pick([0, 1, before >> 1, memory.maxByteLength]));
    buffer.bytes = new Uint8Array(memory);
    if (memory.byteLength > before) buffer.bytes.fill(buffer.fill, before);
  },

  /** A buffer that a later argument of the same call detaches. */
  detachedByArgument(world) {
    const { buffer_sum } = openSymbols(world);
    const bytes = new Uint8Array(64);
    const detaches = {
      get ptr() {
        structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
        return 0;
      },
    };
    refuses(() => buffer_sum(bytes, detaches), WRONG);
    refuses(() => ffi.callMixed(world.handle, 'pointer_swap', 'pp', 'v', [bytes, detaches], []), WRONG);
  },

  /** A callback of the call transfers the buffer that C writes to: C's memory stays, and the new owner has it. */
  transferredByCallback(world) {
    if (copiesInFlight) return;
    const { call_string_copy } = openSymbols(world);
    const bytes = new Uint8Array(256);
    let moved;
    const transfers = (text) => {
      moved = new Uint8Array(structuredClone(bytes.buffer, { transfer: [bytes.buffer] }));
      if (world.random.oneIn(2)) collectGarbage();
      world.nested();
      return text;
    };
    assert.equal(call_string_copy(transfers, 'moved', bytes, 256), 5);
    assert.equal(bytes.length, 0);
    assert.equal(String.fromCharCode(...moved.subarray(0, 5)), 'moved');
  },

  struct(world) {
    const { point_swap } = openSymbols(world);
    const [x, y] = [world.random.bits() | 0, world.random.bits() | 0];
    const point = Point.create({ x, y });
    if (world.random.oneIn(2)) point_swap(point);
    else point_swap(point.ptr);
    assert.deepEqual(point.toObject?.() ?? { x: point.x, y: point.y }, { x: y, y: x });
    refuses(() => (point.x = 2 ** 40), 'ERR_FFI_OUT_OF_RANGE');
    assert.equal(point.x, y);
    world.keep(world.structs, { point, x: y, y: x });
  },

  oldStruct(world) {
    if (!world.structs.length) return;
    const { point_swap } = openSymbols(world);
    const it = world.random.pick(world.structs);
    if (it.arena && !it.arena.isOpen) {
      refuses(() => it.point.x, 'ERR_FFI_ARENA_CLOSED');
      return;
    }
    point_swap(it.point);
    [it.x, it.y] = [it.y, it.x];
    assert.deepEqual([it.point.x, it.point.y], [it.x, it.y]);
  },

  arrayOfStructs(world) {
    const { point_swap } = openSymbols(world);
    const points = Point.arrayOf(4);
    points[2] = { x: 3, y: 4 };
    point_swap(points[2]);
    assert.deepEqual([points[2].x, points[2].y, points[1].x], [4, 3, 0]);
    refuses(() => (points[2] = { x: 'text' }), WRONG);
  },

  arena(world) {
    const arena = { arena: new Arena(), isOpen: true };
    world.keep(world.arenas, arena, (old) => {
      old.isOpen = false;
      old.arena.close();
    });
  },

  useArena(world) {
    if (!world.arenas.length) return;
    const it = world.random.pick(world.arenas);
    if (!it.isOpen) return refuses(() => it.arena.buffer(8), 'ERR_FFI_ARENA_CLOSED');
    const text = world.random.text();
    const { length } = new TextEncoder().encode(text);
    assert.equal(it.arena.string(text).length, length + 1);
    const point = it.arena.struct(Point, { x: 1, y: 2 });
    world.keep(world.structs, { point, x: 1, y: 2, arena: it });
    it.last = it.arena.buffer(8);
  },

  closeArena(world) {
    if (!world.arenas.length) return;
    const { buffer_sum } = openSymbols(world);
    const it = world.random.pick(world.arenas);
    it.isOpen = false;
    it.arena.close();
    if (it.last) refuses(() => buffer_sum(it.last, 8), WRONG);
  },

  allocate(world) {
    const size = world.random.pick([1, 8, 100, 10_000]);
    const address = alloc(size);
    assert.equal(read.u8(address), 0);
    const value = world.random.below(256);
    ffi.writeMemory(address, new Uint8Array(size).fill(value));
    world.keep(world.blocks, { address, size, value }, ({ address }) => free(address));
  },

  useBlock(world) {
    if (!world.blocks.length) return;
    const { address, size, value } = world.random.pick(world.blocks);
    const { buffer_sum } = openSymbols(world);
    assert.equal(buffer_sum(address, size), size * value);
    assert.equal(read.u8(address, size - 1), value);
    write.u8(address, size - 1, value);
    assert.ok(new Uint8Array(ffi.readMemory(address, size)).every((byte) => byte === value));
  },

  freeBlock(world) {
    const block = world.blocks.pop();
    if (!block) return;
    free(block.address);
  },

  overMemory(world) {
    const address = alloc(64);
    let buffer;
    try {
      buffer = toArrayBuffer(address, 64, free);
    } catch (error) {
      assert.equal(error.code, 'ERR_FFI_NOT_SUPPORTED');
      return free(address);
    }
    const bytes = new Uint8Array(buffer);
    bytes.fill(3);
    assert.equal(openSymbols(world).buffer_sum(address, 64), 192);
    assert.equal(openSymbols(world).buffer_sum(bytes, 64), 192);
  },

  strings(world) {
    const { pointer_strings_length } = openSymbols(world);
    const texts = Array.from({ length: world.random.below(10) }, () => world.random.text());
    const list = stringArray(texts);
    const bytes = texts.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
    assert.equal(pointer_strings_length(list), bytes);
    assert.deepEqual(readStringArray(list), texts);
  },

  textAtAddress(world) {
    const text = world.random.text();
    const encoded = new TextEncoder().encode(`${text}\0`);
    const address = alloc(encoded.length);
    ffi.writeMemory(address, encoded);
    assert.equal(ffi.readCString(address), text);
    assert.equal(`${new CString(address)}`, text);
    assert.equal(read.cstring(ffi.ptr(new BigUint64Array([BigInt(address)]))), text);
    free(address);
  },

  badAddresses(world) {
    const bad = world.random.pick([0, 1, 65_535, 0n]);
    refuses(() => read.i32(bad), 'ERR_FFI_NULL_POINTER');
    refuses(() => write.i32(bad, 1), 'ERR_FFI_NULL_POINTER');
    refuses(() => ffi.readMemory(bad, 8), 'ERR_FFI_NULL_POINTER');
    refuses(() => ffi.callPtr(bad, '', 'v', [], []), 'ERR_FFI_NULL_POINTER');
    refuses(() => free(ffi.ptr(new Uint8Array(8))), WRONG);
  },

  collect() {
    collectGarbage();
  },
};
