// Every function, constructor, method and accessor of arkffi and of the raw bridge, with arguments that are right.
//
// A target is a function of the victims that gives `{ fn, args, self, follows, reads }`: `follows` are the positions of
// the arguments whose addresses are followed, and `reads` of those where C reads a text without a check for NULL.
import * as arkffi from 'arkffi';
import ffi from 'liblibrary.so';
import { address, base, fixture, Mixed, NativePoint, Point, room } from './victims.mjs';

const {
  alloc,
  anonymous,
  Arena,
  AsyncCFunction,
  callAsync,
  callbackType,
  callBySigAsArrayBuffer,
  callPtrAsync,
  cdef,
  CFunction,
  CString,
  deref,
  dlopen,
  enumType,
  findLibrary,
  linkSymbols,
  free,
  inout,
  JSCallback,
  NativeCallback,
  NativeField,
  NativeLibrary,
  NativeSignature,
  NativeStruct,
  opaque,
  out,
  owned,
  parseDeclarations,
  pointerTo,
  ptr,
  read,
  readStringArray,
  readText,
  ref,
  releasePtr,
  StringArray,
  stringArray,
  StringBuffer,
  Struct,
  StructSchema,
  text,
  toArrayBuffer,
  typed,
  Union,
  write,
} = arkffi;

const Functions = Struct({ call: { args: ['i'], returns: 'i' } });
const NodeOfPointers = Struct({ value: 'i', next: pointerTo(() => NodeOfPointers) });
const intToInt = { args: ['i'], returns: 'i' };
const target = (fn, args, follows = [], reads = []) => ({ fn, args, follows, reads });
const make =
  (constructor) =>
  (...args) =>
    new constructor(...args);
const method = (self, name, args, follows) => ({ ...target(self[name], args, follows), self });

const isNumber = (it) => typeof it === 'number' || typeof it === 'bigint';
const inRoom = (index) => (Number.isInteger(index) ? Math.abs(index % 4) : index);

/** What can be a key without running code of the value's. */
const key = (it) => (typeof it === 'object' || typeof it === 'function' ? 'other' : it);

/** A library is closed if it was opened with other arguments than the right ones. */
function opened(open) {
  return (...args) => {
    const lib = open(...args);
    lib.close();
    return lib;
  };
}

