// Objects of JavaScript as user data of C.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deref, dlopen, JSCallback, opaque, ref } from 'arkffi';
import { collectGarbage } from './hosts.mjs';
import { nextTurn } from './lifetimes.mjs';
import { check, fixture, throws } from './support.mjs';

const { symbols } = dlopen(fixture, {
  echo_pointer: { args: ['p'], returns: 'p' },
  counter_use: { args: ['p', { args: ['p'], returns: 'p' }], returns: 'p' },
});

test('an object goes to C and comes back, in every way of calling', () =>
  check(async () => {
    const object = { count: 0 };
    const user = ref(object);
    const use = (address) => (deref(address).count++, address);
    assert.equal(symbols.counter_use(user, use), user.ptr);
    assert.equal(await symbols.counter_use.async(user, use), user.ptr);
    const callback = new JSCallback(use, { args: ['p'], returns: 'p' });
    callback.call(user);
    callback.close();
    assert.equal(deref(symbols.echo_pointer(user)), object);
    assert.equal(deref(user), object);
    assert.equal(user.value, object);
    assert.equal(object.count, 3);
    user.close();
  }, 20));

test('NULL is null, and any value may be referred to', () => {
  assert.equal(deref(null), null);
  assert.equal(deref(0), null);
  for (const value of [undefined, 5, 'text', Symbol.iterator, () => {}]) {
    const user = ref(value);
    assert.equal(deref(user.ptr), value);
    assert.equal(deref(BigInt(user.ptr)), value);
    user.close();
  }
});

test('a closed reference, and any other address, is refused', () =>
  check(() => {
    const user = ref({});
    const { ptr, close } = user;
    close();
    user.close();
    throws(() => deref(ptr), {
      code: 'ERR_FFI_INVALID_HANDLE',
      message: /^deref: argument 1: \d+ is the address of no /,
    });
    throws(() => user.ptr, { code: 'ERR_FFI_INVALID_HANDLE' });
    throws(() => symbols.echo_pointer(user), { code: 'ERR_FFI_INVALID_HANDLE' });
    throws(() => deref(new Uint8Array(8)), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    throws(() => deref(opaque('x').at(4096)), { code: 'ERR_FFI_INVALID_HANDLE' });
    for (const wrong of ['x', undefined, {}]) throws(() => deref(wrong), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    throws(() => deref(-1), { code: 'ERR_FFI_OUT_OF_RANGE' });
  }));

test('the address of a closed reference is not used again soon', () => {
  const first = ref({});
  const { ptr } = first;
  first.close();
  for (let i = 0; i < 4000; i++) {
    const next = ref(i);
    assert.notEqual(next.ptr, ptr);
    next.close();
  }
  for (let i = 0; i < 10_000; i++) ref(i).close();
  const last = ref('last');
  assert.equal(deref(last), 'last');
  last.close();
});

test('an object is kept until its reference is closed, and no longer', async () => {
  let isCollected = false;
  const watch = new FinalizationRegistry(() => (isCollected = true));
  let { ptr, close } = (() => {
    const object = {};
    watch.register(object, 1);
    return ref(object);
  })();
  for (let i = 0; i < 5; i++) (collectGarbage(), await nextTurn());
  assert.equal(isCollected, false);
  assert.ok(deref(ptr));
  close();
  close = undefined;
  // A host may see the first object on the stack for a while.
  const another = () => {
    const object = {};
    watch.register(object, 1);
    ref(object).close();
  };
  while (!isCollected) {
    another();
    collectGarbage();
    await nextTurn();
  }
});
