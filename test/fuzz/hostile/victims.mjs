// What hostile values work on: everything that can be closed, transferred or shrunk while arkffi uses it. Each step has
// new ones.
import {
  alloc,
  Arena,
  complexDouble,
  CString,
  dlopen,
  enumType,
  free,
  int128,
  JSCallback,
  NativeField,
  NativeLibrary,
  NativeStruct,
  opaque,
  out,
  owned,
  pointerTo,
  StringBuffer,
  Struct,
  stringArray,
} from 'arkffi';
import ffi from 'liblibrary.so';

export const fixture = process.env.ARKFFI_FIXTURE;

export const Point = Struct({ x: 'i', y: 'i' }, { name: 'Point' });
export const Mixed = Struct({
  small: 'c',
  text: 's',
  point: Point,
  list: ['h', 3],
  bits: { type: 'I', bits: 5 },
  real: 'd',
  flag: 'b',
  at: 'p',
});
export const NativePoint = new NativeStruct([new NativeField('x', 'int'), new NativeField('y', 'int')]);
const Node = Struct({ value: 'i', next: pointerTo(() => Node) });
const intToInt = { args: ['i'], returns: 'i' };

const definitions = {
  ...{ echo_bool: 'b', echo_i8: 'c', echo_u16: 'H', echo_i32: 'i', echo_i64: 'l', echo_bigu64: 'Q', echo_f32: 'f' },
  ...{
    echo_f64: 'd',
    echo_string: 's',
    echo_string16: 'S',
    echo_wstring: 'w',
    echo_latin1: 't',
    echo_pointer: 'p',
    echo_callback: 'k',
  },
};
for (const [name, type] of Object.entries(definitions)) definitions[name] = { args: [type], returns: type };

const shared = {
  ...definitions,
  weigh_mixed_8: { args: [...'cdHflChd'], returns: 'd' },
  pointer_out_divide: { args: ['i', 'i', out('i'), out('i')], returns: 'b' },
  variadic_weigh_i32: { args: ['i', '...'], returns: 'l' },
  wide_multiply: { args: [complexDouble, complexDouble], returns: complexDouble },
  wide_add: { args: [int128, int128], returns: int128 },
  wide_next: { args: [enumType({ A: 0 })], returns: 'I' },
  complex_multiply: {
    args: [Struct({ re: 'd', im: 'd' }), Struct({ re: 'd', im: 'd' })],
    returns: Struct({ re: 'd', im: 'd' }),
  },
  batch_add: { args: ['d', 'd'], returns: 'd' },
  typed_node_sum: { name: 'node_sum', args: [pointerTo(Node)], returns: 'l' },
  typed_ints_double: { name: 'ints_double', args: [pointerTo('i'), 'i'], returns: 'l' },
  typed_strings_length: { name: 'pointer_strings_length', args: [pointerTo('s')], returns: 'l' },
  typed_counter_next: { name: 'counter_next', args: [opaque('counter')], returns: 'i' },
  string_new: { args: ['s'], returns: owned('s', 'string_free') },
  function_apply: { args: [{ args: ['i', 'i'], returns: 'i' }, 'i', 'i', 'i'], returns: 'i' },
  call_i32: { args: [intToInt, 'i'], returns: 'i' },
  call_store: { args: [intToInt] },
  counter: { type: 'i' },
  numbers: { type: ['d', 4] },
};

/** Stays open, so that addresses in it stay valid whatever is closed. */
export const base = dlopen(fixture, shared);
export const address = ffi.getSymbolPtr(base.handle, 'echo_i32');
export const room = alloc(4096);
/** The address of a text that nothing writes to. */
export const text = alloc(8);
ffi.writeMemory(text, Buffer.from('text\0'));

/** Objects that a step may use, each made when it is first asked for, so that a step costs only what it uses. */
export class Victims {
  constructor() {
    this.made = new Map();
  }

  get(name, make) {
    if (!this.made.has(name)) this.made.set(name, make());
    return this.made.get(name);
  }

  get lib() {
    return this.get('lib', () => dlopen(fixture, shared));
  }

  get handle() {
    return this.get('handle', () => {
      const handle = ffi.load(fixture);
      ffi.defineFunction(handle, 'echo_i32', 'i', 'i');
      ffi.defineFunction(handle, 'echo_pointer', 'p', 'p');
      return handle;
    });
  }

  get strict() {
    return this.get('strict', () => NativeLibrary.open(fixture));
  }

  get nativePoint() {
    return this.get('nativePoint', () => NativePoint.create({ x: 1 }));
  }

  get callback() {
    return this.get('callback', () => new JSCallback((n) => n, { ...intToInt, threadsafe: true }));
  }

  get rawCallback() {
    return this.get('rawCallback', () => ffi.createCallback((a) => a, 'pp', 'p', true));
  }

  get oneArgument() {
    return this.get('oneArgument', () => ffi.createCallback((n) => n, 'i', 'i', true));
  }

  get arena() {
    return this.get('arena', () => new Arena());
  }

  get point() {
    return this.get('point', () => this.arena.struct(Point, { x: 1, y: 2 }));
  }

  get mixed() {
    return this.get('mixed', () => this.arena.struct(Mixed, { text: 'text', point: { x: 1 } }));
  }

  get points() {
    return this.get('points', () => Point.arrayOf(3));
  }

  get bytes() {
    return this.get('bytes', () => new Uint8Array(64));
  }

  get resizable() {
    return this.get('resizable', () => new Uint8Array(new ArrayBuffer(64, { maxByteLength: 128 })));
  }

  get list() {
    return this.get('list', () => stringArray(['one', 'two']));
  }

  get textBuffer() {
    return this.get('textBuffer', () => new StringBuffer(64));
  }

  get cString() {
    return this.get('cString', () => {
      ffi.writeMemory(room, Uint8Array.of(97, 0));
      return new CString(room);
    });
  }

  /** Ends everything that has been made, as a getter of an argument may. */
  end() {
    const { made } = this;
    made.get('lib')?.close();
    if (made.has('handle')) ffi.close(made.get('handle'));
    made.get('strict')?.close();
    made.get('callback')?.close();
    for (const name of ['rawCallback', 'oneArgument']) if (made.has(name)) ffi.destroyCallback(made.get(name));
    made.get('arena')?.close();
    this.transfer();
  }

  transfer() {
    const { bytes, resizable } = { bytes: this.made.get('bytes'), resizable: this.made.get('resizable') };
    if (bytes?.buffer.byteLength) structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    resizable?.buffer.resize?.(0);
  }
}

process.once('exit', () => [room, text].forEach((it) => free(it)));
