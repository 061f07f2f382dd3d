// Pointers to values of a declared type, and handles of what only C knows.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  Arena,
  AsyncCFunction,
  CFunction,
  dlopen,
  Handle,
  inout,
  JSCallback,
  opaque,
  out,
  Pointee,
  pointerTo,
  PointerView,
  ptr,
  read,
  Struct,
} from 'arkffi';
import { collectGarbage } from './hosts.mjs';
import { nextTurn, ownFixture } from './lifetimes.mjs';
import { check, fixture, rejects, throws, withErrnoOf } from './support.mjs';

const Node = Struct({ value: 'i', next: pointerTo(() => Node) }, { name: 'Node' });
const Point = Struct({ x: 'i', y: 'i' }, { name: 'Point' });
const Mesh = Struct({
  count: 'i',
  nodes: pointerTo([Node, 0]),
  order: pointerTo(['i', 3]),
  names: pointerTo(['s', 0]),
});
const counter = opaque('counter');
const node = pointerTo(Node);

const lib = dlopen(fixture, {
  node_list: { args: ['i'], returns: node },
  node_free: { args: [node] },
  node_freed: { returns: 'i' },
  node_sum: { args: [node], returns: 'l' },
  node_same: { args: [node], returns: node },
  node_out: { args: ['i', out(node)], returns: 'i' },
  node_visit: { args: [node, { args: [node], returns: node }], returns: node },
  nodes_sum: { args: [node, 'i'], returns: 'l' },
  nodes_sum_of: { args: [pointerTo(node)], returns: 'l' },
  ints_double: { args: [pointerTo('i'), 'i'], returns: 'l' },
  echo_pointer: { args: [pointerTo('i')], returns: pointerTo('i') },
  mesh_get: { args: ['b'], returns: pointerTo(Mesh) },
  mesh_current: { type: pointerTo(Mesh) },
  mesh_order: { type: pointerTo(['i', 3]) },
  pointer_strings_length: { args: [pointerTo('s')], returns: 'l' },
  pointer_strings: { returns: pointerTo(['s', 0]) },
  counter_new: { args: ['i'], returns: counter },
  counter_open: { args: ['i', out(counter)], returns: 'b' },
  counter_next: { args: [counter], returns: 'i' },
  counter_free: { args: [counter] },
  counter_use: { args: [counter, { args: [counter], returns: counter }], returns: counter },
});
const { symbols } = lib;
const { node_list, node_free, node_sum, node_same } = symbols;

