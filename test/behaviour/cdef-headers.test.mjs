// Real headers, as the compiler's preprocessor outputs them: functions that they declare are called, and the structs
// that they define must have the sizes that the compiler reports.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cdef, findLibrary } from 'arkffi';
import { compile, hasNoOthers, runProgram } from './compiler.mjs';

const including = (headers) => headers.map((header) => `#include <${header}>\n`).join('');

/** The preprocessed text of headers; including their macros if `flags` has -dD. */
const preprocessed = (headers, ...flags) => compile(['-E', ...flags, '-'], including(headers));

const has = (header) => compile(['-E', '-P', '-'], `#if __has_include(<${header}>)\nyes\n#endif\n`).includes('yes');
const without = (header) => (has(header) ? false : `${header} is not installed`);

describe('functions declared by system headers', () => {
  test('functions and constants of <math.h> work', () => {
    const { symbols, constants } = cdef('libm.so.6', preprocessed(['math.h'], '-dD'));
    assert.equal(symbols.pow(2, 10), 1024);
    assert.equal(symbols.ldexpf(1.5, 3), 12);
    const exponent = new Int32Array(1);
    assert.equal(symbols.frexp(48, exponent), 0.75);
    assert.equal(exponent[0], 6);
    assert.equal(symbols.llround(2.5), 3);
    assert.equal(constants.M_PI, Math.PI);
    try {
      assert.equal(symbols.sqrtl(2.25), 1.5);
    } catch (error) {
      assert.equal(error.code, 'ERR_FFI_NOT_SUPPORTED'); // a long double of 128 bits
    }
  });

  test('functions and structs of <time.h> work', () => {
    const { symbols, structs } = cdef(null, preprocessed(['time.h']));
    const { tm } = structs;
    const time = new BigInt64Array([86400n * 365n]);
    const broken = tm.create();
    symbols.gmtime_r(time, broken);
    assert.equal(tm.get(broken, 'tm_year'), 71);
    assert.equal(tm.get(broken, 'tm_yday'), 0);
    assert.equal(symbols.timegm(broken), 86400 * 365);
    const text = new Uint8Array(32);
    assert.equal(symbols.strftime(text, 32, '%Y-%m-%d', broken), 10);
    assert.equal(Buffer.from(text.subarray(0, 10)).toString(), '1971-01-01');
  });

  test('functions and structs of <sys/stat.h> work', () => {
    const path = fileURLToPath(import.meta.url);
    const { symbols, structs } = cdef(null, preprocessed(['sys/stat.h']));
    const { stat } = structs;
    const found = stat.create();
    assert.equal(symbols.stat(path, found), 0);
    const { size, ino, mode } = statSync(path);
    assert.equal(stat.get(found, 'st_size'), size);
    assert.equal(stat.get(found, 'st_ino'), ino);
    assert.equal(stat.get(found, 'st_mode'), mode);
  });

  test('functions of <stdlib.h> work, with a comparison in JavaScript', () => {
    const { symbols } = cdef(null, preprocessed(['stdlib.h']));
    const values = new Uint8Array([3, 1, 2]);
    const order = [];
    symbols.qsort(values, 3, 1, (a, b) => {
      order.push(a !== b);
      return 0;
    });
    assert.ok(order.length > 0 && order.every(Boolean));
    assert.equal(symbols.strtol('0x1f', null, 16), 31);
  });

  test('functions of <stdio.h> work, with variable arguments', async () => {
    const { symbols, constants } = cdef(null, preprocessed(['stdio.h'], '-dD'));
    const text = new Uint8Array(32);
    assert.equal(symbols.snprintf(text, 32, '%s-%d-%.1f', ['s', 'a'], ['i', 7], ['d', 0.5]), 7);
    assert.equal(Buffer.from(text.subarray(0, 7)).toString(), 'a-7-0.5');
    assert.equal(await symbols.snprintf.async(text, 32, '%u', ['I', 42]), 2);
    assert.deepEqual([constants.SEEK_SET, constants.SEEK_END, constants.EOF], [0, 2, -1]);
  });

  test('functions and constants of <zlib.h> work', { skip: without('zlib.h') || hasNoOthers }, () => {
    const { symbols, constants } = cdef(findLibrary('z'), preprocessed(['zlib.h'], '-dD'));
    assert.equal(symbols.zlibVersion(), constants.ZLIB_VERSION);
    assert.equal(symbols.crc32(0, Buffer.from('123456789'), 9), 0xcbf43926);
    const packed = new Uint8Array(100);
    const length = new BigUint64Array([100n]);
    assert.equal(symbols.compress(packed, length, new Uint8Array(50), 50), constants.Z_OK);
    assert.ok(length[0] < 50n);
  });

  test('functions and constants of <sqlite3.h> work', { skip: without('sqlite3.h') || hasNoOthers }, () => {
    const { symbols, constants } = cdef(findLibrary('sqlite3'), preprocessed(['sqlite3.h'], '-dD'));
    assert.match(symbols.sqlite3_libversion(), /^3\./);
    const database = new BigUint64Array(1);
    assert.equal(symbols.sqlite3_open(':memory:', database), constants.SQLITE_OK);
    const counts = [];
    const status = symbols.sqlite3_exec(
      database[0],
      'select 1, 2; select 3, 4',
      (context, count) => {
        counts.push(count);
        return 0;
      },
      null,
      null,
    );
    assert.equal(status, constants.SQLITE_OK);
    assert.deepEqual(counts, [2, 2]);
    assert.equal(symbols.sqlite3_close(database[0]), constants.SQLITE_OK);
  });
});

