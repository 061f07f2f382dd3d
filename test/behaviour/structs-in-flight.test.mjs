// Structs that C works on in an async call while JavaScript ends or transfers their memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arena, Struct } from 'arkffi';
import { meanwhile, symbols } from './in-flight.mjs';
import { check, throws } from './support.mjs';

const SIZE = 1 << 20;
const Block = Struct({ bytes: ['u8', SIZE] });
const last = SIZE - 1;

/** Takes memory of the size that has become free, and fills it. */
function reuse() {
  for (let i = 0; i < 8; i++) new Uint8Array(SIZE).fill(9);
}

test('a struct whose arena is closed during the call keeps its memory until C has returned', () =>
  check(async () => {
    const arena = new Arena();
    const block = arena.struct(Block);
    block.bytes[0] = 1;
    block.bytes.set(last, 2);
    const buffer = arena.buffer(16);
    const sum = await meanwhile(
      (gate) => symbols.gate_buffer_sum.async(gate, block, SIZE),
      () => {
        arena.close();
        assert.equal(buffer.byteLength, 0);
        reuse();
      },
    );
    assert.equal(sum, 3);
    throws(() => block.bytes[0], { code: 'ERR_FFI_ARENA_CLOSED' });
  }, 10));

test('several calls keep the memory of a struct whose arena is closed, each for as long as it needs it', () =>
  check(async () => {
    const arena = new Arena();
    const block = arena.struct(Block, { bytes: new Uint8Array(SIZE).fill(1) });
    let first;
    const second = await meanwhile(
      (gate) => symbols.gate_buffer_sum.async(gate, block, SIZE),
      async () => {
        first = await meanwhile(
          (gate) => symbols.gate_buffer_fill.async(gate, block, SIZE, 3),
          () => arena.close(),
        );
        reuse();
      },
    );
    assert.deepEqual([first, second], [undefined, 3 * SIZE]);
    throws(() => block.bytes[0], { code: 'ERR_FFI_ARENA_CLOSED' });
  }, 10));