describe('a pointer to a struct', () => {
  test('gives a value of it in every way of calling, and null for NULL', () => {
    const { ptr } = node_list;
    const types = { args: ['i'], returns: node, ptr };
    const calls = [
      node_list,
      node_list.with({}),
      CFunction(types),
      CFunction({ ...types, fast: false }),
      CFunction({ ...types, callbacks: 'pump' }),
      node_list.async,
      node_list.async.with({ timeout: 10_000 }),
      AsyncCFunction(types),
    ];
    return check(async () => {
      for (const call of calls) {
        const list = await call(2);
        assert.equal(list.schema, Node);
        assert.deepEqual([list.value, list.next.value, list.next.next], [1, 2, null]);
        node_free(list);
        assert.equal(await call(0), null);
      }
      const { value: list, errno } = node_list.with({ errno: true })(1);
      assert.deepEqual([list.value, errno], [1, 0]);
      const later = await node_list.async.with({ errno: true })(0);
      assert.deepEqual(later, withErrnoOf(null, 0));
      node_free(list);
    }, 20);
  });

  test('takes a value, an address, a buffer, null, an array of values, and plain objects', () => {
    const second = Node.create({ value: 2 });
    const first = Node.create({ value: 1, next: second });
    const array = Node.arrayOf(2);
    array[1] = { value: 7 };
    return check(async () => {
      assert.equal(node_sum(first), 3);
      assert.equal(node_sum(first.ptr), 3);
      assert.equal(node_sum(BigInt(first.ptr)), 3);
      assert.equal(node_sum(null), 0);
      assert.equal(node_sum(new Uint8Array(first.buffer)), 3);
      assert.equal(node_sum({ value: 4 }), 4);
      assert.equal(node_sum({}), 0);
      assert.equal(node_sum({ value: 4, next: { value: 5, next: first } }), 12);
      assert.equal(await node_sum.async({ value: 4, next: { value: 5, next: first } }), 12);
      assert.equal(node_sum.with({ errno: true })({ value: 4 }).value, 4);
      assert.equal(symbols.nodes_sum(array, 2), 7);
      assert.equal(symbols.nodes_sum([{ value: 1 }, first, { value: 3 }], 3), 5);
      assert.equal(symbols.nodes_sum([], 0), 0);
      assert.equal(symbols.nodes_sum_of([first, { value: 8 }, second]), 11);
      assert.equal(symbols.nodes_sum_of([]), 0);
    }, 4);
  });

  test('gives back what JavaScript has stored there, which is kept alive', async () => {
    const first = Node.create();
    (() => {
      first.next = Node.create({ value: 2 });
      first.next.next = { value: 3 };
    })();
    const { next } = first;
    assert.equal(first.next, next);
    assert.equal(first.next.next.value, 3);
    assert.equal(node_sum(first), 5);
    const copy = Node.fromPtr(first);
    assert.equal(copy.next, next);
    first.next = next.ptr;
    assert.notEqual(first.next, next); // an address keeps nothing alive, and is not known to be that of a value
    assert.equal(first.next.value, 2);
    first.next = null;
    assert.equal(first.next, null);
    assert.deepEqual(copy.toObject(), { value: 0, next: next.ptr });
    assert.equal(node_same(next), next);
  });

  test('writes and reads memory of C', () => {
    const list = node_list(3);
    list.value = 10;
    list.next.value = 20;
    assert.equal(node_sum(list), 33);
    const { next } = list;
    list.next = list.next.next;
    assert.equal(node_sum(list), 13);
    list.next = next;
    next.next = next.next;
    assert.equal(node_sum(list), 33);
    for (const value of [Node.create(), { value: 1 }, new Uint8Array(16)]) {
      throws(() => (list.next.next = value), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^Node\.next: memory of JavaScript's that C's memory leads to would have no owner: /,
      });
    }
    assert.equal(node_sum(list), 33);
    const arena = new Arena();
    const own = arena.struct(Node, { value: 5 });
    list.next.next.next = own.ptr;
    assert.equal(node_sum(list), 38);
    list.next.next.next = null;
    arena.close();
    node_free(list);
  });

  test('is an out-parameter, a variable, and what callbacks get and return', () =>
    check(async () => {
      const { value, out: written } = symbols.node_out(2);
      assert.deepEqual([value, written[0].next.value], [2, 2]);
      const found = symbols.node_visit(written[0], (each) => (each.value === 2 ? null : each));
      assert.equal(found, null);
      assert.equal(symbols.node_visit(written[0], (each) => each).value, 2);
      assert.equal((await symbols.node_visit.async(written[0], (each) => each)).value, 2);
      assert.equal(symbols.node_visit(written[0], () => ({ value: 9, next: { value: 1 } })).value, 9);
      node_free(written[0]);
      assert.deepEqual(symbols.node_out(0), { value: 0, out: [null] });

      const visit = new JSCallback((each) => each.next, { args: [node], returns: node });
      assert.equal(visit.call({ value: 1, next: { value: 2 } }).value, 2);
      assert.equal(visit.call({ value: 1 }), null);
      visit.close();
      assert.equal(symbols.mesh_current.value.count, 3);
    }, 20));

  test('refuses values of other types, and says what it takes', () => {
    const wrong = [
      [Point.create(), /^node_sum: argument 1: expected a Node value, got /],
      [Point.arrayOf(2), /^node_sum: argument 1: expected a Node value, an object with its fields, an array/],
      [
        'text',
        /^node_sum: argument 1: expected a Node value, an object with its fields, an array, a buffer, an address/,
      ],
      [undefined, /expected a Node value/],
      [true, /expected a Node value/],
      [() => {}, /expected a Node value/],
      [node_sum, /expected a Node value/],
      [counter.at(4096), /expected a Node value/],
      [{ valu: 1 }, /^node_sum: argument 1: no field 'valu'; did you mean 'value'\?$/],
      [{ value: '1' }, /^node_sum: argument 1: \.value: expected number, got string$/],
      [[{ value: 1 }, { next: 'x' }], /^node_sum: argument 1: \[1\]\.next: expected a Node value/],
      [{ ...Node.create() }, /a copy that '\.\.\.' made/],
    ];
    return check(async () => {
      for (const [value, message] of wrong) {
        throws(() => node_sum(value), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
        await rejects(() => node_sum.async(value), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
      }
      throws(() => node_sum({ value: 2 ** 40 }), { code: 'ERR_FFI_OUT_OF_RANGE' });
      throws(() => node_sum(-1), { code: 'ERR_FFI_OUT_OF_RANGE' });
      throws(() => node_sum(), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => node_sum(null, null), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => (Node.create().next = Point.create()), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^Node\.next: /,
      });
    }, 20);
  });

  test('that is no address of memory is an error when it is used, and not before', () => {
    const first = Node.create({ next: 2n ** 64n - 1n });
    assert.equal(first.next.ptr, 2n ** 64n - 1n);
    first.next = 12;
    assert.equal(first.next.ptr, 12);
    throws(() => first.next.value, { code: 'ERR_FFI_NULL_POINTER', message: /^Node\.value: / });
    throws(() => (first.next.value = 1), { code: 'ERR_FFI_NULL_POINTER' });
  });

  test('of a library that has been closed throws', () => {
    const own = dlopen(ownFixture(), { node_list: { args: ['i'], returns: node } });
    own.close();
    throws(() => own.symbols.node_list(0), { code: 'ERR_FFI_LIBRARY_CLOSED' });
  });
});

