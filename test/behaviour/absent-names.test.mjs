// Names that a library, its symbols, structs and types, and a struct's values do not have: reading and setting them throws, and what hosts and
// test frameworks read from any object does not.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { isErrored, isReadable, PassThrough, Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { format, inspect } from 'node:util';
import { cdef, dlopen, Struct, Union } from 'arkffi';
import { check, throws } from './support.mjs';

const lib = cdef(
  null,
  `
  typedef struct point { int x, y; } point_t;
  typedef struct hidden hidden_t;
  typedef unsigned long size;
  enum mode { READ, WRITE };
  #define LIMIT 3
  #define twice(x) (2 * (x))
  static inline int half(int x) { return x / 2; }
  inline int third(int x) { return x / 3; }
  static int local(int);
  size_t strlen(const char *text);
  int abs(int value);
`,
);
const { symbols } = dlopen(null, { strlen: { args: ['s'], returns: 'L' }, abs: { args: ['i'], returns: 'i' } });

const notDefined = (run, message) => throws(run, { code: 'ERR_FFI_NOT_DEFINED', message });
const noCode = (run, message) => throws(run, { code: 'ERR_FFI_SYMBOL_NOT_FOUND', message });

describe('names that are not there', () => {
  test('a symbol', async () => {
    await check(() => {
      notDefined(() => symbols.strlem, "dlopen: 'strlem' is not among the definitions; did you mean 'strlen'?");
      notDefined(() => symbols.something(), "dlopen: 'something' is not among the definitions");
      notDefined(
        () => lib.symbols.strlne,
        /^cdef: the text has no function or variable 'strlne'; did you mean 'strlen'\?$/,
      );
      notDefined(() => lib.symbols.LIMIT, /'LIMIT'; constants\.LIMIT is a constant$/);
      notDefined(() => lib.symbols.size, /'size'; types\.size is a type$/);
    }, 20);
  });

  test('a struct', () => {
    notDefined(() => lib.structs.pont, "cdef: the text has no struct or union 'pont'; did you mean 'point'?");
    notDefined(() => lib.structs.size, /'size'; types\.size is a type$/);
    notDefined(() => lib.structs.abs, /'abs'; symbols\.abs is a function or variable$/);
    throws(() => lib.structs.hidden, {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: 'hidden is never defined in the text: only pointers to it can be used',
    });
  });

  test('a type', () => {
    notDefined(() => lib.types.sise, "cdef: the text has no typedef 'sise'; did you mean 'size'?");
    notDefined(() => lib.types.point, /'point'; structs\.point is a struct$/);
    notDefined(() => lib.types.READ, /'READ'; constants\.READ is a constant$/);
  });

  test('a function that only the header has is named as such', () => {
    const way = ': no code in the library has that name; `npx arkffi bind --shim` makes a C function that calls it';
    noCode(() => lib.symbols.twice, `twice is a macro with parameters${way}`);
    noCode(() => lib.symbols.half, `half is static or inline in the header${way}`);
    noCode(() => lib.symbols.third, `third is static or inline in the header${way}`);
    noCode(() => lib.symbols.local, `local is static or inline in the header${way}`);
  });

  test('what is there is found as before, and `in` throws nothing', async () => {
    await check(() => {
      assert.equal(symbols.abs(-3), 3);
      assert.equal(lib.symbols.strlen('abc'), 3);
      assert.equal('strlem' in symbols || 'strlem' in lib.symbols || 'pont' in lib.structs, false);
      assert.equal('strlen' in symbols && 'strlen' in lib.symbols, true);
    });
    assert.deepEqual(Object.keys(symbols), ['strlen', 'abs']);
    assert.equal(Reflect.has(symbols, 'x'), false);
    assert.equal(Object.getOwnPropertyDescriptor(symbols, 'x'), undefined);
  });
});

