// Opening, closing and asking libraries.
import assert from 'node:assert/strict';
import { dlopen, findLibrary, out, owned, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { typeNames } from '../random.mjs';
import { fixture, refuses } from '../world.mjs';

export const Complex = Struct({ re: 'd', im: 'd' });
const intToInt = { args: ['i'], returns: 'i' };

const definitions = {
  ...Object.fromEntries(
    Object.entries(typeNames).map(([code, name]) => [`echo_${name}`, { args: [code], returns: code }]),
  ),
  weigh_i32_10: { args: Array(10).fill('i'), returns: 'l' },
  errno_i32: { args: ['i', 'i'], returns: 'i' },
  pointer_out_divide: { args: ['i', 'i', out('i'), out('i')], returns: 'b' },
  variadic_weigh_i32: { args: ['i', '...'], returns: 'l' },
  batch_add: { args: ['d', 'd'], returns: 'd' },
  complex_multiply: { args: [Complex, Complex], returns: Complex },
  complex_apply: { args: ['k', Complex], returns: Complex },
  string_new: { args: ['s'], returns: owned('s', 'string_free') },
  buffer_sum: { args: ['p', 'L'], returns: 'L' },
  buffer_fill: { args: ['p', 'L', 'C'] },
  gate_echo_i32: { args: ['p', 'i'], returns: 'i' },
  gate_buffer_fill: { args: ['p', 'p', 'L', 'C'] },
  call_i32: { args: ['k', 'i'], returns: 'i' },
  call_times: { args: [intToInt, 'i'], returns: 'l' },
  call_both: { args: [intToInt, intToInt, 'i'], returns: 'i' },
  call_me_back: { args: ['k', 'i'], returns: 'i' },
  call_string_copy: { args: [{ args: ['s'], returns: 's' }, 's', 'p', 'L'], returns: 'i' },
  call_fill: { args: [{ args: ['p', 'L'] }, 'L'], returns: 'L' },
  again_i32: { args: ['k', 'i', 'i'], returns: 'i', callbacks: 'pump' },
  thread_call: { args: ['k', 'i'], returns: 'l', callbacks: 'pump' },
  thread_call_many: { args: [intToInt, 'i', 'i'], returns: 'l', callbacks: 'pump' },
  point_swap: { args: ['p'] },
  pointer_strings_length: { args: ['p'], returns: 'l' },
  counter: { type: 'i' },
  counter_read: { returns: 'i' },
};

function open(world) {
  const threads = world.random.pick([0, 0, 1, 4]);
  const options = { now: world.random.oneIn(2), ...(threads ? { threads } : {}) };
  return world.keep(world.libraries, { lib: dlopen(fixture, definitions, options), isOpen: true }, close);
}

function close(library) {
  library.isOpen = false;
  library.lib.close();
}

/** A library that is open or closed; most are open. */
export function anyLibrary(world) {
  const { libraries, random } = world;
  return libraries.length ? random.pick(libraries) : open(world);
}

/** A library that is open now. */
export function openLibrary(world) {
  return world.libraries.find(({ isOpen }) => isOpen) ?? open(world);
}

/**
 * The symbols of a library that is open when they are called: a callback may have closed the one before. Each has
 * `async` as well.
 */
export function openSymbols(world) {
  const get = (_, name) => {
    const symbol = () => openLibrary(world).lib.symbols[name];
    return Object.assign((...args) => symbol()(...args), { async: (...args) => symbol().async(...args) });
  };
  return new Proxy({}, { get });
}

export const libraries = {
  open(world) {
    open(world);
  },

  reopen(world) {
    world.libraries = world.libraries.filter(({ isOpen }) => isOpen);
    open(world);
  },

  close(world) {
    const library = anyLibrary(world);
    close(library);
    if (world.random.oneIn(2)) library.lib.close();
  },

  list(world) {
    const { lib, isOpen } = anyLibrary(world);
    if (!isOpen) return refuses(() => lib.list(), 'ERR_FFI_LIBRARY_CLOSED');
    assert.ok(lib.list().some(({ name, kind }) => name === 'counter' && kind === 'data'));
  },

  /** The library is mapped by this operation alone, and unmapped when the last of its calls in flight has ended. */
  unmap(world) {
    const lib = dlopen('libffi_target.so', {
      add: { args: ['d', 'd'], returns: 'd' },
      getVersion: { returns: 's' },
      apply_callback: { args: [intToInt, 'i'], returns: 'i' },
    });
    const { add, getVersion, apply_callback } = lib.symbols;
    assert.equal(add(2, 3), 5);
    assert.equal(getVersion(), '1.0.0');
    world.later(add.async(1, 2), { value: (value) => assert.equal(value, 3) });
    const closesEarly = world.random.oneIn(2);
    const twice = (n) => {
      if (closesEarly) lib.close();
      world.nested();
      return 2 * n;
    };
    assert.equal(apply_callback(twice, 4), 8);
    lib.close();
    refuses(() => getVersion(), 'ERR_FFI_LIBRARY_CLOSED');
  },

  missing(world) {
    refuses(() => dlopen('libno_such_library.so', {}), 'ERR_FFI_LIBRARY_NOT_FOUND');
    refuses(() => dlopen(fixture, { no_such_function: {} }), 'ERR_FFI_SYMBOL_NOT_FOUND');
    refuses(() => dlopen(fixture, { echo_i32: { args: ['no type'] } }), 'ERR_FFI_BAD_SIGNATURE');
    refuses(() => ffi.getSymbolPtr(world.handle, 'no_such_symbol'), 'ERR_FFI_SYMBOL_NOT_FOUND');
    assert.equal(findLibrary('m').includes('libm'), true);
  },

  rawHandle(world) {
    const handle = ffi.load(fixture);
    ffi.defineFunction(handle, 'echo_i32', 'i', 'i');
    assert.equal(ffi.callBySig(handle, 'echo_i32', [3], []), 3);
    world.later(ffi.callAsync(handle, 'echo_i32', 'i', 'i', [4], []), { value: (value) => assert.equal(value, 4) });
    ffi.close(handle);
    refuses(() => ffi.callBySig(handle, 'echo_i32', [3], []), 'ERR_FFI_LIBRARY_CLOSED');
    world.later(ffi.callAsync(handle, 'echo_i32', 'i', 'i', [4], []), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    refuses(() => ffi.getSymbolPtr(handle + 1_000_000n, 'echo_i32'), 'ERR_FFI_INVALID_HANDLE');
  },
};
