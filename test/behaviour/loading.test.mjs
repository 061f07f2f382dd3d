// What cannot be opened is called what it is: the message goes by the file's first bytes, not by the loader's words.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cdef, dlopen, ffi, findLibrary, owned } from 'arkffi';
import { check, fixture, throws } from './support.mjs';

const folder = mkdtempSync(join(tmpdir(), 'arkffi-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const whole = readFileSync(fixture);

function write(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The fixture library with other bytes at some offsets. */
function changed(name, bytes) {
  const copy = Buffer.from(whole);
  for (const [at, byte] of Object.entries(bytes)) copy[at] = byte;
  return write(name, copy);
}

const CLASS = 4; // e_ident[EI_CLASS]
const TYPE = 16; // e_type
const MACHINE = 18; // e_machine

mkdirSync(join(folder, 'folder.so'));

// The loader would wait for another process to open the pipe for writing.
const pipe = join(folder, 'pipe.so');
execFileSync('mkfifo', [pipe]);
symlinkSync(pipe, join(folder, 'link-to-pipe.so'));
const socket = createServer();
await new Promise((listens) => socket.listen(join(folder, 'socket.so'), listens));
after(() => socket.close());

const files = {
  [write('empty.so', '')]: /: the file is empty/,
  [write('source.c', 'int add(int a, int b) { return a + b; }\n')]: /: it is text, not a library/,
  [write('script.so', '/* GNU ld script */\nGROUP ( libm.so.6 )\n')]: /: it is text for the linker; findLibrary/,
  [write('static.a', '!<arch>\nnothing')]: /: it is a static library/,
  [write('mac.dylib', Buffer.from('cffaedfe07000001', 'hex'))]: /: it is a library for macOS/,
  [write('windows.dll', 'MZ\x90\0')]: /: it is a library for Windows/,
  [write('picture.so', Buffer.from('89504e470d0a1a0a00', 'hex'))]: /: it is no library/,
  [write('start.so', whole.subarray(0, 40))]: /: it is only the first 40 bytes of a library/,
  [write('part.so', whole.subarray(0, 9000))]: /: it is only the first 9000 bytes of a library, which has at least \d+/,
  [changed('risc.so', { [MACHINE]: 243 })]: /: it is a library for RISC-V \(64-bit\), and this process is /,
  [changed('unknown.so', { [MACHINE]: 251 })]: /: it is a library for processor 251 of ELF's list/,
  [changed('old.so', { [CLASS]: 1, [MACHINE]: 3 })]: /: it is a library for x86 \(32-bit\), and this process is /,
  [changed('object.so', { [TYPE]: 1 })]: /: it is an object file, which has to be linked/,
  [changed('program', { [TYPE]: 2 })]: /: it is a program, not a library/,
  [join(folder, 'folder.so')]: /: it is a folder/,
  [pipe]: /: it is a pipe$/,
  [join(folder, 'link-to-pipe.so')]: /: it is a pipe$/,
  [join(folder, 'socket.so')]: /: it is a socket$/,
  '/dev/null': /: it is a character device$/,
};

for (const [path, message] of Object.entries(files)) {
  test(`${relative(folder, path)} is called what it is`, () =>
    check(() => {
      for (const open of [dlopen, (file) => cdef(file, '')]) {
        throws(() => open(path, {}), { code: 'ERR_FFI_LIBRARY_NOT_FOUND', message });
      }
    }, 50));
}

test('a pipe in a folder of the library path is called what it is', () => {
  ffi.configure({ libraryPath: folder });
  return check(() => {
    throws(() => dlopen('pipe.so', {}), {
      code: 'ERR_FFI_LIBRARY_NOT_FOUND',
      message: `cannot load 'pipe.so': it is a pipe; also tried ${pipe}`,
    });
    throws(() => ffi.load('pipe.so'), { code: 'ERR_FFI_LIBRARY_NOT_FOUND', message: /: it is a pipe; / });
    throws(() => findLibrary('pipe'), { code: 'ERR_FFI_LIBRARY_NOT_FOUND' });
  }, 20);
});

test('a relative path is given as an absolute one as well', () =>
  check(() => {
    const path = './no/such/library.so';
    const absolute = join(process.cwd(), path).replaceAll('.', '\\.');
    throws(() => dlopen(path, {}), {
      code: 'ERR_FFI_LIBRARY_NOT_FOUND',
      message: new RegExp(`^cannot load '${path}': .*; its absolute path is ${absolute}$`),
    });
  }, 20));

test('a file of that name in the working directory is pointed out', () =>
  check(() => {
    throws(() => dlopen('package.json', {}), {
      code: 'ERR_FFI_LIBRARY_NOT_FOUND',
      message: /; there is such a file here: write '\.\/package\.json'/,
    });
  }, 20));

const compiler = process.env.CC || 'cc';

test('a library that another one needs is named as missing', (context) => {
  const [needed, needing] = [join(folder, 'libneeded.so'), join(folder, 'libneeding.so')];
  const source = write('nothing.c', 'int nothing;\n');
  try {
    execFileSync(compiler, ['-shared', '-fPIC', source, '-o', needed]);
    execFileSync(compiler, [
      '-shared',
      '-fPIC',
      '-Wl,--no-as-needed',
      source,
      '-o',
      needing,
      `-L${folder}`,
      '-lneeded',
    ]);
  } catch {
    // A machine that only runs the tests may have no compiler.
    return context.skip('there is no C compiler');
  }
  rmSync(needed);
  return check(() => {
    throws(() => dlopen(needing, {}), {
      code: 'ERR_FFI_LIBRARY_NOT_FOUND',
      message: /: it needs the library libneeded\.so, which is not found$/,
    });
  }, 20);
});

test('a C++ function without extern "C" is recognised', (context) => {
  const library = join(folder, 'libcpp.so');
  // The assembler's name is what a C++ compiler calls int add(int, int).
  const source = write(
    'cpp.c',
    'int add(int a, int b) __asm__("_Z3addii");\nint add(int a, int b) { return a + b; }\n',
  );
  try {
    execFileSync(compiler, ['-shared', '-fPIC', source, '-o', library]);
  } catch {
    // A machine that only runs the tests may have no compiler.
    return context.skip('there is no C compiler');
  }
  return check(() => {
    throws(() => dlopen(library, { add: { args: ['int', 'int'], returns: 'int' } }), {
      code: 'ERR_FFI_SYMBOL_NOT_FOUND',
      message: /^add: not exported by .*; it exports the C\+\+ function _Z3addii: declare it extern "C" there$/,
    });
  }, 20);
});

test('a variable that is declared as a function is refused', () =>
  check(() => {
    throws(() => dlopen(fixture, { counter: { returns: 'int' } }), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /^counter: it is a variable of .*, not a function: its definition needs a type$/,
    });
    const lib = dlopen(fixture, { counter: { type: 'int' } });
    lib.close();
  }, 20));

test('a function that is declared as a variable is refused', () =>
  check(() => {
    const refused = (run, message) => throws(run, { code: 'ERR_FFI_BAD_SIGNATURE', message });
    const ending = /not a variable: its definition needs args and returns instead of a type$/;
    refused(() => dlopen(null, { abs: { type: 'int' } }), /^abs: it is a function of the running process, not a var/);
    refused(() => dlopen(fixture, { echo_i32: { type: ['int', 4], optional: true } }), ending);
    refused(() => dlopen(fixture, { own: { type: 'pointer', name: 'echo_i32' } }), /^echo_i32: it is a function of /);
    const declared = cdef(fixture, 'extern int echo_i32;');
    refused(() => declared.symbols.echo_i32, ending);
    declared.close();
    const lib = dlopen(fixture, { echo_i32: { args: ['i'], returns: 'i' }, counter: { type: 'int' } });
    refused(() => lib.define({ echo_f64: { type: 'double' } }), ending);
    assert.equal(lib.symbols.echo_i32(lib.symbols.counter.value), lib.symbols.counter.value);
    lib.close();
  }, 20));

test('a variable is not taken for the function that frees text', () =>
  check(() => {
    const returns = owned('cstring', 'counter');
    throws(() => dlopen(fixture, { greet_malloc: { args: ['cstring'], returns } }), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /counter: it is a variable of .*, not a function/,
    });
  }, 20));

test('a constant that the linker has put beside code is a variable', (context) => {
  const source = write('constant.c', 'const int answer = 42;\nint twice(int x) { return 2 * x; }\n');
  const library = join(folder, 'libconstant.so');
  try {
    execFileSync(compiler, ['-shared', '-fPIC', '-Wl,-z,noseparate-code', source, '-o', library]);
  } catch {
    // A machine that only runs the tests may have none, and others have another linker.
    return context.skip('there is no C compiler that knows this');
  }
  return check(() => {
    const lib = dlopen(library, { answer: { type: 'int' } });
    assert.equal(lib.symbols.answer.value, 42);
    throws(() => lib.define({ twice: { type: 'int' } }), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /^twice: it is a function of /,
    });
    lib.close();
  }, 20);
});