/** The functions that the package exports. */
export const exported = {
  alloc: () => target((...args) => void free(alloc(...args)), [8, {}]),
  anonymous: () => target(anonymous, [Union({ a: 'i' })]),
  Arena: () => target(make(Arena), []),
  AsyncCFunction: () => target(AsyncCFunction, [{ ...intToInt, ptr: address }]),
  callAsync: ({ handle }) => target(callAsync, [handle, 'echo_i32', 'i', 'i', [1], []]),
  callbackType: () => target(callbackType, [['i'], 'i']),
  callBySigAsArrayBuffer: ({ handle }) => {
    ffi.defineFunction(handle, 'complex_multiply', '{dd}{dd}', '{dd}');
    return target(callBySigAsArrayBuffer, [handle, 'complex_multiply', [new ArrayBuffer(16), new ArrayBuffer(16)], []]);
  },
  callPtrAsync: () => target(callPtrAsync, [address, 'i', 'i', [1], []], [0, 1, 2]),
  cdef: () => target(opened(cdef), [fixture, 'int echo_i32(int);', {}]),
  CFunction: () => target(CFunction, [{ ...intToInt, ptr: address, name: 'echo' }]),
  CString: ({ cString }) => target(make(CString), [cString.ptr ?? room, 0, 1], [0, 1, 2]),
  dlopen: () => target(opened(dlopen), [fixture, { echo_i32: intToInt }, { threads: 1 }]),
  findLibrary: () => target(findLibrary, ['m']),
  linkSymbols: () => target(linkSymbols, [{ echo: { ...intToInt, ptr: address } }]),
  free: () => target(free, [null]),
  inout: () => target(inout, ['i']),
  JSCallback: () => target((...args) => new JSCallback(...args).close(), [(n) => n, intToInt]),
  NativeCallback: () =>
    target((...args) => new NativeCallback(...args).close(), [(n) => n, new NativeSignature(['i'], 'i'), 'post']),
  NativeField: () => target((...args) => new NativeStruct([new NativeField(...args)]), ['x', 'int', 3]),
  NativeLibrary: () => target((...args) => NativeLibrary.open(...args).close(), [fixture, {}]),
  NativeSignature: () => target(make(NativeSignature), [['i'], 'i']),
  NativeStruct: () => target(make(NativeStruct), [[new NativeField('x', 'int')], { packed: true }]),
  out: () => target(out, ['i']),
  owned: () => target(owned, ['s', 'free']),
  parseDeclarations: () => target(parseDeclarations, ['int echo_i32(int);']),
  opaque: () => target(opaque, ['name']),
  pointerTo: () => target(pointerTo, ['i']),
  ptr: ({ bytes }) => target(ptr, [bytes]),
  readText: ({ bytes }) => target(readText, [bytes, { encoding: 'latin1', length: 2 }], [0]),
  text: () => target(text, ['windows-1252']),
  enumType: () => target(enumType, [{ A: 1, B: 2 }, { names: true }]),
  ConvertedType: () => target(make(arkffi.ConvertedType), ['name', {}]),
  readStringArray: ({ list }) => target(readStringArray, [list, 2], [0, 1]),
  deref: () => target(deref, [null]),
  ref: () => target((it) => ref(it).close(), [{}]),
  releasePtr: () => target(releasePtr, [null]),
  StringArray: () => target(make(StringArray), [['one', null]]),
  stringArray: () => target(stringArray, [['one', 'two']]),
  StringBuffer: () => target(make(StringBuffer), [16]),
  Struct: () => target(Struct, [{ x: 'i', y: ['c', 3] }, { packed: true }]),
  StructSchema: () => target(StructSchema, [{ x: 'i' }, {}]),
  toArrayBuffer: () => target(toArrayBuffer, [room, 8, () => {}], [0, 1]),
  typed: () => target(typed, ['float', 1]),
  Union: () => target(Union, [{ x: 'i', y: 'd' }, {}]),
};

const definition = (change) => target((value) => dlopen(fixture, { echo_i32: change(value) }).close(), [undefined]);