describe('what is read from any object', () => {
  // JSON reads every type, and one that cannot be used throws.
  const { types } = cdef(null, 'typedef unsigned long size; typedef struct { int x, y; } point;');
  const tables = { symbols, 'symbols of cdef': lib.symbols, structs: lib.structs, types };
  Object.entries(tables).forEach(([name, table]) => {
    test(`${name}: promises, JSON, console.log, assertions and test frameworks throw nothing`, async () => {
      assert.equal(await Promise.resolve(table), table);
      assert.equal(typeof JSON.stringify(table), 'string');
      assert.equal(typeof inspect(table, { depth: 4, showHidden: true, getters: false }), 'string');
      assert.equal(typeof format('%o %O %j %s', table, table, {}, ''), 'string');
      assert.deepEqual(table, table);
      assert.notDeepEqual(table, { other: 1 });
      for (const key in table) assert.equal(typeof key, 'string');
      assert.equal(Object.prototype.toString.call(table), '[object Object]');
      const read = ['then', 'toJSON', 'constructor', 'asymmetricMatch', '$$typeof', 'nodeType', 'tagName', 'inspect'];
      const more = [
        '@@__IMMUTABLE_ITERABLE__@@',
        '_isMockFunction',
        '__esModule',
        'valueOf',
        '0',
        'length',
        '__proto__',
      ];
      const strange = [Symbol.toStringTag, Symbol.iterator, Symbol.toPrimitive, Symbol('any'), Symbol.asyncIterator];
      for (const key of [...read, ...more, ...strange]) assert.equal(table[key], undefined, String(key));
    });
  });
});

describe('names that are set', () => {
  test('a library and its symbols, structs and types take no unknown property', () => {
    const other = dlopen(null, { abs: { args: ['i'], returns: 'i' } });
    for (const library of [lib, other]) assert.throws(() => void (library.simbols = {}), TypeError);
    throws(() => void (other.symbols.extra = 1), { code: 'ERR_FFI_NOT_DEFINED' });
    throws(() => void (lib.symbols.extra = 1), { code: 'ERR_FFI_NOT_DEFINED' });
    throws(() => void (lib.structs.extra = 1), { code: 'ERR_FFI_NOT_DEFINED' });
    throws(() => void (lib.types.extra = 1), { code: 'ERR_FFI_NOT_DEFINED' });
    other.close();
  });
});