describe('a pointer to an array', () => {
  test('of unknown length has every index, and views with a length', () => {
    const mesh = symbols.mesh_get(false);
    assert.ok(mesh.nodes instanceof PointerView);
    assert.deepEqual(
      [0, 1, 2].map((i) => mesh.nodes[i].value),
      [10, 20, 30],
    );
    mesh.nodes[0].value = 11;
    assert.equal(mesh.nodes.get(0).value, 11);
    mesh.nodes[0] = { value: 10 };
    assert.equal(mesh.nodes[1].next.value, 30);
    assert.equal(Node.at(mesh.nodes, Node.size).value, 20);
    assert.deepEqual(
      Array.from(mesh.nodes.first(mesh.count), ({ value }) => value),
      [10, 20, 30],
    );
    assert.deepEqual(
      [0, 1, 2, 3].map((i) => mesh.names[i]),
      ['ten', 'twenty', 'thirty', null],
    );
    assert.equal(mesh.nodes.first(0).length, 0);
    assert.equal(mesh.nodes.length, undefined);
    for (const index of [0.5, NaN, Infinity, '0', 2 ** 53]) {
      throws(() => mesh.nodes.get(index), { code: 'ERR_FFI_OUT_OF_RANGE' });
      if (typeof index === 'number') throws(() => (mesh.nodes[index] = null), { code: 'ERR_FFI_OUT_OF_RANGE' });
    }
    for (const count of [-1, 0.5, '1', undefined]) {
      throws(() => mesh.nodes.first(count), { code: 'ERR_FFI_OUT_OF_RANGE' });
    }
    throws(() => (mesh.nodes[0] = 5), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^array\[0\]: / });
    assert.equal(symbols.pointer_strings()[4], 'behind NULL');
    assert.equal(symbols.mesh_get(true).nodes, null);
  });

  test('of known length is an array', () => {
    const mesh = symbols.mesh_get(false);
    assert.deepEqual([...mesh.order], [2, 0, 1]);
    assert.equal(mesh.order.length, 3);
    assert.deepEqual([...symbols.mesh_order.value], [2, 0, 1]);
    mesh.order[0] = 5;
    assert.equal(symbols.mesh_order.value[0], 5);
    mesh.order[0] = 2;
    const own = Mesh.create({ count: 1, nodes: [{ value: 3 }], order: [1, 2, 3], names: ['a', 'b'] });
    assert.equal(own.nodes[0].value, 3);
    assert.deepEqual([own.order[2], own.names[0], own.names[1], own.names[2]], [3, 'a', 'b', null]);
    own.names[0] = 'c'; // in memory of JavaScript's, which keeps the text
    own.order[2] = 4;
    assert.deepEqual([own.names[0], own.order[2]], ['c', 4]);
    own.order[2] = 3;
    const numbers = Int32Array.of(7, 8, 9);
    own.order = numbers;
    assert.deepEqual([...own.order], [7, 8, 9]);
    numbers.buffer.transfer?.() ?? structuredClone(numbers.buffer, { transfer: [numbers.buffer] });
    throws(() => own.order, { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /detached/ });
    own.order = [1, 2, 3];
    throws(() => (own.order = [1]), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: 'Struct.order: expected an array of 3 values, got 1',
    });
    assert.equal(own.order[2], 3);
  });

  test('what a pointer leads to in memory of JavaScript has an address', () =>
    check(() => {
      const Holder = Struct({ texts: pointerTo(['s', 0]), number: pointerTo('i'), node: pointerTo(Node) });
      const value = Holder.create({ texts: ['é', null], number: [3], node: { value: 4 } });
      for (const { ptr: address } of [value.texts, value.number, value.node]) assert.ok(address > 65_535);
      assert.equal(value.texts.ptr, ptr(value.texts));
      assert.equal(pointerTo('i').at(value.number.ptr).value, 3);
      assert.equal(value.node.ptr, ptr(value.node));
    }));

  test('at an address is arrayAt of its struct', () => {
    const mesh = symbols.mesh_get(false);
    const array = Node.arrayAt(mesh.nodes, 3);
    assert.deepEqual(
      Array.from(array, ({ value }) => value),
      [10, 20, 30],
    );
    assert.equal(Node.arrayAt(mesh.nodes.ptr, 2)[1].value, 20);
    const own = Node.arrayOf(3);
    Node.arrayAt(own, 3)[2].value = 5;
    assert.equal(own[2].value, 5);
    throws(() => Node.arrayAt(own, 4), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^Node\.arrayAt: argument 1: / });
    throws(() => Node.arrayAt(mesh.nodes, 0), {
      code: 'ERR_FFI_OUT_OF_RANGE',
      message: /^Node\.arrayAt: argument 2: /,
    });
    throws(() => Node.arrayAt(0, 1), { code: 'ERR_FFI_NULL_POINTER', message: /^Node\.arrayAt: / });
    throws(() => Node.arrayAt('x', 1), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
  });
});

