import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative, sep } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import { dlopen, findLibrary } from 'arkffi';
import ffi from 'liblibrary.so';
import { hidesEnvironment, isMusl, isWindows } from './hosts.mjs';
import { Gate, nextTurn, ownFixture, ownFolder, repeat, watchUnmapping } from './lifetimes.mjs';
import { fixture, literally, rejects, target, throws } from './support.mjs';

/** Opens a library, runs `body` with its handle, and closes it. */
function withLibrary(name, body) {
  const handle = ffi.load(name);
  try {
    return body(handle);
  } finally {
    ffi.close(handle);
  }
}

const echo = (handle, value) => ffi.callMixed(handle, 'echo_i32', 'i', 'i', [value], []);

describe('load', () => {
  test('load returns a new bigint as the handle each time', () =>
    repeat(() => {
      const [first, second] = [ffi.load(fixture), ffi.load(fixture)];
      assert.equal(typeof first, 'bigint');
      assert.ok(first > 0n);
      assert.notEqual(first, second);
      ffi.close(first);
      assert.equal(echo(second, 5), 5);
      ffi.close(second);
      const third = ffi.load(fixture);
      assert.ok(third !== first && third !== second);
      ffi.close(third);
    }));

  test('load opens a path', () => repeat(() => withLibrary(fixture, (handle) => assert.equal(echo(handle, 42), 42))));

  test('load opens a path relative to the working directory', () =>
    repeat(() => withLibrary(`./${relative(process.cwd(), fixture)}`, (handle) => assert.equal(echo(handle, 42), 42))));

  test("load opens a library that the system's loader finds by its bare name", () =>
    repeat(() =>
      withLibrary(findLibrary('m'), (handle) => {
        assert.equal(ffi.callMixed(handle, 'cos', 'd', 'd', [0], []), 1);
      }),
    ));

  test('load finds a bare name beside the native module', () =>
    repeat(() => withLibrary(target, (handle) => assert.equal(ffi.callString(handle, 'getVersion'), '1.0.0'))));

  test('load(null) opens the running process', () =>
    repeat(() =>
      withLibrary(null, (handle) => {
        assert.equal(ffi.callMixed(handle, 'strlen', 's', 'L', [], ['four']), 4);
        assert.equal(ffi.callMixed(handle, 'getpid', '', 'i', [], []), process.pid);
      }),
    ));

  test('load refuses values that are not names', () =>
    repeat(() => {
      for (const name of [undefined, 1, 1n, true, {}, [], Symbol('name'), () => {}, new String(fixture)]) {
        throws(() => ffi.load(name), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^load: argument 1: / });
      }
      throws(() => ffi.load('lib\0.so'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /NUL/ });
      throws(() => ffi.load(), { code: 'ERR_FFI_ARG_COUNT', message: 'load: expected 1 argument, got 0' });
    }));
});

