// Each type that is more than a number stands wherever a type may stand, and has the same value there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alloc,
  AsyncCFunction,
  callbackType,
  CFunction,
  inout,
  JSCallback,
  linkSymbols,
  NativeCallback,
  NativeField,
  NativeSignature,
  NativeStruct,
  opaque,
  out,
  pointerTo,
  Struct,
  text,
  typed,
  Union,
  write,
} from 'arkffi';
import { check } from './support.mjs';

const Point = Struct({ x: 'int', y: 'double' });
const Handle = opaque('Handle');
const binary = { args: ['int', 'int'], returns: 'int' };
const memory = alloc(64); // of C, so that a callback's result and a field may lead there
write.int(memory, 7);
const leadsThere = (value) => assert.equal(value.ptr, memory);
const add = new JSCallback((a, b) => a + b, binary);

/** Of each type: the type, a value of it, and what asserts that a value read is the same. */
const types = {
  "'cstring'": ['cstring', 'é', (value) => assert.equal(value, 'é')],
  "'CString16'": ['CString16', 'é', (value) => assert.equal(value, 'é')],
  "'WString'": ['WString', 'é', (value) => assert.equal(value, 'é')],
  "'latin1'": ['latin1', 'é', (value) => assert.equal(value, 'é')],
  "text('windows-1252')": [text('windows-1252'), '€', (value) => assert.equal(value, '€')],
  'pointerTo(struct)': [pointerTo(Point), Point.at(memory), (value) => assert.equal(value.x, 7)],
  'pointerTo([struct, 0])': [pointerTo([Point, 0]), Point.at(memory), (value) => assert.equal(value[0].x, 7)],
  "pointerTo('int')": [pointerTo('int'), memory, (value) => assert.equal(value.value, 7)],
  "pointerTo('cstring')": [pointerTo('cstring'), memory, leadsThere],
  'pointerTo(text)': [pointerTo(text('windows-1252')), memory, leadsThere],
  'pointerTo(pointerTo(struct))': [pointerTo(pointerTo(Point)), memory, leadsThere],
  'pointerTo(function)': [pointerTo(binary), memory, leadsThere],
  'pointerTo(handle)': [pointerTo(Handle), memory, leadsThere],
  'a handle': [Handle, Handle.at(memory), leadsThere],
  'NULL of a handle': [Handle, null, (value) => assert.equal(value, null)],
};

const callback = (fn, definition) => new JSCallback(fn, { ...definition, threadsafe: true });

for (const [name, [type, value, isSame]] of Object.entries(types)) {
  test(`${name} is a type of arguments and results, in every way of calling`, () => {
    const echo = { args: [type], returns: type };
    const ptr = callback((given) => given, echo);
    const fn = CFunction({ ...echo, ptr });
    const later = AsyncCFunction({ ...echo, ptr });
    const { symbols } = linkSymbols({ echo: { ...echo, ptr } });
    const strict = new NativeCallback((given) => given, new NativeSignature([type], type));
    const ofStrict = CFunction({ ...echo, ptr: strict });
    const nested = CFunction({
      args: [callbackType([type], type), type],
      returns: type,
      ptr: callback((inner, given) => CFunction({ ...echo, ptr: inner })(given), { args: ['p', type], returns: type }),
    });
    const count = CFunction({
      args: ['int', '...'],
      returns: 'int',
      ptr: callback((n) => n, { args: ['int'], returns: 'int' }),
    });
    return check(async () => {
      isSame(fn(value));
      isSame(fn.with({ errno: true })(value).value);
      isSame(await fn.async(value));
      isSame(
        await fn.async
          .with({ errno: true })(value)
          .then((result) => result.value),
      );
      isSame(await later(value));
      isSame(symbols.echo(value));
      isSame(ofStrict(value));
      isSame(nested((given) => given, value));
      assert.equal(count(5, [type, value], typed(type, value)), 5);
    }, 20);
  });

  test(`${name} is a type of fields, elements and members, also by value and by address`, () => {
    const Whole = Struct({ one: type, list: [type, 2], either: Union({ value: type, word: 'u64' }), last: 'int' });
    const Ended = Struct({ count: 'int', rest: [type, 0] });
    const Strict = new NativeStruct([new NativeField('one', type)]);
    const init = { one: value, list: [value, value], either: { value }, last: 3 };
    const Field = Struct({ one: type, last: 'int' });
    const byValue = { args: [Field], returns: Field };
    const echo = CFunction({ ...byValue, ptr: callback((given) => given, byValue) });
    const first = { args: [pointerTo(Field)], returns: type };
    const read = CFunction({ ...first, ptr: callback((given) => given.one, first) });
    return check(async () => {
      const whole = Whole.create(init);
      for (const each of [whole.one, whole.list[1], whole.either.value, Whole.get(whole, 'one')]) isSame(each);
      whole.one = null;
      assert.equal(whole.one, null);
      Whole.set(whole, 'one', value);
      isSame(Whole.fromPtr(whole).one);
      isSame(Ended.create({ count: 1, rest: [value] }).rest[0]);
      isSame(Strict.create({ one: value }).one);
      isSame(echo({ one: value, last: 1 }).one);
      isSame((await echo.async(Field.create({ one: value, last: 1 }))).one);
      isSame(read({ one: value, last: 1 }));
      isSame(await read.async({ one: value, last: 1 }));
    }, 20);
  });

  test(`${name} is a type of out-parameters and of functions in data`, () => {
    const nothing = callback(() => {}, { args: ['p'] });
    const changed = CFunction({ args: [inout(type)], ptr: nothing });
    const written = CFunction({ args: [out(type)], ptr: nothing });
    const list = CFunction({ args: [out([type, 2])], ptr: nothing });
    const any = CFunction({ args: ['pointer'], ptr: nothing });
    const Table = Struct({ echo: { args: [type], returns: type } });
    return check(async () => {
      isSame(changed(value).out[0]);
      isSame((await changed.async(value)).out[0]);
      isSame(any([inout(type), value]).out[0]);
      assert.deepEqual([written().out[0], list().out[0][1], any(out(type)).out[0]], [null, null, null]);
      isSame(Table.create({ echo: (given) => given }).echo(value));
    }, 20);
  });
}

test('a function is a type of fields, elements, out-parameters and variable arguments', () => {
  const Table = Struct({ one: binary, list: [binary, 2], either: Union({ fn: binary, word: 'u64' }) });
  const nothing = callback(() => {}, { args: ['p'] });
  const any = CFunction({ args: ['pointer'], ptr: nothing });
  const count = CFunction({
    args: ['int', '...'],
    returns: 'int',
    ptr: callback((n) => n, { args: ['int'], returns: 'int' }),
  });
  return check(async () => {
    const table = Table.create({ one: add, list: [null, add], either: { fn: add } });
    assert.deepEqual([table.one(1, 2), table.list[1](3, 4), table.either.fn(5, 6)], [3, 7, 11]);
    assert.equal(any([inout(binary), add]).out[0](1, 2), 3);
    assert.equal(any(out([binary, 2])).out[0][1], null);
    assert.equal(count(5, [binary, (a, b) => a + b], typed(binary, add)), 5);
  }, 20);
});