describe('a pointer to any other type', () => {
  test('gives its value, and takes lists of values', () =>
    check(async () => {
      const values = new Int32Array([1, 2]);
      const pointee = symbols.echo_pointer(values);
      assert.ok(pointee instanceof Pointee);
      assert.equal(pointee.value, 1);
      pointee.value = 5;
      assert.equal(values[0], 5);
      throws(() => (pointee.value = 'x'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^pointer\.value: / });
      assert.equal(symbols.echo_pointer(pointee).ptr, pointee.ptr);
      assert.equal(read.i32(pointee), 5);
      assert.equal(symbols.echo_pointer(null), null);
      const list = [1, 2, 3];
      assert.equal(symbols.ints_double(list, 3), 12);
      assert.deepEqual(list, [1, 2, 3]); // C has a copy
      assert.equal(await symbols.ints_double.async([4, 5], 2), 18);
      assert.equal(symbols.pointer_strings_length(['one', 'zwölf']), 9);
      assert.equal(symbols.pointer_strings_length([]), 0);
      assert.equal(await symbols.pointer_strings_length.async(['one', 'two']), 6);
      throws(() => symbols.ints_double([1, 2.5], 2), {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: /^ints_double: argument 1: \[1\]: 2\.5 is not an integer/,
      });
      throws(() => symbols.pointer_strings_length(['a', 7n, {}]), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^pointer_strings_length: argument 1: \[2\]: expected a string/,
      });
      throws(() => symbols.ints_double('text', 3), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message:
          'ints_double: argument 1: expected a pointer to int32_t, an array, a buffer, an address or null, got string',
      });
      throws(() => symbols.ints_double(Node.arrayOf(1), 3), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      throws(() => symbols.ints_double(Node.create(), 3), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }, 4));

  test('a result that lies in an argument keeps its memory alive', async () => {
    const first = symbols.node_same(Node.create({ value: 5, next: { value: 6 } }));
    const pointee = symbols.echo_pointer(Int32Array.of(7));
    const inner = symbols.node_same(Node.create({ value: 1, next: { value: 8 } })).next;
    for (let i = 0; i < 5; i++) (collectGarbage(), new Uint8Array(1e6), await nextTurn());
    assert.deepEqual([first.value, first.next.value, pointee.value, inner.value], [5, 6, 7, 8]);
    const value = Node.create();
    assert.equal(node_same(value), value);
  });

  test('may be another pointer', () => {
    const double = pointerTo(node);
    const first = Node.create({ value: 4 });
    const slot = new BigUint64Array([BigInt(first.ptr)]);
    const load = CFunction({ args: [double], returns: double, ptr: node_same.ptr });
    assert.equal(load(slot).value.value, 4);
    assert.equal(load([first]).value.value, 4);
    assert.equal(load([null]).value, null);
    assert.equal(load(null), null);
  });
});