describe('fields that a struct does not have', () => {
  const Point = Struct({ x: 'int', y: 'int' }, { name: 'Point' });
  const Path = Struct({ start: Point, then: 'int', title: ['char', 8] }, { name: 'Path' });
  const Bits = Union({ float: 'float', uint: 'u32' }, { name: 'Bits' });
  const noField = (run, message) => throws(run, { code: 'ERR_FFI_INVALID_ARG_TYPE', message });

  test('setting and reading one throws, and says what may be meant', async () => {
    const point = Point.create({ x: 1, y: 2 });
    const inC = Point.at(point.ptr);
    await check(() => {
      for (const value of [point, inC, Point.arrayOf(2)[1]]) {
        noField(() => void (value.z = 1), "Point: no field 'z'; did you mean 'x'?");
        noField(() => value.z, "Point: no field 'z'; did you mean 'x'?");
        noField(() => void (value['not a name'] = 1), "Point: no field 'not a name'");
        noField(() => void (value[0] = 1), /^Point: no field '0'/);
        noField(() => void (value.toString = 1), /^Point: no field 'toString'/);
        noField(() => void (value.then = 1), /^Point: no field 'then'/);
      }
      noField(() => void (Path.create().start.wide = 1), /^Point: no field 'wide'/);
      noField(() => void (Path.create().titel = 'a'), "Path: no field 'titel'; did you mean 'title'?");
      noField(() => Bits.create().flaot, "Bits: no field 'flaot'; did you mean 'float'?");
      assert.deepEqual(point.toObject(), { x: 1, y: 2 });
    }, 20);
  });

  test('in a program that is not strict, too', () => {
    const set = new Function('value', 'value.z = 1');
    noField(() => set(Point.create()), /no field 'z'/);
  });

  test('fields, symbols and what all objects have are as before', async () => {
    const path = Path.create({ start: { x: 1, y: 2 }, then: 3, title: 'abc' });
    await check(() => {
      path.then = 4;
      path.start.x = 5;
      assert.deepEqual([path.then, path.start.x, path.title.text()], [4, 5, 'abc']);
    });
    const point = path.start;
    assert.ok(point instanceof Object);
    assert.equal('z' in point, false);
    assert.equal('x' in point && 'toString' in point, true);
    assert.equal(point.hasOwnProperty('x'), false);
    assert.equal(`${point}`, '[object Object]');
    const key = Symbol('of the program');
    point[key] = 7;
    assert.equal(point[key], 7);
    assert.deepEqual(Object.keys(point), ['use toObject()']);
    assert.deepEqual(Reflect.ownKeys(Object.getPrototypeOf(point)).includes('x'), true);
  });

  test('an object that inherits from a value is closed as the value is', () => {
    noField(() => void (Object.create(Point.create()).z = 1), /no field 'z'/);
    assert.equal(Object.create(Object.getPrototypeOf(Point.create())).then, undefined);
  });

  test('its prototypes can be looked at', () => {
    const [own, base, last] = [1, 2, 3].map((depth) => {
      let at = Point.create();
      for (let i = 0; i < depth; i++) at = Object.getPrototypeOf(at);
      return at;
    });
    noField(() => own.z, /no field 'z'/);
    for (const prototype of [base, last]) assert.equal(prototype.z, undefined);
    assert.throws(() => (last.z = 1), /^TypeError: .*'set'/);
    for (const receiver of [null, undefined, 5, 'x', {}]) assert.equal(Reflect.get(base, 'z', receiver), undefined);
  });

  test('promises, JSON, console.log, assertions and test frameworks throw nothing', async () => {
    const point = Point.create({ x: 1, y: 2 });
    assert.equal(await Promise.resolve(point), point);
    assert.equal(await (async () => point)(), point);
    assert.equal(JSON.stringify({ point }), '{"point":{"x":1,"y":2}}');
    assert.equal(typeof inspect(point, { depth: 4, showHidden: true, getters: true }), 'string');
    assert.match(format('%o %O %j', point, point, point), /"x":1/);
    assert.match(inspect(point), /x: 1/);
    assert.deepEqual(point, point);
    assert.deepStrictEqual(point, point);
    assert.notDeepEqual(point, { other: 1 });
    for (const name in point) assert.ok(['x', 'y', 'use toObject()'].includes(name), name);
    assert.equal(Object.prototype.toString.call(point), '[object Object]');
    const read = ['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'nodeType', 'tagName', 'inspect', 'length'];
    for (const name of read.filter((name) => name !== 'toJSON')) {
      assert.equal(point[name], undefined, name);
    }
    assert.equal(typeof point.constructor, 'function');
    for (const key of [Symbol.toStringTag, Symbol.iterator, Symbol.toPrimitive, Symbol('any')]) {
      assert.equal(point[key], undefined, String(key));
    }
    point.x = 3;
    assert.equal(Object.isExtensible(point), true);
  });

  test('hosts that ask whether a value is a stream, a body or options find nothing', async () => {
    const point = Point.create({ x: 1, y: 2 });
    assert.equal(isReadable(point) || isErrored(point), false);
    assert.deepEqual(await Readable.from([point]).toArray(), [point]);
    const passed = new PassThrough({ objectMode: true });
    passed.end(point);
    assert.deepEqual(await passed.toArray(), [point]);
    const emitter = new EventEmitter();
    setImmediate(() => emitter.emit('x', point));
    assert.deepEqual(await once(emitter, 'x', point), [point]);
    for (const name of ['pipe', 'on', 'signal', 'method', 'readable', '_readableState', 'append']) {
      assert.equal(point[name], undefined, name);
      noField(() => void (point[name] = 1), new RegExp(`^Point: no field '${name}'`));
      const value = Struct({ [name]: 'int' }).create({ [name]: 3 });
      value[name]++;
      assert.equal(value[name], 4);
      assert.deepEqual(value.toObject(), { [name]: 4 });
      // C has functions of such names.
      notDefined(() => symbols[name], `dlopen: '${name}' is not among the definitions`);
    }
  });

  const isNode21 = /^v21\./.test(process.version);
  test(
    'a Response finds no body of bytes in one',
    { skip: isNode21 && 'the Response of Node.js 21 asks every object for more names' },
    async () => assert.equal(await new Response(Point.create()).text(), '[object Object]'),
  );

  test('a value cannot be cloned, nor posted to another thread', () => {
    const refusal = { name: 'DataCloneError' };
    const { port1, port2 } = new MessageChannel();
    for (const value of [Point.create(), Point.at(Point.create().ptr), Path.create().start, Bits.create()]) {
      assert.throws(() => structuredClone(value), refusal);
      assert.throws(() => structuredClone({ inside: [value] }), refusal);
      assert.throws(() => port1.postMessage(value), refusal);
      assert.throws(() => structuredClone({ ...value }), refusal);
    }
    assert.deepEqual(structuredClone(Point.create({ x: 1, y: 2 }).toObject()), { x: 1, y: 2 });
    port1.close();
    port2.close();
  });

  test('a field may have the name of the property that prevents it', () => {
    const Odd = Struct({ 'use toObject()': 'int', x: 'int' });
    assert.equal(Odd.create({ 'use toObject()': 5, x: 1 }).toObject()['use toObject()'], 5);
  });

  test('a copy by spreading has no fields, and is refused where a struct is expected', () => {
    const copy = { ...Point.create({ x: 1 }) };
    assert.deepEqual(Object.keys(copy), ['use toObject()']);
    throws(() => Point.create(copy), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
  });
});