/** Parts of arguments, and everything that belongs to an object. */
const members = {
  definition: () => definition((it) => it),
  args: () => definition((args) => ({ args, returns: 'i' })),
  'an argument': () => definition((it) => ({ args: [it], returns: 'i' })),
  returns: () => definition((returns) => ({ args: ['i'], returns })),
  type: () => definition((type) => ({ type })),
  'fast, callbacks, optional': () =>
    target(
      (fast, callbacks, optional) => dlopen(fixture, { echo_i32: { ...intToInt, fast, callbacks, optional } }).close(),
      [false, 'pump', true],
    ),
  options: () =>
    target(
      (threads, now, global, deep) => dlopen(fixture, {}, { threads, now, global, deep }).close(),
      [1, true, false, false],
    ),
  name: () => target((it) => dlopen(fixture, { [key(it)]: { ...intToInt, optional: true } }).close(), ['echo_i32']),
  ptr: () => target((it) => CFunction({ ...intToInt, ptr: it }).close(), [address]),
  field: () => target((type) => Struct({ x: type }).create(), ['i']),
  member: () =>
    target((type, bits, align, packed) => Struct({ x: { type, bits, align, packed } }).create(), ['i', 3, 8, false]),
  'struct options': () =>
    target((packed, align, name) => Struct({ x: 'i' }, { packed, align, name }), [true, 8, 'name']),
  finalizer: () => target((it) => void toArrayBuffer(room, 8, it), [() => {}]),

  'Library.list': ({ lib }) => method(lib, 'list', []),
  'Library.define': ({ lib }) => method(lib, 'define', [{ echo_i32: intToInt }]),
  'Library.address': ({ lib }) => method(lib, 'address', ['echo_i32']),
  'Library.close': ({ lib }) => method(lib, 'close', []),
  'call.with': ({ lib }) => target((options) => lib.symbols.echo_i32.with(options)(1), [{ errno: true }]),
  'async.with': ({ lib }) => target((options) => lib.symbols.echo_i32.async.with(options)(1), [{ errno: true }]),
  'async.with signal': ({ lib }) =>
    target((signal, timeout) => lib.symbols.echo_i32.async.with({ signal, timeout })(1), [undefined, 60_000]),
  batch: ({ lib }) =>
    target(
      (columns, results) => lib.symbols.batch_add.batch(columns, results),
      [[new Float64Array(8), 1], new Float64Array(8)],
    ),
  'batch columns': ({ lib }) =>
    target((x, y, results) => lib.symbols.batch_add.batch([x, y], results), [new Float64Array(8), 1, undefined]),
  'batch.async': ({ lib }) =>
    target(
      (x, y, results, options) => lib.symbols.batch_add.batch.async([x, y], results, options),
      [...[new Float64Array(8), 1, undefined, {}]],
    ),
  variadic: ({ lib }) => target(lib.symbols.variadic_weigh_i32, [2, ['i', 1], typed('i', 2)]),
  'variadic type': ({ lib }) =>
    target((type, value) => lib.symbols.variadic_weigh_i32(0, [type, value]), ['i', 1], [0, 1]),
  'out parameters': ({ lib }) => target(lib.symbols.pointer_out_divide, [20, 3]),
  'struct by value': ({ lib }) =>
    target(lib.symbols.complex_multiply, [
      { re: 1, im: 2 },
      { re: 1, im: 2 },
    ]),
  'struct by value async': ({ lib }) =>
    target(lib.symbols.complex_multiply.async, [
      { re: 1, im: 2 },
      { re: 1, im: 2 },
    ]),
  'typed pointer': ({ lib }) => target((it) => lib.symbols.typed_node_sum({ value: it, next: { value: 2 } }), [1]),
  'typed pointer async': ({ lib }) => target((it) => lib.symbols.typed_node_sum.async({ value: it }), [1]),
  'list of numbers': ({ lib }) => target((it) => lib.symbols.typed_ints_double(it, 0), [[1, 2]]),
  // C follows the pointers in memory, so that only what arkffi makes of a value is passed, and no number as an address.
  'list of strings': ({ lib }) =>
    target((it) => lib.symbols.typed_strings_length([isNumber(it) ? 'one' : it, null]), ['one'], [0]),
  'element of a list': ({ lib }) => target((it) => lib.symbols.typed_ints_double([1, it], 0), [1]),
  handle: ({ lib }) => target((it) => lib.symbols.typed_counter_next(it), [null], [0]),
  'OpaqueType.at': () => target((it) => opaque('x').at(it), [room]),
  'PointerType.at': () => target((it) => pointerTo('i').at(it)?.value, [room], [0]),
  // Nothing checks an index, as in C: it may be any value, but of integers only those that lie in the room.
  'PointerView.get': () => target((i) => pointerTo(['i', 0]).at(room).get(inRoom(i)), [1]),
  'PointerView.set': () => target((i, it) => pointerTo(['i', 0]).at(room).set(inRoom(i), it), [1, 2]),
  'PointerView.first': () => target((n) => pointerTo(['i', 0]).at(room).first(n), [1]),
  'pointer field with a type': () => target((it) => (NodeOfPointers.create().next = it), [{ value: 1 }], [0]),
  'function field': () => target((it) => (Functions.create().call = it), [(n) => n]),
  'function in an object': ({ lib }) => target((it) => lib.symbols.typed_node_sum({ value: it }), [1]),
  'Schema.arrayAt': () => target((it, n) => Point.arrayAt(it, n)[0].x, [room, 2], [0, 1]),
  'complex number': ({ lib }) =>
    target(lib.symbols.wide_multiply, [
      { re: 1, im: 2 },
      { re: 3, im: 4 },
    ]),
  'integer of 128 bits': ({ lib }) => target(lib.symbols.wide_add, [1, 2]),
  'name of an enum': ({ lib }) => target(lib.symbols.wide_next, ['A']),
  'owned string': ({ lib }) => target(lib.symbols.string_new, ['text'], [], [0]),
  'plain function': ({ lib }) => target(lib.symbols.call_store, [(n) => n]),
  'plain function async': ({ lib }) => target(lib.symbols.call_store.async, [(n) => n]),
  'result of a callback': ({ lib }) => target((it) => lib.symbols.call_i32(() => it, 1), [1]),
  'result of a callback async': ({ lib }) => target((it) => lib.symbols.call_i32.async(() => it, 1), [1]),
  'thrown by a callback': ({ lib }) =>
    target(
      (it) => {
        try {
          lib.symbols.call_i32(() => {
            throw it;
          }, 1);
        } catch (error) {
          if (!Object.is(error, it)) throw error;
        }
      },
      [1],
    ),
  mixed: ({ lib }) => target(lib.symbols.weigh_mixed_8, [1, 2, 3, 4, 5, 6, 7, 8]),
  'mixed async': ({ lib }) => target(lib.symbols.weigh_mixed_8.async, [1, 2, 3, 4, 5, 6, 7, 8]),
  variable: ({ lib }) => target((it) => (lib.symbols.counter.value = it), [1]),
  'array variable': ({ lib }) => target((it) => (lib.symbols.numbers.value = it), [[1, 2, 3, 4]]),
  'element of a variable': ({ lib }) => target((i, it) => (lib.symbols.numbers.value[key(i)] = it), ['1', 2]),

  'NativeLibrary.func': ({ strict }) =>
    target((name, args, returns) => strict.func(name, args, returns)(1), ['echo_i32', ['i'], 'i']),
  'NativeLibrary.asyncFunc': ({ strict }) =>
    target((name, args, returns) => strict.asyncFunc(name, args, returns)(1), ['echo_i32', ['i'], 'i']),
  'NativeLibrary.has': ({ strict }) => target((name) => strict.has(name), ['echo_i32']),
  'NativeLibrary.address': ({ strict }) => target((name) => strict.address(name), ['echo_i32']),
  'NativeStruct.create': () => target((it) => NativePoint.create(it), [{ x: 1 }]),
  'NativeStruct.at': () => target((it, offset) => NativePoint.at(it, offset).x, [room, 0], [0, 1]),
  'NativeStruct.read': () => target((it, offset) => NativePoint.read(it, offset).x, [room, 0], [0, 1]),
  'NativeStruct.addressOf': ({ nativePoint }) => target((it) => NativePoint.addressOf(it), [nativePoint]),
  'NativeStruct.offsetOf': () => target((name) => NativePoint.offsetOf(name), ['x']),
  'JSCallback.call': ({ callback }) => method(callback, 'call', [1]),
  'JSCallback.ref': ({ callback }) => method(callback, 'ref', []),
  'JSCallback.unref': ({ callback }) => method(callback, 'unref', []),
  'JSCallback.close': ({ callback }) => method(callback, 'close', []),
  'Arena.buffer': ({ arena }) => method(arena, 'buffer', [8]),
  'Arena.string': ({ arena }) => method(arena, 'string', ['text', 'utf8']),
  'Arena.string16': ({ arena }) => method(arena, 'string16', ['text']),
  'Arena.wstring': ({ arena }) => method(arena, 'wstring', ['text']),
  'Arena.stringArray': ({ arena }) => method(arena, 'stringArray', [['one']]),
  'Arena.struct': ({ arena }) => method(arena, 'struct', [Mixed, { text: 'text' }]),
  'Arena.close': ({ arena }) => method(arena, 'close', []),
  'Schema.create': () => method(Mixed, 'create', [{ small: 1, list: [1, 2, 3] }]),
  'Schema.create field': () =>
    target(
      (small, text, point, list, bits, real, flag) => Mixed.create({ small, text, point, list, bits, real, flag }),
      [...[1, 'text', { x: 1 }, [1, 2, 3], 5, 0.5, true]],
    ),
  'Schema.arrayOf': () => method(Point, 'arrayOf', [4]),
  'Schema.fromPtr': () => target((it) => Point.fromPtr(it), [room], [0]),
  'Schema.at': () => target((it) => Point.at(it).x, [room], [0]),
  'Schema.at an offset': () => target((it, offset) => Point.at(it, offset).x, [room, 0], [0, 1]),
  'Schema.get of a buffer': ({ bytes }) => method(Point, 'get', [bytes, 'x']),
  'Schema.get': ({ mixed }) => method(Mixed, 'get', [mixed, 'text'], [0]),
  'Schema.set': ({ mixed }) => method(Mixed, 'set', [mixed, 'small', 1], [0]),
  'Schema.toObject': ({ mixed }) => method(Mixed, 'toObject', [mixed], [0]),
  'Struct.sizeof': () => target(Struct.sizeof, [Point]),
  'Struct.alignof': () => target(Struct.alignof, ['int']),
  'Struct.offsetof': () => target(Struct.offsetof, [Point, 'x']),
  'struct field': ({ mixed }) => target((it) => (mixed.small = it), [1]),
  'string field': ({ mixed }) => target((it) => (mixed.text = it), ['text'], [0]),
  'pointer field': ({ mixed }) => target((it) => (mixed.at = it), [0]),
  'inner struct': ({ mixed }) => target((it) => (mixed.point = it), [{ x: 1 }]),
  'array field': ({ mixed }) => target((it) => (mixed.list = it), [[1, 2]]),
  element: ({ mixed }) => target((i, it) => (mixed.list[key(i)] = it), ['1', 2]),
  'element of structs': ({ points }) => target((i, it) => (points[key(i)] = it), ['1', { x: 1 }]),
  'StringBuffer.toString': ({ textBuffer }) => method(textBuffer, 'toString', []),
};

