import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { dlopen } from 'arkffi';
import ffi from 'liblibrary.so';
import { Gate, ownFixture, repeat, watchUnmapping } from './lifetimes.mjs';
import { check, fixture, rejects, target, throws } from './support.mjs';

const handle = ffi.load(fixture);
const example = ffi.load(target);
after(() => [handle, example].forEach((it) => ffi.close(it)));

describe('a symbol that is missing', () => {
  const lookUps = {
    defineFunction: (it, name) => ffi.defineFunction(it, name, '', 's'),
    callMixed: (it, name) => ffi.callMixed(it, name, '', 's', [], []),
    callString: (it, name) => ffi.callString(it, name),
    getSymbolPtr: (it, name) => ffi.getSymbolPtr(it, name),
  };

  test('the error names the missing symbol and its library', () =>
    repeat(async () => {
      const wanted = { code: 'ERR_FFI_SYMBOL_NOT_FOUND', message: `zzzz_nothing: not exported by ${target}` };
      for (const lookUp of Object.values(lookUps)) throws(() => lookUp(example, 'zzzz_nothing'), wanted);
      await rejects(() => ffi.callStringAsync(example, 'zzzz_nothing'), wanted);
      throws(() => dlopen(target, { zzzz_nothing: {} }), wanted);
    }));

  test('the error suggests the similar name', () =>
    repeat(async () => {
      const typos = {
        getversion: 'getVersion',
        getVersoin: 'getVersion',
        getVersion_: 'getVersion',
        get_version: 'getVersion',
        multipy: 'multiply',
        factorail: 'factorial',
        apply_callbak: 'apply_callback',
      };
      for (const [typo, meant] of Object.entries(typos)) {
        const wanted = {
          code: 'ERR_FFI_SYMBOL_NOT_FOUND',
          message: new RegExp(`^${typo}: .*; did you mean '${meant}'\\?$`),
        };
        for (const lookUp of Object.values(lookUps)) throws(() => lookUp(example, typo), wanted);
        await rejects(() => ffi.callStringAsync(example, typo), wanted);
        throws(() => dlopen(target, { [typo]: { returns: 's' } }), wanted);
      }
    }));

  test('a missing symbol may have any name that is a string', () =>
    repeat(() => {
      for (const name of ['', ' ', '__proto__', 'constructor', 'toString', 'añ€😀', '%s%n%p', 'x'.repeat(100_000)]) {
        for (const lookUp of Object.values(lookUps)) {
          throws(() => lookUp(handle, name), { code: 'ERR_FFI_SYMBOL_NOT_FOUND' });
        }
      }
    }, 10));

  test('a name that is not a string is refused', () =>
    repeat(() => {
      for (const name of [undefined, null, 1, {}, Symbol('echo_i32'), ['echo_i32']]) {
        for (const [function_, lookUp] of Object.entries(lookUps)) {
          const message = new RegExp(`^${function_}: argument 2: expected string`);
          throws(() => lookUp(handle, name), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
        }
      }
      throws(() => ffi.getSymbolPtr(handle, 'echo_i32\0'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /NUL/ });
    }));

  test('the error of a symbol missing in the running process says so', () => {
    const self = ffi.load(null);
    throws(() => ffi.getSymbolPtr(self, 'zzzz_nothing'), {
      code: 'ERR_FFI_SYMBOL_NOT_FOUND',
      message: /^zzzz_nothing: not exported by the running process/,
    });
    throws(() => ffi.getSymbolPtr(self, 'strlne'), { code: 'ERR_FFI_SYMBOL_NOT_FOUND' });
    ffi.close(self);
  });
});

describe('getSymbolPtr', () => {
  test('getSymbolPtr returns the same address of a function each time', () =>
    check(() => {
      const address = ffi.getSymbolPtr(handle, 'echo_i32');
      assert.equal(typeof address, 'number');
      assert.equal(address, ffi.getSymbolPtr(handle, 'echo_i32'));
      assert.equal(ffi.callPtr(address, 'i', 'i', [5], []), 5);
    }));

  test('getSymbolPtr returns the address of data', () =>
    check(() => {
      const counter = ffi.getSymbolPtr(handle, 'counter');
      ffi.writeMemory(counter, new Int32Array([99]));
      assert.equal(ffi.callMixed(handle, 'counter_read', '', 'i', [], []), 99);
      ffi.callMixed(handle, 'counter_write', 'i', 'v', [7], []);
      assert.deepEqual([...new Int32Array(ffi.readMemory(counter, 4))], [7]);
      const numbers = new Float64Array(ffi.readMemory(ffi.getSymbolPtr(handle, 'numbers'), 32));
      assert.deepEqual([...numbers], [0.5, 1.5, 2.5, 3.5]);
    }));

  test('getSymbolPtr returns an address that C accepts as a function pointer', () =>
    check(() => {
      const { ptr } = dlopen(fixture, { add_to_total: { args: ['p', 'i'], returns: 'i' } }).symbols.add_to_total;
      assert.equal(ptr, ffi.getSymbolPtr(handle, 'add_to_total'));
      const total = new Int32Array([40]);
      assert.equal(ffi.callMixed(handle, 'call_with_context', 'kpi', 'i', [ptr, total, 2], []), 42);
      assert.equal(total[0], 42);
    }));
});

describe('defineFunction', () => {
  test('defineFunction stores a signature for callBySig', () => {
    assert.equal(ffi.defineFunction(handle, 'string_concat', 'pLss', 'i'), undefined);
    const out = new Uint8Array(32);
    return check(() => {
      assert.equal(ffi.callBySig(handle, 'string_concat', [out, 32], ['left', 'right']), 9);
      assert.equal(Buffer.from(out).toString('latin1', 0, 9), 'leftright');
    });
  });

  test('defineFunction replaces an earlier signature', () =>
    check(() => {
      ffi.defineFunction(handle, 'echo_u8', 'C', 'C');
      assert.equal(ffi.callBySig(handle, 'echo_u8', [200], []), 200);
      ffi.defineFunction(handle, 'echo_u8', 'C', 'c');
      assert.equal(ffi.callBySig(handle, 'echo_u8', [200], []), -56);
      ffi.defineFunction(handle, 'echo_u8', 'CC', 'C');
      throws(() => ffi.callBySig(handle, 'echo_u8', [200], []), { code: 'ERR_FFI_ARG_COUNT' });
    }));

  test('a failed defineFunction keeps the earlier signature', () =>
    check(() => {
      ffi.defineFunction(handle, 'echo_i16', 'h', 'h');
      throws(() => ffi.defineFunction(handle, 'echo_i16', '?', 'h'), { code: 'ERR_FFI_BAD_SIGNATURE' });
      throws(() => ffi.defineFunction(handle, 'echo_i16', 'h', ''), { code: 'ERR_FFI_BAD_SIGNATURE' });
      assert.equal(ffi.callBySig(handle, 'echo_i16', [-3], []), -3);
    }));

  test('defineFunction applies to one handle only', () => {
    const other = ffi.load(fixture);
    ffi.defineFunction(handle, 'echo_i64', 'l', 'l');
    return check(() => {
      assert.equal(ffi.callBySig(handle, 'echo_i64', [1], []), 1);
      throws(() => ffi.callBySig(other, 'echo_i64', [1], []), {
        code: 'ERR_FFI_NOT_DEFINED',
        message: /^echo_i64: not defined/,
      });
    });
  });

  test('definitions end with the library', () =>
    repeat(() => {
      const first = ffi.load(fixture);
      ffi.defineFunction(first, 'echo_i32', 'i', 'i');
      ffi.close(first);
      const second = ffi.load(fixture);
      throws(() => ffi.callBySig(second, 'echo_i32', [1], []), { code: 'ERR_FFI_NOT_DEFINED' });
      ffi.close(second);
    }));

  test('a function may be redefined while it runs', () =>
    check(() => {
      const inner = ffi.createCallback(
        (value) => {
          for (let i = 0; i < 3; i++) ffi.defineFunction(handle, 'call_i32', i % 2 ? 'kl' : 'ki', i % 2 ? 'l' : 'i');
          return value + 1;
        },
        'i',
        'i',
      );
      ffi.defineFunction(handle, 'call_i32', 'ki', 'i');
      assert.equal(ffi.callBySig(handle, 'call_i32', [ffi.getCallbackPtr(inner), 1], []), 2);
      ffi.destroyCallback(inner);
    }));

  test('a function may be redefined while its calls are in flight', () =>
    repeat(() =>
      Gate.use(async (gate) => {
        ffi.defineFunction(handle, 'gate_echo_f64', 'pd', 'd');
        const call = ffi.callAsync(handle, 'gate_echo_f64', 'pd', 'd', [gate.ptr, 0.5], []);
        gate.await();
        ffi.defineFunction(handle, 'gate_echo_f64', 'p', 'v');
        gate.open();
        assert.equal(await call, 0.5);
      }),
    ));

  test('a thousand functions can be defined', () => {
    const names = Array.from({ length: 20 }, (_, i) => [`weigh_i32_${i + 1}`, 'i'.repeat(i + 1)]);
    const path = ownFixture();
    return repeat(() => {
      const own = ffi.load(path);
      const watch = watchUnmapping(own);
      for (let i = 0; i < 50; i++) for (const [name, types] of names) ffi.defineFunction(own, name, types, 'l');
      for (const [name, types] of names) {
        assert.equal(
          ffi.callBySig(own, name, Array(types.length).fill(1), []),
          (types.length * (types.length + 1)) / 2,
        );
      }
      ffi.close(own);
      watch.assertUnmapped();
    }, 5);
  });
});

describe('a function that is not defined', () => {
  test('callBySig and callAsync refuse an exported function that is not defined', () =>
    check(async () => {
      const wanted = {
        code: 'ERR_FFI_NOT_DEFINED',
        message: /^echo_pointer: not defined; call defineFunction first$/,
      };
      throws(() => ffi.callBySig(handle, 'echo_pointer', [1], []), wanted);
      await rejects(() => ffi.callAsync(handle, 'echo_pointer', 'p', 'p', [1], []), wanted);
    }));

  test('callAsync refuses types other than the defined ones', () => {
    ffi.defineFunction(handle, 'call_with_context', 'k(pi)ipi', 'i');
    ffi.defineFunction(handle, 'weigh_f64_2', 'dd', 'd');
    return check(async () => {
      const wrong = [
        ['dd', 'l'],
        ['d', 'd'],
        ['ddd', 'd'],
        ['', 'd'],
        ['df', 'd'],
        ['dd', 'v'],
      ];
      for (const [args, returns] of wrong) {
        await rejects(() => ffi.callAsync(handle, 'weigh_f64_2', args, returns, [1, 2], []), {
          code: 'ERR_FFI_BAD_SIGNATURE',
          message: `weigh_f64_2: defined as (dd)d, called as (${args})${returns}`,
        });
      }
      for (const args of ['kpi', 'k(pl)ipi', 'k(pi)vpi', 'k(p)ipi']) {
        await rejects(() => ffi.callAsync(handle, 'call_with_context', args, 'i', [null, 0, 0], []), {
          code: 'ERR_FFI_BAD_SIGNATURE',
        });
      }
      await rejects(() => ffi.callAsync(handle, 'weigh_f64_2', 'd?', 'd', [1, 2], []), {
        code: 'ERR_FFI_BAD_SIGNATURE',
      });
      assert.equal(await ffi.callAsync(handle, 'weigh_f64_2', 'dd', 'd', [1, 2], []), 5);
    });
  });
});

describe('callString', () => {
  test('callString returns the string, and an empty one for NULL', () =>
    check(async () => {
      for (const call of [ffi.callString, ffi.callStringAsync]) {
        assert.equal(await call(example, 'getVersion'), '1.0.0');
        assert.equal(await call(handle, 'string_null'), '');
        assert.equal(await call(handle, 'string_empty'), '');
        assert.equal(await call(handle, 'string_utf8'), 'aé€😀');
      }
    }));

  test('callString needs no definition, and ignores one', () => {
    ffi.defineFunction(handle, 'string_utf8', '', 'p');
    return check(() => assert.equal(ffi.callString(handle, 'string_utf8'), 'aé€😀'));
  });
});
