// What a program corrects in C declarations: keys of definitions, types of fields, the option `strings: 'results'`, and the
// corrections that contradict the text.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cdef, inout, out, owned, Struct } from 'arkffi';
import { isWindows } from './hosts.mjs';
import { check, fixture, throws } from './support.mjs';

const text = `
  typedef struct { double re, im; } complex_t;
  size_t strlen(const char *text);
  char *strdup(const char *text);
  char *getenv(const char *name);
  double frexp(double value, int *exponent);
  double modf(double value, double *whole);
  void *memcpy(void *to, const void *from, size_t length);
  void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));
  int abs(int value);
  int printf(const char *format, ...);
  int no_such_function(int value);
  extern char **environ, **_environ;
`;
const declare = (symbols, options) => cdef(null, text, { lazy: true, symbols, ...options }).symbols;

describe('corrections of symbols', () => {
  test('an out-parameter takes the place of a pointer', async () => {
    const { frexp, modf } = declare({
      frexp: { args: ['d', out('i')] },
      modf: { args: ['d', inout('d')] },
    });
    await check(() => {
      assert.deepEqual(frexp(40), { value: 0.625, out: [6] });
      assert.deepEqual(modf(2.5, 0), { value: 0.5, out: [2] });
    });
    assert.deepEqual(await frexp.async(40), { value: 0.625, out: [6] });
  });

  test('a result becomes a string, or one that is freed', async () => {
    process.env.ARKFFI_CORRECTED = 'yes';
    const { getenv, strdup } = declare({ getenv: { returns: 's' }, strdup: { returns: owned('s', 'free') } });
    await check(() => {
      assert.equal(getenv('PATH') === null, false);
      assert.equal(strdup('copy'), 'copy');
    });
  });

  test('text becomes an address, and an address text', async () => {
    const { strlen, memcpy } = declare({ strlen: { args: ['p'] }, memcpy: { args: ['p', 's', 'size_t'] } });
    const bytes = new TextEncoder().encode('four\0');
    const to = new Uint8Array(5);
    await check(() => {
      assert.equal(strlen(bytes), 4);
      memcpy(to, 'five', 5);
      assert.deepEqual([...to], [102, 105, 118, 101, 0]);
    });
  });

  test('an integer may have the other sign, or be a bigint', async () => {
    const { strlen, abs } = declare({ strlen: { returns: 'biguint64' }, abs: { returns: 'uint' } });
    await check(() => {
      assert.equal(strlen('abc'), 3n);
      assert.equal(abs(-2147483648), 2147483648);
    });
  });

  test('other keys of a definition are added: optional, callbacks, fast', async () => {
    const symbols = declare({
      no_such_function: { optional: true },
      qsort: { callbacks: 'pump' },
      abs: { fast: false },
      strlen: {},
      memcpy: undefined,
    });
    assert.equal(symbols.no_such_function, null);
    const list = new Int32Array([3, 1, 2]);
    const compare = (a, b) => new Int32Array(symbols.memcpy(new Int32Array(1), a, 4) && [a > b ? 1 : -1])[0];
    symbols.qsort(list, 3, 4, compare);
    await check(() => assert.equal(symbols.abs(-3), 3));
    assert.equal(symbols.strlen('ab'), 2);
  });

  test('optional symbols are null also when all symbols are looked up at once', () => {
    const options = { symbols: { no_such_function: { optional: true } } };
    assert.equal(cdef(null, 'int no_such_function(int); int abs(int);', options).symbols.no_such_function, null);
  });

  test('a variable has the corrected type', () => {
    const name = isWindows ? '_environ' : 'environ';
    const environ = declare({ [name]: { type: 'pointer' } })[name];
    assert.equal(typeof environ.value, 'number');
    const sized = cdef(fixture, 'extern const int32_t echo_table[];', {
      lazy: true,
      symbols: { echo_table: { type: ['i', 4], optional: true } },
    });
    assert.equal(sized.symbols.echo_table, null);
  });

  test('a struct of the program stands for one of the same layout', async () => {
    const Complex = Struct({ re: 'd', im: 'd' });
    const complex =
      'typedef struct { double re, im; } complex_t; complex_t complex_multiply(complex_t a, complex_t b);';
    const corrected = (args) => cdef(fixture, complex, { symbols: { complex_multiply: { args } } }).symbols;
    const { complex_multiply: multiply } = corrected([Complex, Complex]);
    await check(() => {
      const value = Complex.create({ re: 3, im: 4 });
      assert.equal(multiply(value, value).re, -7);
    });
    const Other = Struct({ re: 'f', im: 'f' }, { name: 'Other' });
    throws(() => corrected([Other, Complex]), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: 'complex_multiply: args[0]: the text declares complex_t, got Other',
    });
  });

  const refusals = [
    [{ strlen: { args: [] } }, 'strlen: args: the text declares 1 argument, (const char *), got 0'],
    [{ abs: { args: ['i', 'i'] } }, 'abs: args: the text declares 1 argument, (int32_t), got 2'],
    [{ printf: { args: ['s', 'i'] } }, 'printf: args: the text declares 2 arguments, (const char *, ...), got 2'],
    [{ abs: { args: ['l'] } }, "abs: args[0]: the text declares int32_t, got 'l'"],
    [{ abs: { args: ['f'] } }, "abs: args[0]: the text declares int32_t, got 'f'"],
    [{ abs: { returns: 's' } }, "abs: returns: the text declares int32_t, got 's'"],
    [{ abs: { returns: 'v' } }, "abs: returns: the text declares int32_t, got 'v'"],
    [{ frexp: { returns: 'f' } }, "frexp: returns: the text declares double, got 'f'"],
    [{ frexp: { args: ['d', out('d')] } }, "frexp: args[1]: the text declares int32_t *, got out('d')"],
    [{ frexp: { args: ['d', out('c')] } }, "frexp: args[1]: the text declares int32_t *, got out('c')"],
    [{ frexp: { args: ['d', 's'] } }, "frexp: args[1]: the text declares int32_t *, got 's'"],
    [{ strlen: { args: [out('c')] } }, "strlen: args[0]: the text declares const char *, got out('c')"],
    [{ strlen: { args: ['S'] } }, "strlen: args[0]: the text declares const char *, got 'S'"],
    [
      { qsort: { args: ['p', 'L', 'L', { args: ['p'], returns: 'i' }] } },
      'qsort: args[3]: the text declares a pointer to a function, got a callback of other types',
    ],
    [{ qsort: { args: ['p', 'L', 'L', 's'] } }, "qsort: args[3]: the text declares a pointer to a function, got 's'"],
    [{ qsort: { returns: owned('s', 'free') } }, "qsort: returns: the text declares void, got owned('s')"],
    [{ environ: { args: [] } }, 'environ: args: the text declares a variable'],
    [{ environ: { type: 'i' } }, "environ: type: the text declares a pointer, got 'i'"],
    [{ abs: { type: 'i' } }, 'abs: type: the text declares a function'],
    [{ abs: { arg: ['i'] } }, "abs: unknown key 'arg'; did you mean 'args'?"],
    [{ abs: { args: ['integer'] } }, /^abs: args\[0\]: unknown type 'integer'/],
    [{ abs: 'i' }, "abs: expected an object with what is corrected, got 'i'"],
    [{ abs: { optional: 1 } }, 'abs: optional: expected a boolean, got 1'],
    [{ abs: { callbacks: 'none' } }, "abs: callbacks: expected 'pump', got 'none'"],
  ];
  refusals.forEach(([symbols, message]) => {
    test(`a correction is refused: ${message}`, () => {
      throws(() => declare(symbols), { code: 'ERR_FFI_BAD_SIGNATURE', message });
    });
  });

  test('a name that the text does not declare is refused', () => {
    throws(() => declare({ strlem: { returns: 's' } }), {
      code: 'ERR_FFI_NOT_DEFINED',
      message: "cdef: options.symbols: the text declares no function or variable 'strlem'; did you mean 'strlen'?",
    });
    throws(() => declare({ toString: {} }), { code: 'ERR_FFI_NOT_DEFINED' });
    throws(() => declare([]), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /^cdef: options\.symbols: expected an object/,
    });
    throws(() => declare(null), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
  });

  test('a correction is read once, and before the library is opened', () => {
    let reads = 0;
    const symbols = {
      get abs() {
        reads++;
        return { returns: 'uint' };
      },
    };
    assert.equal(declare(symbols).abs(-1), 1);
    assert.equal(reads, 1);
    throws(() => cdef('no-such-library.so', text, { symbols: { abs: { returns: 'd' } } }), {
      code: 'ERR_FFI_BAD_SIGNATURE',
    });
  });
});

