// Headers of Windows, as the compiler's preprocessor outputs them: the structs that they define have the sizes that the
// compiler reports, and functions that they declare are called.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { cdef } from 'arkffi';
import { compile, runProgram } from './compiler.mjs';
import { isWindows, removeFolder } from './hosts.mjs';

const skip = !isWindows && 'it is about Windows';
const including = (headers) => headers.map((header) => `#include <${header}>\n`).join('');

describe('headers of Windows', { skip }, () => {
  if (skip) return;
  const preprocessed = (headers, ...flags) => compile(['-E', ...flags, '-'], including(headers));
  let windows;
  const text = () => (windows ??= preprocessed(['windows.h'], '-dD'));

  test('functions and structs of <windows.h> work', async () => {
    const { symbols, structs, constants } = cdef('kernel32.dll', text(), { lazy: true });
    assert.equal(symbols.GetCurrentProcessId(), process.pid);
    const info = structs._SYSTEM_INFO.create();
    symbols.GetSystemInfo(info);
    assert.ok(info.dwNumberOfProcessors > 0);
    assert.equal(info.dwPageSize, 4096);
    const time = structs._SYSTEMTIME.create();
    symbols.GetSystemTime(time);
    assert.ok(Math.abs(time.wYear - new Date().getUTCFullYear()) < 2);
    const file = structs._FILETIME.create();
    assert.equal(symbols.SystemTimeToFileTime(time, file), 1);
    assert.ok(file.dwHighDateTime > 0);
    assert.equal(await symbols.GetFileAttributesW.async('C:\\no such file'), constants.INVALID_FILE_ATTRIBUTES);
    assert.deepEqual([constants.MAX_PATH, constants.ERROR_FILE_NOT_FOUND], [260, 2]);
  });

  test('functions of <math.h> and <time.h> work', () => {
    const { symbols, constants } = cdef('msvcrt.dll', preprocessed(['math.h', 'time.h'], '-dD'), { lazy: true });
    assert.equal(symbols.pow(2, 10), 1024);
    const exponent = new Int32Array(1);
    assert.equal(symbols.frexp(48, exponent), 0.75);
    assert.equal(exponent[0], 6);
    assert.equal(constants.M_PI, Math.PI);
    assert.equal(symbols.clock() >= 0, true);
  });

  /** [size, alignment] of each type, as the compiler reports them. */
  function measured(headers, types) {
    const folder = mkdtempSync(join(tmpdir(), 'arkffi-'));
    try {
      const lines = types.map((type) => `printf("%d %d\\n", (int)sizeof(${type}), (int)_Alignof(${type}));`);
      const source = join(folder, 'main.c');
      writeFileSync(source, `${including([...headers, 'stdio.h'])}int main(void) {\n${lines.join('\n')}\n}\n`);
      compile(['-w', '-o', join(folder, 'main.exe'), source]);
      return runProgram(join(folder, 'main.exe'))
        .trim()
        .split(/\r?\n/)
        .map((line) => line.split(' ').map(Number));
    } finally {
      removeFolder(folder);
    }
  }

  /** The structs that some headers define. */
  function schemasOf(source) {
    const { structs } = cdef(null, source);
    const schemas = new Set();
    for (const name in structs) {
      try {
        schemas.add(structs[name]);
      } catch (error) {
        assert.match(error.message, /long double|__int128|a vector|__float128|attribute|not known/, name);
      }
    }
    return [...schemas];
  }

  for (const headers of [
    ['windows.h'],
    ['winsock2.h', 'ws2tcpip.h'],
    ['time.h', 'sys/stat.h', 'stdio.h', 'stdlib.h'],
  ]) {
    test(`structs have the compiler's sizes and alignments: ${headers.join(' ')}`, () => {
      const schemas = schemasOf(preprocessed(headers));
      const sizes = measured(
        headers,
        schemas.map(({ name }) => name),
      );
      schemas.forEach(({ name, size, align }, i) => assert.deepEqual([name, size, align], [name, ...sizes[i]]));
      assert.ok(schemas.length > 5, `${schemas.length}`);
    });
  }
});
