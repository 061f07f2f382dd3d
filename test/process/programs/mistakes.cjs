// Mistakes that arkffi refuses, and ways of making them: node mistaken.mjs HOW NAME, and the same with mistaken.cjs. The
// program does not catch the error.
const { join } = require('node:path');

const fixture = process.env.ARKFFI_FIXTURE ?? join(__dirname, '../../../build/release/fixture/libarkffi_fixture.so');

/** The mistakes by their names. */
const mistakes = (arkffi) => {
  const {
    default: ffi,
    alloc,
    Arena,
    cdef,
    CFunction,
    CString,
    dlopen,
    enumType,
    findLibrary,
    JSCallback,
    out,
    read,
    readText,
  } = arkffi;
  const { pointerTo, Struct, stringArray, toArrayBuffer, write } = arkffi;
  const lib = () =>
    dlopen(fixture, {
      echo_u8: { args: ['u8'], returns: 'u8' },
      echo_string: { args: ['cstring'], returns: 'cstring' },
      weigh_i32_2: { args: ['int', 'int'], returns: 'int64_t' },
      call_i32: { args: ['callback', 'int'], returns: 'int' },
    });
  const closed = () => {
    const { symbols, close } = lib();
    close();
    return symbols;
  };
  const Point = Struct({ x: 'int', y: 'int' });
  const ended = () => {
    const arena = new Arena();
    arena.close();
    return arena;
  };
  return {
    'dlopen: no such file': () => dlopen('./no/such/library.so', {}),
    'dlopen: no such library': () => dlopen('libnosuchlibrary.so', {}),
    'dlopen: no such symbol': () => dlopen(null, { absx: {} }),
    'dlopen: no such symbol of a library': () => dlopen(fixture, { echo_u9: {} }),
    'dlopen: no path': () => dlopen(5, {}),
    'dlopen: a definition that is none': () => dlopen(null, { abs: 5 }),
    'dlopen: a type word': () => dlopen(null, { abs: { args: ['itn'] } }),
    'dlopen: a type that is none': () => dlopen(null, { abs: { args: [5] } }),
    'dlopen: a result': () => dlopen(null, { abs: { returns: 'itn' } }),
    'dlopen: a key': () => dlopen(null, { abs: { arg: ['int'] } }),
    'dlopen: arguments that are no list': () => dlopen(null, { abs: { args: 'int' } }),
    'dlopen: an option': () => dlopen(null, {}, { lazzy: true }),
    'dlopen: a variable': () => dlopen(fixture, { no_such_variable: { type: 'int' } }),
    'dlopen: a type of a callback': () => dlopen(null, { qsort: { args: [{ args: ['itn'] }] } }),
    'dlopen: a call after its end': () => closed().echo_u8(1),
    'cdef: no declaration': () => cdef(null, 'int abs('),
    'cdef: a type': () => cdef(null, 'int abs(itn);'),
    'cdef: no such symbol': () => cdef(null, 'int absx(int);'),
    'cdef: no such symbol, when it is read': () => cdef(null, 'int absx(int);', { lazy: true }).symbols.absx,
    'cdef: no such symbol, when it is called': () => cdef(null, 'int absx(int);', { lazy: true }).symbols.absx(1),
    'cdef: no text': () => cdef(null, 5),
    'cdef: a call': () => cdef(null, 'int abs(int);').symbols.abs('q'),
    'a call: text for a number': () => lib().symbols.echo_u8('1'),
    'a call: out of range': () => lib().symbols.echo_u8(256),
    'a call: too few arguments': () => lib().symbols.weigh_i32_2(1),
    'a call: a number for text': () => lib().symbols.echo_string(5),
    'a call: a callback that is none': () => lib().symbols.call_i32('x', 1),
    'a call with options': () => lib().symbols.echo_u8.with({ errno: true })('1'),
    'a call with an option': () => lib().symbols.echo_u8.with({ errn: true }),
    'a batch': () => lib().symbols.echo_u8.batch([1]),
    'a call of a callback with a wrong result': () =>
      lib().symbols.call_i32(new JSCallback(() => 'x', { args: ['int'], returns: 'int' }), 1),
    'CFunction: at 0': () => CFunction({ ptr: 0, args: [], returns: 'int' }),
    'CFunction: a type': () => CFunction({ ptr: 4096, args: ['itn'] }),
    'JSCallback: no function': () => new JSCallback(5, {}),
    'JSCallback: a type': () => new JSCallback(() => {}, { args: ['itn'] }),
    'JSCallback: an option': () => new JSCallback(() => {}, { threadsaf: true }),
    'JSCallback: a call': () => new JSCallback(() => 0, { args: ['int'], returns: 'int' }).call('x'),
    'Struct: a type': () => Struct({ a: 'intt' }),
    'Struct: no fields': () => Struct(5),
    'Struct: an option': () => Struct({ a: 'int' }, { pack: true }),
    'Struct: an array': () => Struct({ a: ['int', -1] }),
    'Struct: a value': () => Point.create({ x: 'q' }),
    'Struct: a field of a value': () => Point.create({ z: 1 }),
    'Struct: setting a field': () => (Point.create({}).x = 'q'),
    'Struct: a place': () => Point.at(0),
    'Struct: a method': () => Point.set(Point.create({}), 'x', 'q'),
    'Struct: setting an element': () => Point.arrayOf(3).set(1, 5),
    'Struct: a place in a buffer': () => Point.at(new Uint8Array(1)),
    'enumType: a value': () => enumType({ a: 'x' }),
    'pointerTo: a type': () => pointerTo('itn'),
    'out: a type': () => out('itn'),
    'read: at 0': () => read.i32(0),
    'read: at text': () => read.i32('x'),
    'write: at 0': () => write.i32(0, 1),
    'readText: an encoding': () => readText(4096, { encoding: 'utf-99' }),
    'readText: at 5': () => readText(5),
    'CString: at 5': () => new CString(5),
    'Arena: an allocation': () => new Arena().buffer(-1),
    'Arena: after its end': () => ended().buffer(1),
    'alloc: an amount': () => alloc(-1),
    'stringArray: a number': () => stringArray([1]),
    'toArrayBuffer: at 0': () => toArrayBuffer(0, 1),
    'toArrayBuffer: a size': () => toArrayBuffer(4096, -1),
    'findLibrary: no such library': () => findLibrary('nosuchlibrary'),
    'findLibrary: no name': () => findLibrary(5),
    'configure: an option': () => ffi.configure({ callChecks: 5, x: 1 }),
    'configure: no object': () => ffi.configure(5),
    'the raw bridge: load': () => ffi.load(5),
  };
};

const ways = {
  atTopLevel: (mistake) => mistake(),
  inAsyncFunction: async (mistake) => {
    await undefined;
    mistake();
  },
  inRejection: (mistake) => void new Promise(() => mistake()),
  inTimer: (mistake) => void setTimeout(mistake, 1),
  inNativeFunction: (mistake) => [1].forEach(mistake),
};

/** Makes a mistake. */
const make = (arkffi, how, name) => ways[how](mistakes(arkffi)[name]);

module.exports = { mistakes, make, ways: Object.keys(ways) };