describe('a library that is missing', () => {
  afterEach(() => delete process.env.ARKFFI_LIBRARY_PATH);

  test('a missing path is named in the error and is not searched for elsewhere', () => {
    const path = join(ownFolder, 'no', 'lib.so');
    process.env.ARKFFI_LIBRARY_PATH = ownFolder;
    return repeat(() =>
      throws(() => ffi.load(path), {
        code: 'ERR_FFI_LIBRARY_NOT_FOUND',
        message: new RegExp(`^cannot load '${literally(path)}': (?!.*also tried)`),
      }),
    );
  });

  test('the error names every path that was tried for a bare name', { skip: hidesEnvironment }, () => {
    const folders = ['first', 'second', 'third'].map((name) => join(ownFolder, name));
    process.env.ARKFFI_LIBRARY_PATH = folders.join(delimiter);
    return repeat(() => {
      let message = '';
      try {
        ffi.load('libnowhere.so');
      } catch (error) {
        assert.equal(error.code, 'ERR_FFI_LIBRARY_NOT_FOUND');
        ({ message } = error);
      }
      const places = folders.map((folder) => message.indexOf(join(folder, 'libnowhere.so')));
      assert.ok(
        places.every((at) => at > 0),
        message,
      );
      assert.deepEqual(
        [...places].sort((a, b) => a - b),
        places,
        'the paths are in the order of the folders',
      );
      const beside = message.lastIndexOf(`${sep}libnowhere.so`);
      assert.ok(beside > places[2] + folders[2].length, `beside the native module at last: ${message}`);
    });
  });

  test('the error names each path once, however often it was tried', { skip: hidesEnvironment }, () => {
    const folder = join(ownFolder, 'first');
    process.env.ARKFFI_LIBRARY_PATH = [folder, folder, `${folder}`].join(delimiter);
    return repeat(() =>
      throws(() => ffi.load('libnowhere.so'), {
        code: 'ERR_FFI_LIBRARY_NOT_FOUND',
        message: new RegExp(`also tried ${literally(join(folder, 'libnowhere.so'))}, (?!${literally(folder)})[^,]*$`),
      }),
    );
  });

  test('a name without its version or without lib and .so leads to the file', () =>
    repeat(() => {
      const found = findLibrary('m');
      // musl's loader opens itself by each name that begins with libm. and ignores what follows.
      const wrong = isWindows ? ['m', 'libm'] : ['m', 'libm', 'm.so', ...(isMusl ? [] : ['libm.so.99'])];
      for (const name of wrong) {
        throws(() => ffi.load(name), { code: 'ERR_FFI_LIBRARY_NOT_FOUND', message: /^cannot load / });
        const message = new RegExp(`^cannot load '${name}': .*; did you mean '${found}'\\?$`, 's');
        throws(() => dlopen(name, {}), { code: 'ERR_FFI_LIBRARY_NOT_FOUND', message });
      }
      for (const name of ['lib', '.so', 'lib.so', 'libnowhere', '/m', './libm.so']) {
        throws(() => ffi.load(name), { code: 'ERR_FFI_LIBRARY_NOT_FOUND', message: /^(?!.*did you mean)/s });
      }
    }));

  test('an empty or overlong name is not found', () =>
    repeat(() => {
      for (const name of ['', ' ', 'x'.repeat(100_000), `/${'y/'.repeat(50_000)}`, '/', '.', '..', './']) {
        throws(() => ffi.load(name), { code: 'ERR_FFI_LIBRARY_NOT_FOUND' });
      }
    }));

  test('a directory, or a file that is not a library, cannot be loaded', () => {
    const text = join(ownFolder, 'text.so');
    writeFileSync(text, 'not a library');
    const empty = join(ownFolder, 'empty.so');
    writeFileSync(empty, '');
    const cut = join(ownFolder, 'cut.so');
    writeFileSync(cut, '\x7fELF\x02\x01\x01');
    return repeat(() => {
      for (const path of [ownFolder, text, empty, cut]) {
        throws(() => ffi.load(path), {
          code: 'ERR_FFI_LIBRARY_NOT_FOUND',
          message: new RegExp(`'${literally(path)}': .`),
        });
      }
    });
  });
});

describe('ARKFFI_LIBRARY_PATH', { skip: hidesEnvironment }, () => {
  afterEach(() => delete process.env.ARKFFI_LIBRARY_PATH);

  test('ARKFFI_LIBRARY_PATH is searched folder by folder', () => {
    const [absent, empty, full] = ['absent', 'empty', 'full'].map((name) => join(ownFolder, name));
    mkdirSync(empty);
    mkdirSync(full);
    ownFixture('full/libbare.so');
    return repeat(() => {
      for (const list of [[full], [absent, empty, full], ['', full, ''], [`${full}/`], [full, full]]) {
        process.env.ARKFFI_LIBRARY_PATH = list.join(delimiter);
        withLibrary('libbare.so', (handle) => assert.equal(echo(handle, 7), 7));
      }
      for (const list of [[''], ['', ''], ['', '', ''], [absent], [empty]]) {
        process.env.ARKFFI_LIBRARY_PATH = list.join(delimiter);
        throws(() => ffi.load('libbare.so'), { code: 'ERR_FFI_LIBRARY_NOT_FOUND' });
      }
    });
  });

  test('the error names the file in ARKFFI_LIBRARY_PATH that is not a library', () => {
    const folder = join(ownFolder, 'broken');
    mkdirSync(folder);
    writeFileSync(join(folder, 'libbroken.so'), 'not a library');
    process.env.ARKFFI_LIBRARY_PATH = folder;
    return repeat(() =>
      throws(() => ffi.load('libbroken.so'), {
        code: 'ERR_FFI_LIBRARY_NOT_FOUND',
        message: new RegExp(`'libbroken.so': .*${literally(join(folder, 'libbroken.so'))}`),
      }),
    );
  });

  test('ARKFFI_LIBRARY_PATH may be long', () => {
    mkdirSync(join(ownFolder, 'last'));
    ownFixture('last/libfar.so');
    const folders = Array.from({ length: 500 }, (_, i) => join(ownFolder, `none${i}`));
    process.env.ARKFFI_LIBRARY_PATH = [...folders, join(ownFolder, 'last')].join(delimiter);
    withLibrary('libfar.so', (handle) => assert.equal(echo(handle, 7), 7));
    throws(() => ffi.load('libnowhere.so'), { code: 'ERR_FFI_LIBRARY_NOT_FOUND', message: /none0[\\/]libnowhere\.so/ });
  });
});