describe('structs declared by system headers', () => {
  /** [size, alignment] of each type, as the compiler reports them. */
  function measured(headers, types) {
    const folder = mkdtempSync(join(tmpdir(), 'arkffi-'));
    try {
      const lines = types.map((type) => `printf("%zu %zu\\n", sizeof(${type}), _Alignof(${type}));`);
      writeFileSync(
        join(folder, 'main.c'),
        `${including([...headers, 'stdio.h'])}int main(void) {\n${lines.join('\n')}\n}\n`,
      );
      compile(['-w', '-o', join(folder, 'main'), join(folder, 'main.c')]);
      const output = runProgram(join(folder, 'main'));
      return output
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  // The typedef has an alignment that the struct itself lacks: its sizeof is 104, which is no multiple of its _Alignof,
  // 16.
  const loose = ['__pthread_unwind_buf_t'];

  /** The structs that some headers define. */
  function schemasOf(headers) {
    const { structs } = cdef(null, preprocessed(headers));
    const schemas = new Set();
    for (const name in structs) {
      try {
        schemas.add(structs[name]);
      } catch (error) {
        assert.match(error.message, /: (long double _Complex|a vector) has no type here$/);
      }
    }
    return [...schemas];
  }

  const groups = [
    ['time.h', 'sys/time.h', 'sys/stat.h', 'sys/resource.h', 'sys/times.h', 'sys/utsname.h', 'utime.h'],
    ['sys/socket.h', 'netinet/in.h', 'arpa/inet.h', 'netdb.h', 'sys/un.h', 'net/if.h'],
    ['signal.h', 'pthread.h', 'semaphore.h', 'setjmp.h', 'ucontext.h', 'sched.h'],
    ['stdio.h', 'stdlib.h', 'dirent.h', 'fcntl.h', 'termios.h', 'glob.h', 'regex.h', 'pwd.h', 'grp.h', 'search.h'],
    ['sys/epoll.h', 'sys/inotify.h', 'sys/statfs.h', 'sys/uio.h', 'sys/sysinfo.h', 'poll.h', 'elf.h', 'link.h'],
    ['zlib.h', 'sqlite3.h'],
  ];
  for (const group of groups) {
    const headers = group.filter(has);
    const absent = headers.length ? false : `none of ${group.join(', ')} is installed`;
    test(`structs have the compiler's sizes and alignments: ${headers.join(' ')}`, { skip: absent }, () => {
      const schemas = schemasOf(headers).filter(({ name }) => !loose.includes(name));
      const sizes = measured(
        headers,
        schemas.map(({ name }) => name),
      );
      schemas.forEach(({ name, size, align }, i) => assert.deepEqual([name, size, align], [name, ...sizes[i]]));
      assert.ok(schemas.length > 5, `${schemas.length}`);
    });
  }
});