describe('corrections of fields', () => {
  const structs = `
    typedef struct node { char *data; struct node *next; unsigned flags : 3; union { int whole; float real; }; } node_t;
    struct bytes { const char *start; int list[4]; void (*done)(void); };
  `;
  const structOf = (fields) => cdef(null, structs, { fields }).structs;

  test('a field has the corrected type', async () => {
    const { node, node_t, bytes } = structOf({ node: { data: 's', whole: 'uint' }, bytes: { start: 'p' } });
    assert.equal(node, node_t);
    const value = node.create({ data: 'text' });
    await check(() => {
      assert.equal(value.data, 'text');
      value.whole = 4294967295;
      assert.equal(value.whole, 4294967295);
      assert.equal(bytes.create().start, 0);
    });
    assert.equal(structOf(undefined).node.create().data, 0);
  });

  test('a correction that contradicts the text is refused', () => {
    const refused = (fields, message, code = 'ERR_FFI_BAD_SIGNATURE') =>
      throws(() => structOf(fields), { code, message });
    refused({ node: { data: 'i' } }, "node.data: the text declares char *, got 'i'");
    refused({ node: { real: 'd' } }, "node.real: the text declares float, got 'd'");
    refused({ node: { flags: 'h' } }, "node.flags: the text declares uint32_t, got 'h'");
    refused({ bytes: { list: ['i', 5] } }, "bytes.list: the text declares int32_t[4], got ['i', 5]");
    refused({ bytes: { list: ['h', 4] } }, "bytes.list: the text declares int32_t[4], got ['h', 4]");
    refused({ bytes: { done: 's' } }, "bytes.done: the text declares a pointer to a function, got 's'");
    refused({ bytes: { start: 'what' } }, /^bytes\.start: unknown type 'what'/);
    refused(
      { node: { dat: 's' } },
      "cdef: options.fields: node has no field 'dat'; did you mean 'data'?",
      'ERR_FFI_NOT_DEFINED',
    );
    refused(
      { nodes: {} },
      "cdef: options.fields: the text defines no struct or union 'nodes'; did you mean 'node'?",
      'ERR_FFI_NOT_DEFINED',
    );
    refused({ node: 's' }, /^cdef: options\.fields\.node: expected an object/, 'ERR_FFI_INVALID_ARG_TYPE');
    refused('s', /^cdef: options\.fields: expected an object/, 'ERR_FFI_INVALID_ARG_TYPE');
  });
});