describe('a handle', () => {
  test('goes to C and comes back, in every way of calling', () =>
    check(async () => {
      const made = symbols.counter_new(5);
      assert.ok(made instanceof Handle);
      assert.equal(made.type, 'counter');
      assert.equal(symbols.counter_next(made), 5);
      assert.equal(await symbols.counter_next.async(made), 6);
      assert.equal(symbols.counter_next.with({ errno: true })(made).value, 7);
      assert.equal(symbols.counter_next(null), -1);
      assert.equal(symbols.counter_use(made, (same) => same).ptr, made.ptr);
      assert.equal(
        symbols.counter_use(made, () => null),
        null,
      );
      assert.equal(symbols.counter_use(null, (nothing) => (assert.equal(nothing, null), made)).ptr, made.ptr);
      const again = counter.at(made.ptr);
      assert.equal(symbols.counter_next(again), 8);
      const {
        value,
        out: [opened],
      } = symbols.counter_open(1);
      assert.deepEqual([value, symbols.counter_next(opened)], [true, 1]);
      assert.deepEqual(symbols.counter_open(-1), { value: false, out: [null] });
      const Holder = Struct({ counter, list: [counter, 2] });
      const holder = Holder.create({ counter: made });
      assert.equal(holder.counter.ptr, made.ptr);
      assert.equal(holder.list[0], null);
      assert.equal(`${made}`, `counter * ${made.ptr}`);
      symbols.counter_free(opened);
      symbols.counter_free(made);
    }, 20));

  test('of another type is refused, and so is everything else', () => {
    const wrong = [
      [opaque('other').at(4096), /^counter_next: argument 1: expected a handle of counter or null, got one of other$/],
      [4096, /got number; at\(address\) of the type makes one of an address$/],
      [4096n, /got bigint; at\(address\)/],
      [new Uint8Array(8), /expected a handle of counter or null, got a Uint8Array/],
      [{ ptr: 4096 }, /got object/],
      [undefined, /got undefined/],
      [Node.create(), /expected a handle of counter or null/],
    ];
    return check(() => {
      for (const [value, message] of wrong) {
        throws(() => symbols.counter_next(value), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
      }
      throws(() => (Struct({ counter }).create().counter = 4096), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^Struct\.counter: /,
      });
    });
  });

  test('has a name', () => {
    for (const name of ['', undefined, 5, null]) throws(() => opaque(name), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    assert.equal(opaque('FILE').at(0), null);
    assert.equal(opaque('FILE').at({ ptr: 65536 }).ptr, 65536);
  });
});

test('definitions with pointers to no type are refused, and name the place', () => {
  const wrong = [
    ['void', "pointerTo: argument 1: a pointer to anything is 'pointer'"],
    ['nope', /^pointerTo: argument 1: unknown type 'nope'/],
    [['i', -1], /^pointerTo: argument 1\[1\]: expected a count/],
    [['nope', 0], /^pointerTo: argument 1\[0\]: unknown type/],
    [undefined, /^pointerTo: argument 1: expected a type, got undefined$/],
    [null, /^pointerTo: argument 1: expected a type, got null$/],
    [{ type: 'i', bits: 3 }, /only a struct has bit-fields/],
  ];
  for (const [type, message] of wrong) throws(() => pointerTo(type), { code: 'ERR_FFI_BAD_SIGNATURE', message });
  const late = Struct({ next: pointerTo(() => 'nope') });
  throws(() => late.create({ next: [] }), { code: 'ERR_FFI_BAD_SIGNATURE', message: /unknown type 'nope'/ });
});

test('a first value of an in-out-parameter may be an array or object', () => {
  const swap = CFunction({ args: [inout(['i', 2]), 'i'], returns: 'l', ptr: symbols.ints_double.ptr });
  assert.deepEqual(swap([1, 2], 2), { value: 6, out: [[2, 4]] });
});