test('the URL of a file is a path', () =>
  check(() => {
    const spaced = join(folder, 'with space é.so');
    copyFileSync(fixture, spaced);
    for (const open of [dlopen, (url) => cdef(url, 'int echo_i32(int);')]) {
      const lib = open(pathToFileURL(spaced), { echo_i32: { args: ['i'], returns: 'i' } });
      assert.equal(lib.symbols.echo_i32(5), 5);
      lib.close();
    }
    const bad = (path, message) => throws(() => dlopen(path, {}), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
    bad(
      new URL('http://localhost/x.so'),
      /^dlopen: argument 1: 'http:.*' is not the URL of a file of this machine; paths and file: URLs are taken$/,
    );
    for (const text of [
      'http://localhost/x.so',
      'https://example.com/x',
      'HTTP://a',
      'vscode-file://a/b.so',
      'file://a/b.so',
    ]) {
      bad(
        text,
        `dlopen: argument 1: '${text}' is not the URL of a file of this machine; paths and file: URLs are taken`,
      );
    }
    bad(new URL('file:///a%2Fb.so'), /is not the URL of a file/);

    bad({ href: 'file:///a.so' }, /^dlopen: argument 1: expected string, a URL object or null, got /);
  }, 50));

test('findLibrary recognises the name of a file', () =>
  check(() => {
    for (const name of ['libm.so.6', 'libm', 'm.so', '/usr/lib/libm.so.6']) {
      throws(() => findLibrary(name), { code: 'ERR_FFI_LIBRARY_NOT_FOUND', message: /; did you mean 'm'\?$/ });
    }
  }, 20));