for (const name of Object.keys(base.symbols).filter((key) => key.startsWith('echo_'))) {
  const usual = /string|latin1|pointer|callback/.test(name) ? null : 1;
  // C follows the address of a text.
  const follows = /string|latin1/.test(name) ? [0] : [];
  members[name] = ({ lib }) => target(lib.symbols[name], [usual], follows);
  members[`${name}.async`] = ({ lib }) => target(lib.symbols[name].async, [usual], follows);
}
for (const name of ['u8', 'i32', 'bigint64', 'f32', 'double', 'bool', 'pointer']) {
  members[`read.${name}`] = () => target(read[name], [room + 64, 8], [0, 1]);
  members[`write.${name}`] = () => target(write[name], [room + 64, 8, name === 'pointer' ? 0 : 1], [0, 1]);
}
/** Calls of methods and constructors that a program does not make: the engine may say what is wrong. */
const byEngine = (fn, args) =>
  target((...given) => {
    try {
      return fn(...given);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }, args);
const prototypes = { Library: arkffi.Library, JSCallback, Arena, Schema: Object.getPrototypeOf(Point).constructor };
for (const name of ['Library.list', 'JSCallback.call', 'Arena.buffer', 'Schema.create']) {
  const [kind, method] = name.split('.');
  const { prototype } = prototypes[kind];
  members[`${name} of another`] = () => byEngine((self, it) => prototype[method].call(self, it), [{}, 1]);
}

/** Classes that a program does not construct: their instances come from functions that are targets. */
export const noConstructors = [
  'Anonymous',
  'ArrayView',
  'Global',
  'Handle',
  'Library',
  'LinkedFunctions',
  'OpaqueType',
  'Out',
  'Owned',
  'Pointee',
  'PointerView',
  'Ref',
  'Typed',
];
for (const name of noConstructors) members[`new ${name}`] = () => byEngine(make(arkffi[name]), [1, 2, 3]);

/** The functions of the raw bridge. */
export const raw = {
  load: () => target((it) => ffi.close(ffi.load(it)), [fixture]),
  close: ({ handle }) => target(ffi.close, [handle]),
  defineFunction: ({ handle }) => target(ffi.defineFunction, [handle, 'echo_i32', 'i', 'i']),
  callBySig: ({ handle }) => target(ffi.callBySig, [handle, 'echo_pointer', [null], []], [1]),
  callMixed: ({ handle }) => target(ffi.callMixed, [handle, 'echo_i32', 'i', 'i', [1], []], [1, 2, 3]),
  callString: ({ handle }) => target(ffi.callString, [handle, 'string_utf8'], [1]),
  callPtr: () => target(ffi.callPtr, [address, 'i', 'i', [1], []], [0, 1, 2]),
  callAsync: ({ handle }) => target(ffi.callAsync, [handle, 'echo_i32', 'i', 'i', [1], []], [1, 2, 3]),
  callPtrAsync: () => target(ffi.callPtrAsync, [address, 'i', 'i', [1], []], [0, 1, 2]),
  callStringAsync: ({ handle }) => target(ffi.callStringAsync, [handle, 'string_utf8'], [1]),
  getSymbolPtr: ({ handle }) => target(ffi.getSymbolPtr, [handle, 'echo_i32']),
  readCString: () => target(ffi.readCString, [room, 4], [0, 1]),
  readMemory: () => target(ffi.readMemory, [room, 8], [0, 1]),
  writeMemory: ({ bytes }) => target(ffi.writeMemory, [room, bytes], [0, 1]),
  ptr: ({ bytes }) => target(ffi.ptr, [bytes]),
  createCallback: () =>
    target((...args) => ffi.destroyCallback(ffi.createCallback(...args)), [(n) => n, 'i', 'i', true]),
  getCallbackPtr: ({ rawCallback }) => target(ffi.getCallbackPtr, [rawCallback]),
  getCallbackThreadsafe: ({ rawCallback }) => target(ffi.getCallbackThreadsafe, [rawCallback]),
  invokeCallback: ({ rawCallback }) => target(ffi.invokeCallback, [rawCallback, 0, null]),
  callCallbackThreadSafe: ({ oneArgument }) => target(ffi.callCallbackThreadSafe, [oneArgument, 1]),
  destroyCallback: ({ oneArgument }) => target(ffi.destroyCallback, [oneArgument]),
  configure: () => target(ffi.configure, [{}]),
};

const rawMembers = {
  'callBySig list': ({ handle }) => target((it) => ffi.callBySig(handle, 'echo_pointer', [it], []), [null]),
  'callBySig string': ({ handle }) =>
    target((it) => ffi.callMixed(handle, 'echo_string', 's', 's', [], [it]), ['text'], [0]),
  'callPtr list': () => target((it) => ffi.callPtr(address, 'i', 'i', [it], []), [1]),
  checked: () => target((it) => (ffi.checked = it), [false]),
  'configure checked': () => target((it) => ffi.configure({ checked: it }), [false]),
  'configure libraryPath': () => target((it) => ffi.configure({ libraryPath: it }), ['']),
};

/** Exports that are no functions. */
export const noFunctions = [
  'complexDouble',
  'complexFloat',
  'int128',
  'longDouble',
  'longDoubleBytes',
  'uint128',
  'default',
  'ffi',
  'FFIType',
  'read',
  'suffix',
  'write',
];

const named = (prefix, table) => Object.fromEntries(Object.entries(table).map(([key, it]) => [`${prefix}${key}`, it]));
export const targets = { ...exported, ...members, ...named('ffi.', raw), ...named('ffi.', rawMembers) };
