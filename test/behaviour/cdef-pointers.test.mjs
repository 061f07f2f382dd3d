// The option `pointers` of cdef: pointers to structs as typed pointers and handles.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cdef, Handle, opaque, out, parseDeclarations, pointerTo, Struct } from 'arkffi';
import { check, fixture, throws } from './support.mjs';

const text = `
  typedef struct node { int32_t value; struct node *next; } node;
  typedef node *node_ptr;
  typedef struct { int32_t count; node *nodes; int32_t *order; const char **names; } mesh;
  typedef struct counter counter;
  typedef node *(*visitor)(node *each);
  union either { int32_t i; float f; };
  struct keeper { counter *owner, *others[2]; union either *either; struct strange *strange; struct odd *odd; };
  struct odd { long double _Complex wide; };

  node *node_list(int32_t count);
  void node_free(node_ptr list);
  int64_t node_sum(const node *list);
  int32_t node_out(int32_t count, node **out);
  node *node_visit(node *list, visitor visit);
  int64_t nodes_sum(const node *nodes, int32_t count);
  mesh *mesh_get(_Bool is_empty);
  extern mesh *mesh_current;
  counter *counter_new(int32_t value);
  _Bool counter_open(int32_t value, counter **out);
  int32_t counter_next(counter *counter);
  void counter_free(counter *counter);
  counter *counter_use(counter *counter, struct counter *(*use)(struct counter *));
  void *echo_pointer(struct odd *pointer);
`;
const TYPE = 'ERR_FFI_INVALID_ARG_TYPE';
const typed = { pointers: 'typed' };
const { symbols, structs, types } = cdef(fixture, text, typed);

describe("cdef with pointers: 'typed'", () => {
  test('makes pointers to structs typed, in arguments and results', () =>
    check(() => {
      const list = symbols.node_list(3);
      assert.equal(list.next.next.value, 3);
      assert.equal(list.next.next.next, null);
      assert.equal(symbols.node_sum(list), 6);
      symbols.node_free(list);
      assert.equal(symbols.node_sum({ value: 1, next: { value: 2 } }), 3);
      assert.equal(symbols.node_sum(null), 0);
      assert.equal(symbols.nodes_sum([{ value: 4 }, { value: 5 }], 2), 9);
      throws(() => symbols.node_sum({ valve: 1 }), { code: TYPE, message: /^node_sum: argument 1 \(list\)/ });
      throws(() => symbols.node_sum('x'), { code: TYPE, message: /^node_sum: argument 1 \(list\): expected a / });
    }));

  test('makes the pointers of fields, variables and callbacks typed', () =>
    check(() => {
      const mesh = symbols.mesh_get(false);
      assert.equal(mesh.count, 3);
      assert.equal(mesh.nodes.next.value, 20);
      assert.equal(typeof mesh.order, 'number'); // a pointer to integers
      assert.equal(symbols.mesh_current.value.ptr, mesh.ptr);
      const seen = [];
      const last = symbols.node_visit(mesh.nodes, (each) => {
        seen.push(each.value);
        return each.value === 20 ? null : each;
      });
      assert.deepEqual(seen, [10, 20]);
      assert.equal(last, null);
      assert.equal(structs.node.create({ next: { value: 2 } }).next.value, 2);
    }));

  test('makes handles of structs that the text does not define', () =>
    check(async () => {
      const counter = symbols.counter_new(5);
      assert.ok(counter instanceof Handle);
      assert.equal(counter.type, 'counter');
      assert.equal(symbols.counter_next(counter), 5);
      assert.equal(await symbols.counter_next.async(counter), 6);
      assert.equal(symbols.counter_next(null), -1);
      assert.equal(symbols.counter_use(counter, (same) => same).ptr, counter.ptr);
      const wrong = {
        code: TYPE,
        message: /^counter_next: argument 1 \(counter\): expected a handle of counter or null/,
      };
      throws(() => symbols.counter_next(counter.ptr), wrong);
      throws(() => symbols.counter_next(new Uint8Array(8)), wrong);
      throws(() => symbols.counter_next(opaque('FILE').at(counter.ptr)), wrong);
      assert.equal(symbols.counter_next(opaque('counter').at(counter.ptr)), 7);
      const keeper = structs.keeper.create({ owner: counter, others: [null, counter], either: { i: 1 } });
      assert.equal(keeper.owner.ptr, counter.ptr);
      assert.equal(keeper.others[1].ptr, counter.ptr);
      assert.equal(keeper.either.i, 1);
      assert.equal(keeper.strange, null);
      symbols.counter_free(counter);
    }));

  test('takes out-parameters from corrections', () =>
    check(() => {
      const Own = Struct({ value: 'i', next: 'p' });
      const lib = cdef(fixture, text, {
        ...typed,
        symbols: {
          counter_open: { args: ['i', out(opaque('counter'))] },
          node_out: { args: ['i', out(pointerTo(Own))] },
          node_sum: { args: ['p'] },
        },
      });
      const opened = lib.symbols.counter_open(7);
      assert.equal(opened.value, true);
      assert.equal(lib.symbols.counter_next(opened.out[0]), 7);
      lib.symbols.counter_free(opened.out[0]);
      const made = lib.symbols.node_out(2).out[0];
      assert.equal(made.value, 1);
      assert.equal(lib.symbols.node_sum(made), 3);
      lib.symbols.node_free(made.ptr);
      lib.close();
      // At the call, too.
      const { value, out: list } = symbols.node_out(2, out(pointerTo(structs.node)));
      assert.equal(value, 2);
      assert.equal(list[0].next.value, 2);
      symbols.node_free(list[0]);
      const wrong = { symbols: { counter_next: { args: ['i'] } } };
      throws(() => cdef(fixture, text, { ...typed, ...wrong }), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: "counter_next: args[0]: the text declares struct counter *, got 'i'",
      });
    }));

  test('leaves pointers to what arkffi has no struct for addresses', () => {
    assert.equal(symbols.echo_pointer(65536), 65536);
    assert.equal(structs.keeper.create().odd, 0);
    assert.deepEqual(types.visitor.args.length, 1);
    assert.equal(types.node_ptr.at(0), null);
    assert.equal(types.node_ptr, types.visitor.args[0]);
  });

  test('is the same for declarations that were kept', () => {
    const lib = cdef(fixture, parseDeclarations(text), typed);
    const counter = lib.symbols.counter_new(1);
    throws(() => lib.symbols.node_sum(counter), { code: TYPE });
    assert.equal(lib.symbols.counter_next(counter), 1);
    lib.symbols.counter_free(counter);
    assert.equal(lib.structs.node.create({ next: { value: 3 } }).next.value, 3);
    lib.close();
  });

  test('is off by default, and says what it may be', () => {
    for (const options of [{}, { pointers: undefined }, { pointers: 'addresses' }]) {
      const lib = cdef(fixture, text, options);
      const counter = lib.symbols.counter_new(1);
      assert.equal(typeof counter, 'number');
      lib.symbols.counter_free(counter);
      assert.equal(lib.structs.node.create().next, 0);
      assert.equal(lib.types.node_ptr, 'p');
      lib.close();
    }
    throws(() => cdef(fixture, text, { pointers: true }), {
      code: TYPE,
      message: "cdef: options.pointers: expected 'addresses' or 'typed', got true",
    });
  });
});