describe('close', () => {
  test('close unmaps the library', () => {
    const path = ownFixture();
    return repeat(() => {
      const handle = ffi.load(path);
      const watch = watchUnmapping(handle);
      assert.equal(watch.isUnmapped, false);
      assert.equal(ffi.close(handle), undefined);
      watch.assertUnmapped();
    });
  });

  test('close unmaps a library once all its handles are closed', () => {
    const path = ownFixture();
    return repeat(() => {
      const handles = [ffi.load(path), ffi.load(path), ffi.load(path)];
      const watch = watchUnmapping(handles[0]);
      for (const handle of handles) {
        assert.equal(watch.isUnmapped, false);
        ffi.close(handle);
        ffi.close(handle);
      }
      watch.assertUnmapped();
    });
  });

  test('close unmaps a library of which functions are defined', () => {
    const path = ownFixture();
    return repeat(() => {
      const handle = ffi.load(path);
      const watch = watchUnmapping(handle);
      for (const type of ['i32', 'i64', 'f64', 'u8']) ffi.defineFunction(handle, `echo_${type}`, 'd', 'd');
      ffi.close(handle);
      watch.assertUnmapped();
    });
  });

  test('closing a handle a second time does nothing', () =>
    repeat(() => {
      const handle = ffi.load(fixture);
      for (let i = 0; i < 3; i++) assert.equal(ffi.close(handle), undefined);
    }));

  test('a closed library stays mapped until its calls in flight end', () => {
    const path = ownFixture();
    return repeat(() =>
      Gate.use(async (gate) => {
        const handle = ffi.load(path);
        const watch = watchUnmapping(handle);
        ffi.defineFunction(handle, 'gate_echo_i32', 'pi', 'i');
        const calls = [1, 2, 3].map((n) => ffi.callAsync(handle, 'gate_echo_i32', 'pi', 'i', [gate.ptr, n], []));
        gate.await(3);
        ffi.close(handle);
        assert.equal(watch.isUnmapped, false);
        await nextTurn();
        assert.equal(watch.isUnmapped, false);
        gate.open();
        assert.deepEqual(await Promise.all(calls), [1, 2, 3]);
        watch.assertUnmapped();
      }),
    );
  });

  test('a closed library stays mapped until a call through a bare address ends', () => {
    const path = ownFixture();
    return repeat(() =>
      Gate.use(async (gate) => {
        const handle = ffi.load(path);
        const watch = watchUnmapping(handle);
        const address = ffi.getSymbolPtr(handle, 'gate_echo_i32');
        const call = ffi.callPtrAsync(address, 'pi', 'i', [gate.ptr, 4], []);
        gate.await();
        ffi.close(handle);
        assert.equal(watch.isUnmapped, false);
        gate.open();
        assert.equal(await call, 4);
        watch.assertUnmapped();
      }),
    );
  });

  test('a closed library stays mapped until its queued calls have run', () => {
    const path = ownFixture();
    return repeat(() =>
      Gate.use(async (gate) => {
        const handle = ffi.load(path);
        const watch = watchUnmapping(handle);
        ffi.defineFunction(handle, 'gate_echo_i32', 'pi', 'i');
        const start = (n) => ffi.callAsync(handle, 'gate_echo_i32', 'pi', 'i', [gate.ptr, n], []);
        const calls = Array.from({ length: 30 }, (_, n) => start(n));
        ffi.close(handle);
        await rejects(() => start(30), { code: 'ERR_FFI_LIBRARY_CLOSED' });
        gate.open();
        assert.deepEqual(
          await Promise.all(calls),
          calls.map((_, n) => n),
        );
        watch.assertUnmapped();
      }),
    );
  });

  test('a library that is closed while C is on the stack is unmapped when C returns', () => {
    const path = ownFixture();
    return repeat(() => {
      const handle = ffi.load(path);
      const watch = watchUnmapping(handle);
      const callback = ffi.createCallback(
        (value) => {
          ffi.close(handle);
          assert.equal(watch.isUnmapped, false);
          throws(() => echo(handle, 1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
          return value + 1;
        },
        'i',
        'i',
      );
      // The callback runs three times, because C continues as if the library were open.
      const numbers = [ffi.getCallbackPtr(callback), 3];
      assert.equal(ffi.callMixed(handle, 'call_times', 'ki', 'l', numbers, []), 6);
      watch.assertUnmapped();
      ffi.destroyCallback(callback);
    });
  });

  test("a library closed inside another library's callback is unmapped when C returns, and reopening it there works", () => {
    const [outer, inner] = [ownFixture(), ownFixture()];
    return repeat(() => {
      const handle = ffi.load(outer);
      let watch;
      const callback = ffi.createCallback(
        () => {
          const first = ffi.load(inner);
          watch = watchUnmapping(first);
          ffi.close(first);
          const second = ffi.load(inner);
          assert.equal(echo(second, 8), 8);
          ffi.close(second);
          return echo(handle, 9);
        },
        'i',
        'i',
      );
      assert.equal(ffi.callMixed(handle, 'call_i32', 'ki', 'i', [ffi.getCallbackPtr(callback), 0], []), 9);
      watch.assertUnmapped();
      ffi.destroyCallback(callback);
      ffi.close(handle);
    });
  });
});
