// Batches of functions with typed pointers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen, opaque, out, owned, pointerTo, Struct, text } from 'arkffi';
import { check, fixture, rejects, throws } from './support.mjs';

const Node = Struct({ value: 'i', next: pointerTo(() => Node) }, { name: 'Node' });
const node = pointerTo(Node);
const counter = opaque('counter');
const { symbols } = dlopen(fixture, {
  node_list: { args: ['i'], returns: node },
  node_free: { args: [node] },
  node_sum: { args: [node], returns: 'l' },
  nodes_sum: { args: [node, 'i'], returns: 'l' },
  counter_new: { args: ['i'], returns: counter },
  counter_next: { args: [counter], returns: 'i' },
  counter_free: { args: [counter] },
});
const TYPE = 'ERR_FFI_INVALID_ARG_TYPE';
const BAD = 'ERR_FFI_BAD_SIGNATURE';
const counts = Int32Array.of(1, 2, 3);

describe('batches of functions with typed pointers', () => {
  test('give and take arrays of addresses', () =>
    check(async () => {
      const lists = symbols.node_list.batch([counts]);
      assert.ok(lists instanceof BigUint64Array && lists.every((address) => address > 65535n));
      assert.deepEqual(symbols.node_sum.batch([lists]), BigInt64Array.of(1n, 3n, 6n));
      const sums = new BigInt64Array(3);
      assert.equal(await symbols.node_sum.batch.async([lists], sums), sums);
      assert.deepEqual(sums, BigInt64Array.of(1n, 3n, 6n));
      assert.equal(symbols.node_free.batch([lists]), undefined);
      const counters = await symbols.counter_new.batch.async([counts]);
      assert.deepEqual(symbols.counter_next.batch([counters]), counts);
      assert.deepEqual(await symbols.counter_next.batch.async([counters]), Int32Array.of(2, 3, 4));
      symbols.counter_free.batch([counters]);
    }));

  test('take one value for all rows', () =>
    check(async () => {
      const list = symbols.node_list(3); // in memory of C
      const three = new BigInt64Array(3);
      const sums = BigInt64Array.of(6n, 6n, 6n);
      for (const value of [list, list.ptr, BigInt(list.ptr), { value: 1, next: { value: 5 } }]) {
        assert.deepEqual(symbols.node_sum.batch([value], three), sums);
        three.fill(0n);
        await symbols.node_sum.batch.async([value], three);
        assert.deepEqual(three, sums);
      }
      assert.deepEqual(symbols.node_sum.batch([null], three), BigInt64Array.of(0n, 0n, 0n));
      const values = [{ value: 4 }, { value: 5 }, { value: 6 }];
      assert.deepEqual(symbols.nodes_sum.batch([values, counts]), BigInt64Array.of(4n, 9n, 15n));
      assert.deepEqual(await symbols.nodes_sum.batch.async([values, counts]), BigInt64Array.of(4n, 9n, 15n));
      symbols.node_free(list);
      const one = symbols.counter_new(1);
      assert.deepEqual(symbols.counter_next.batch([one], new Int32Array(3)), Int32Array.of(1, 2, 3));
      symbols.counter_free(one);
    }, 10));

  test('refuse what they cannot hold, and what is wrong', () =>
    check(async () => {
      const rows = new BigInt64Array(2);
      const wrong = [
        [Node.create(), /^node_sum: batch: argument 1: a batch takes no value in memory of JavaScript: /],
        [new Uint8Array(16), /^node_sum: batch: argument 1: a batch takes no value in memory of JavaScript: /],
        ['x', /^node_sum: batch: argument 1: expected a Node value, /],
        [{ valve: 1 }, /^node_sum: batch: argument 1/],
        [undefined, /^node_sum: batch: argument 1: /],
        [Int32Array.of(1, 2), /^node_sum: batch: argument 1: /],
      ];
      for (const [value, message] of wrong) {
        throws(() => symbols.node_sum.batch([value], rows), { code: TYPE, message });
        await rejects(() => symbols.node_sum.batch.async([value], rows), { code: TYPE, message });
      }
      const handle = /^counter_next: batch: argument 1: expected a handle of counter or null, got /;
      for (const value of [5, opaque('FILE').at(65536), {}]) {
        throws(() => symbols.counter_next.batch([value], new Int32Array(1)), { code: TYPE, message: handle });
      }
      throws(() => symbols.node_sum.batch([]), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => symbols.node_sum.batch(null), { code: TYPE });
      throws(() => symbols.node_sum.batch([null]), { code: TYPE, message: /^node_sum: batch: expected a typed array/ });
    }, 10));

  test('that there are none of say what to do', () =>
    check(async () => {
      const definitions = {
        node_out: { args: ['i', out(node)], returns: 'i' },
        echo_string: { args: [text('ascii')], returns: text('ascii') },
        node_list: { args: ['i'], returns: owned(node, 'node_free') },
      };
      const messages = [
        /^node_out: batch: structs by value, text in other encodings and out-parameters have no columns: call it one by/,
        /^echo_string: batch: .* 'pointer' for text and out-parameters, which takes a BigUint64Array of addresses$/,
        /^node_list: batch: a result that must be freed is given by single calls only$/,
      ];
      const lib = dlopen(fixture, definitions);
      for (const [i, name] of Object.keys(definitions).entries()) {
        throws(() => lib.symbols[name].batch([counts]), { code: BAD, message: messages[i] });
        await rejects(() => lib.symbols[name].batch.async([counts]), { code: BAD, message: messages[i] });
      }
      lib.close();
    }, 100));

  test('fail once the library is closed', async () => {
    const lib = dlopen(fixture, { node_sum: { args: [node], returns: 'l' } });
    const { node_sum } = lib.symbols;
    lib.close();
    throws(() => node_sum.batch([null], new BigInt64Array(1)), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    await rejects(() => node_sum.batch.async([null], new BigInt64Array(1)), { code: 'ERR_FFI_LIBRARY_CLOSED' });
  });
});