describe('corrections of pointers to functions', () => {
  const text = `
    typedef int (*binary)(int, int);
    struct operations { binary add; binary choose[2]; const char *(*name)(void); };
    int operations_apply(struct operations *own, int a, int b);
    extern binary operations_current;
    int32_t call_with_context(int32_t (*callback)(const char *data, int32_t size), const char *data, int32_t size);
  `;
  const add = { args: ['i', 'i'], returns: 'i' };
  const definitions = { symbols: { operations_current: { type: add } } };
  const fields = { operations: { add, choose: [add, 2], name: { returns: 's' } } };

  test('a field and a variable give and take functions', async () => {
    const { structs, symbols } = cdef(fixture, text, { ...definitions, fields });
    const own = structs.operations.create({ add: (a, b) => a * b, name: () => 'mine' });
    await check(async () => {
      assert.equal(symbols.operations_apply(own, 3, 4), 12);
      assert.equal(own.add(5, 6), 30);
      assert.equal(await own.add.async(5, 6), 30);
      assert.equal(own.name(), 'mine');
      assert.equal(own.choose[1], null);
      assert.equal(symbols.operations_current.value(1, 2), 3);
    }, 40);
  });

  test('a parameter has a corrected callback, which may take text although an integer follows', async () => {
    const { symbols } = cdef(fixture, text, {
      symbols: { call_with_context: { args: [{ args: ['s', 'i'], returns: 'i' }, 'p', 'i'] } },
    });
    const seen = [];
    await check(async () => {
      const hear = (data, size) => (seen.push(data), data.length + size);
      assert.equal(symbols.call_with_context(hear, new TextEncoder().encode('four\0'), 3), 7);
      assert.equal(await symbols.call_with_context.async(hear, new TextEncoder().encode('four\0'), 3), 7);
    }, 40);
    assert.ok(seen.every((data) => data === 'four'));
  });

  test('a callback that contradicts the text is refused', () =>
    check(() => {
      const refused = (options, message) =>
        throws(() => cdef(fixture, text, options), { code: 'ERR_FFI_BAD_SIGNATURE', message });
      const field = (add) => ({ fields: { operations: { add } } });
      refused(
        { fields: { operations: { choose: [add, 3] } } },
        /^operations\.choose: the text declares a pointer to a function\[2\]/,
      );
      refused(field({ args: ['nope'] }), /^operations\.add: args\[0\]: unknown type 'nope'/);
      refused(
        { symbols: { operations_current: { type: { args: ['...'] } } } },
        /^operations_current: type: args\[0\]: /,
      );
      const callback = (args) => ({ symbols: { call_with_context: { args: [{ args, returns: 'i' }, 'p', 'i'] } } });
      const other = 'the text declares a pointer to a function, got a callback of other types';
      refused(callback(['s']), `call_with_context: args[0]: ${other}`);
      refused(callback(['d', 'i']), `call_with_context: args[0]: ${other}`);
      refused(callback(['s', '...']), `call_with_context: args[0]: ${other}`);
    }, 40));
});

describe("the option strings: 'results'", () => {
  test('what C gives is a string, and what it takes stays a buffer', async () => {
    const { symbols, structs, types } = cdef(
      null,
      `
      char *strcpy(char *to, const char *from);
      typedef struct { char *name; int id; } person;
      typedef char *(*rename_to)(char *from);
      void each(void (*callback)(char *name));
    `,
      { strings: 'results', lazy: true },
    );
    const to = new Uint8Array(8);
    await check(() => {
      assert.equal(symbols.strcpy(to, 'text'), 'text');
      throws(() => symbols.strcpy(3.5, 'text'), { code: 'ERR_FFI_OUT_OF_RANGE' });
    });
    assert.equal(structs.person.create({ name: 'Ada' }).name, 'Ada');
    assert.deepEqual(types.rename_to, { args: ['s'], returns: 'p' });
  });

  test('another value is refused', () => {
    throws(() => cdef(null, 'int abs(int);', { strings: 'result' }), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: "cdef: options.strings: expected 'const', 'results', 'all' or 'none', got 'result'",
    });
  });
});
