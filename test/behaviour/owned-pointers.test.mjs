// What C allocates and a pointer leads to: it is freed when no value can use it any more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CFunction, dlopen, inout, opaque, out, owned, pointerTo, Struct } from 'arkffi';
import { collectGarbage } from './hosts.mjs';
import { nextTurn, ownFixture } from './lifetimes.mjs';
import { check, fixture, throws } from './support.mjs';

const Node = Struct({ value: 'i', next: pointerTo(() => Node) });
const list = owned(pointerTo(Node), 'node_free');
const { symbols } = dlopen(fixture, {
  node_list: { args: ['i'], returns: list },
  node_out: { args: ['i', out(list)], returns: 'i' },
  untyped: { name: 'node_out', args: ['i', 'p'], returns: 'i' },
  node_freed: { returns: 'i' },
  node_sum: { args: [pointerTo(Node)], returns: 'l' },
});
const { node_list, node_freed } = symbols;

/** Runs `make` and collects garbage until nodes have been freed. A host may see an address on the stack for a while. */
async function untilFreed(make) {
  const before = node_freed();
  while (node_freed() === before) {
    await make();
    collectGarbage();
    await nextTurn();
  }
}

test('a result is freed when it, and all that was reached through it, has been collected', async () => {
  const before = node_freed();
  let last = await (async () => {
    const first = node_list(3);
    assert.equal(symbols.node_sum(first), 6);
    return first.next.next;
  })();
  for (let i = 0; i < 10; i++) (collectGarbage(), await nextTurn());
  assert.equal(node_freed(), before);
  assert.equal(last.value, 3);
  last = undefined;
  await untilFreed(() => void node_list(1));
});

test('every way of calling gives such values, and out-parameters are such values', async () => {
  await untilFreed(async () => {
    const calls = [
      node_list(1),
      await node_list.async(1),
      node_list.with({ errno: true })(1).value,
      (await node_list.async.with({ errno: true })(1)).value,
      symbols.node_out(1).out[0],
      (await symbols.node_out.async(1)).out[0],
      symbols.untyped(1, out(list)).out[0],
    ];
    for (const { value, next } of calls) assert.deepEqual([value, next], [1, null]);
  });
});

test('NULL is null', () =>
  check(async () => {
    assert.equal(node_list(0), null);
    assert.equal(await node_list.async(0), null);
    assert.deepEqual(symbols.node_out(0), { value: 0, out: [null] });
  }, 10));

test('a library that has been closed still frees them', async () => {
  const own = dlopen(ownFixture(), { node_list: { args: ['i'], returns: list } });
  const value = own.symbols.node_list(2);
  own.close();
  assert.equal(value.next.value, 2);
  for (let i = 0; i < 10; i++) (collectGarbage(), await nextTurn());
});

test('wrong declarations are refused', () => {
  const node = pointerTo(Node);
  throws(() => owned(opaque('x'), 'free'), {
    code: 'ERR_FFI_BAD_SIGNATURE',
    message: /a handle is freed by the program/,
  });
  throws(() => owned('p', 'free'), {
    code: 'ERR_FFI_BAD_SIGNATURE',
    message: /expected a type of strings or pointers/,
  });
  throws(() => owned(node, undefined), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^owned: argument 2: / });
  throws(() => inout(owned(node, 'node_free')), { code: 'ERR_FFI_BAD_SIGNATURE', message: /^inout: what is owned/ });
  throws(() => dlopen(fixture, { node_list: { args: ['i'], returns: owned(node, 'no_such_function') } }), {
    code: 'ERR_FFI_SYMBOL_NOT_FOUND',
  });
  throws(() => CFunction({ args: ['i'], returns: list, ptr: node_list }), {
    code: 'ERR_FFI_BAD_SIGNATURE',
    message: /no library to look 'node_free' up in/,
  });
  const free = dlopen(fixture, { node_free: { args: ['p'] } }).symbols.node_free;
  assert.equal(CFunction({ args: ['i'], returns: owned(node, free), ptr: node_list })(2).next.value, 2);
});
