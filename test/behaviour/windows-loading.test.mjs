// What Windows does otherwise when libraries are found and opened: its paths, its files, its folders, its error numbers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cdef, dlopen, findLibrary, suffix } from 'arkffi';
import ffi from 'liblibrary.so';
import { compile } from './compiler.mjs';
import { isWindows, removeFolder } from './hosts.mjs';
import { check, fixture, throws } from './support.mjs';

const skip = !isWindows && 'it is about Windows';
const NOT_FOUND = 'ERR_FFI_LIBRARY_NOT_FOUND';
const echo = { echo_i32: { args: ['i'], returns: 'i' } };

describe('on Windows', { skip }, () => {
  if (skip) return;
  const folder = mkdtempSync(join(tmpdir(), 'arkffi-'));
  const home = process.cwd();
  after(() => removeFolder(folder));
  afterEach(() => {
    process.chdir(home);
    delete process.env.ARKFFI_LIBRARY_PATH;
  });

  const write = (name, bytes) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const whole = readFileSync(fixture);
  const header = whole.readUInt32LE(0x3c); // e_lfanew
  const MACHINE = header + 4;
  const FLAGS = header + 22; // Characteristics

  /** A copy of the fixture library in which a word of 16 bits is another one. */
  function changed(name, at, word) {
    const copy = Buffer.from(whole);
    copy.writeUInt16LE(word, at);
    return write(name, copy);
  }

  /** Compiles a library, which may need others by their paths. */
  function library(name, source, needs = []) {
    const path = join(folder, name);
    compile(['-shared', '-o', path, write(`${name}.c`, source), ...needs]);
    return path;
  }

  test('the suffix of libraries is dll', () => assert.equal(suffix, 'dll'));

  describe('a file that is no library for this process', () => {
    const files = {
      [write('empty.dll', '')]: /: the file is empty/,
      [write('text.dll', 'int add(int a, int b);\n')]: /: it is text, not a library/,
      [write('linux.so', Buffer.from('7f454c46020101', 'hex'))]: /: it is a library for (Linux|a system with ELF)/,
      [write('start.dll', whole.subarray(0, 300))]: /: it is only the first 300 bytes of a library/,
      [write('part.dll', whole.subarray(0, 9000))]: /: it is only the first 9000 bytes of a library/,
      [changed('x86.dll', MACHINE, 0x14c)]: /: it is a library for x86 \(32-bit\), and this process is x86-64/,
      [changed('arm.dll', MACHINE, 0xaa64)]: /: it is a library for AArch64 \(64-bit\), and this process is x86-64/,
      [changed('other.dll', MACHINE, 0x5064)]: /: it is a library for processor 0x5064 of PE's list/,
      [changed('program.exe', FLAGS, whole.readUInt16LE(FLAGS) & ~0x2000)]: /: it is a program, not a library/,
      [folder]: /: it is a folder/,
      NUL: /./,
    };
    for (const [path, message] of Object.entries(files)) {
      test(`${basename(path)} is called what it is`, () =>
        check(() => {
          for (const open of [dlopen, (file) => cdef(file, '')])
            throws(() => open(path === 'NUL' ? '\\\\.\\NUL' : path, {}), { code: NOT_FOUND, message });
        }, 50));
    }
  });

  test('paths that cannot be are refused', () =>
    check(() => {
      const wrong = { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /NUL/ };
      for (const path of ['C:\\a\0b.dll', 'a\0.dll', '\0']) throws(() => dlopen(path, {}), wrong);
      const missing = { code: NOT_FOUND, message: /^cannot load / };
      const names = ['\ud800.dll', 'C:\\\udfff\\x.dll', `C:\\${'x'.repeat(40_000)}.dll`, 'x'.repeat(40_000)];
      for (const path of [...names, `C:\\${'y\\'.repeat(20_000)}z.dll`, 'C:', 'C:\\', '\\\\nowhere\\share\\x.dll'])
        throws(() => dlopen(path, {}), missing);
      for (const path of ['a<b.dll', 'C:\\a|b.dll', 'C:\\a?.dll', '*']) throws(() => dlopen(path, {}), missing);
    }, 50));

  test('a path has slashes of either kind, characters of any language, and may be a URL', () => {
    const inside = join(folder, 'Ünï 文字 😀');
    mkdirSync(inside);
    const path = join(inside, 'größe.dll');
    copyFileSync(fixture, path);
    for (const form of [path, path.replaceAll('\\', '/'), pathToFileURL(path), pathToFileURL(path).href]) {
      const lib = dlopen(form, echo);
      assert.equal(lib.symbols.echo_i32(5), 5);
      lib.close();
    }
  });

  test('a path may be longer than 260 characters', () => {
    const inside = join(folder, 'd'.repeat(120), 'e'.repeat(120), 'f'.repeat(120));
    mkdirSync(inside, { recursive: true });
    const path = join(inside, 'long.dll');
    copyFileSync(fixture, path);
    const lib = dlopen(path, echo);
    assert.equal(lib.symbols.echo_i32(6), 6);
    lib.close();
  });

  test('a library in the current folder is not taken by its bare name, and is pointed out', () => {
    const own = mkdtempSync(join(folder, 'current-'));
    copyFileSync(fixture, join(own, 'here.dll'));
    process.chdir(own);
    for (const name of ['here.dll', 'here']) throws(() => ffi.load(name), { code: NOT_FOUND });
    throws(() => dlopen('here.dll', echo), {
      code: NOT_FOUND,
      message: /there is such a file here: write '\.\/here\.dll'/,
    });
    throws(() => findLibrary('here'), { code: NOT_FOUND });
    const before = process.env.PATH;
    process.env.PATH = `${own};${before}`;
    throws(() => dlopen('here.dll', echo), { code: NOT_FOUND });
    process.env.PATH = before;
    for (const path of ['./here.dll', '.\\here.dll']) {
      const lib = dlopen(path, echo);
      assert.equal(lib.symbols.echo_i32(7), 7);
      lib.close();
    }
  });

  test('a semicolon separates the folders of ARKFFI_LIBRARY_PATH, and a colon does not', () => {
    const own = mkdtempSync(join(folder, 'path-'));
    copyFileSync(fixture, join(own, 'in_path.dll'));
    process.env.ARKFFI_LIBRARY_PATH = `${join(own, 'none')};${own}`;
    for (const name of ['in_path.dll', 'IN_PATH.DLL']) {
      const lib = dlopen(name, echo);
      assert.equal(lib.symbols.echo_i32(8), 8);
      lib.close();
    }
    assert.equal(findLibrary('in_path'), 'in_path.dll');
    process.env.ARKFFI_LIBRARY_PATH = `${join(own, 'none')}:${own}`;
    throws(() => dlopen('in_path.dll', echo), { code: NOT_FOUND, message: /also tried/ });
  });

  test('a library that another one needs is named as missing', () => {
    const inner = library('inner.dll', 'int inner(void) { return 1; }');
    const needing = (name, path) => library(name, 'int inner(void); int needing(void) { return inner(); }', [path]);
    const good = needing('needing.dll', inner);
    const lib = dlopen(good, { needing: { returns: 'i' } });
    assert.equal(lib.symbols.needing(), 1);
    lib.close();
    const gone = library('gone.dll', 'int inner(void) { return 1; }');
    const middle = needing('middle.dll', gone);
    const outer = library('outer.dll', 'int needing(void); int outer(void) { return needing(); }', [middle]);
    rmSync(gone);
    const message = /: it needs the library gone\.dll, which is not found$/;
    throws(() => dlopen(middle, {}), { code: NOT_FOUND, message });
    throws(() => ffi.load(middle), { code: NOT_FOUND, message });
    throws(() => dlopen(outer, {}), { code: NOT_FOUND, message: /gone\.dll/ });
  });

  test('findLibrary and names of Windows', () =>
    check(() => {
      for (const name of ['kernel32', 'KERNEL32']) assert.equal(findLibrary(name).toLowerCase(), 'kernel32.dll');
      for (const name of ['kernel32', 'kernel32.dll', 'KERNEL32.DLL']) {
        const lib = dlopen(name, { GetCurrentProcessId: { returns: 'I' } });
        assert.equal(lib.symbols.GetCurrentProcessId(), process.pid);
        lib.close();
      }
    }, 50));

  test('list has what kernel32.dll exports, and a near name is suggested', () => {
    const lib = dlopen('kernel32.dll', {});
    const kinds = new Map(lib.list().map(({ name, kind }) => [name, kind]));
    assert.ok(kinds.size > 500, `${kinds.size}`);
    for (const name of ['CreateFileW', 'GetTickCount64', 'VirtualAlloc']) assert.equal(kinds.get(name), 'function');
    lib.close();
    throws(() => dlopen('kernel32.dll', { GetTickCuont64: { returns: 'L' } }), {
      code: 'ERR_FFI_SYMBOL_NOT_FOUND',
      message: /did you mean 'GetTickCount64'\?/,
    });
  });

  test('with({ errno: true }) gives what GetLastError would', () =>
    check(async () => {
      const { GetFileAttributesW: attributes, SetLastError: set } = dlopen('kernel32.dll', {
        GetFileAttributesW: { args: ['wstring'], returns: 'I' },
        SetLastError: { args: ['I'] },
      }).symbols;
      const missing = { value: 0xffffffff, errno: 0, lastError: 2 };
      assert.deepEqual(attributes.with({ errno: true })('C:\\no such file'), missing);
      assert.deepEqual(await attributes.async.with({ errno: true })('C:\\no such file'), missing);
      assert.equal(set.with({ errno: true })(1234).lastError, 1234);
      assert.equal((await set.async.with({ errno: true })(4321)).lastError, 4321);
    }, 20));

  test('the C library is looked in before ntdll.dll, which has some of its names for Windows itself', () => {
    const { strtol } = dlopen(null, { strtol: { args: ['s', 'p', 'i'], returns: 'long' } }).symbols;
    const { value, errno } = strtol.with({ errno: { set: 0 } })('9'.repeat(30), null, 10);
    assert.deepEqual([value, errno], [2 ** 31 - 1, 34]); // ERANGE
  });

  test('long has 32 bits and wchar_t 16', () =>
    check(() => {
      const { labs } = dlopen(findLibrary('c'), { labs: { args: ['long'], returns: 'long' } }).symbols;
      assert.equal(labs(-(2 ** 31) + 1), 2 ** 31 - 1);
      throws(() => labs(2 ** 31), { code: 'ERR_FFI_OUT_OF_RANGE' });
      const { lstrlenW } = dlopen('kernel32.dll', { lstrlenW: { args: ['wstring'], returns: 'i' } }).symbols;
      assert.equal(lstrlenW('a😀'), 3);
    }, 50));

  test('Node-API is found in a program of any name', () => {
    const program = join(folder, 'my program.exe');
    try {
      linkSync(process.execPath, program);
    } catch {
      copyFileSync(process.execPath, program);
    }
    const text = `import { dlopen } from 'arkffi';
      const { symbols } = dlopen('kernel32.dll', { lstrlenA: { args: ['s'], returns: 'i' } });
      console.log(symbols.lstrlenA('four'), await symbols.lstrlenA.async('seven'));`;
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const argv = ['--no-warnings', '--input-type=module', '--eval', text];
    assert.equal(execFileSync(program, argv, { cwd: root, encoding: 'utf8' }).trim(), '4 5');
  });
});
