// The check of native modules for Windows (tools/prebuilds/pe.mjs), on files that this test writes: one with all that a module
// must have, and others that differ from it in one thing.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { faultOfPrebuild } from '../../tools/package/platforms.mjs';
import { checkPe, removeTime } from '../../tools/prebuilds/pe.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'arkffi-pe-'));
after(() => rmSync(scratch, { recursive: true }));

const ADDRESS = 0x1000;
const IN_FILE = 0x200;

/** A file with one section, in which all tables are. */
function library({
  machine = 0x8664,
  kind = 0x2022,
  time = 0,
  symbols = 0,
  protections = 0x160,
  section = '.rdata',
  flags = 0x40000040,
  exported = ['registration'],
  imported = ['KERNEL32.dll'],
  tables = { 3: 8, 5: 8 },
} = {}) {
  const bytes = Buffer.alloc(0x600);
  let end = IN_FILE;
  /** Takes room in the section; returns its address. */
  const take = (size) => (end += size) - size - IN_FILE + ADDRESS;
  const put = (address, number) => bytes.writeUInt32LE(number, address - ADDRESS + IN_FILE);
  const text = (words) => {
    const address = take(words.length + 1);
    bytes.write(words, address - ADDRESS + IN_FILE);
    return address;
  };
  bytes.write('MZ', 0);
  bytes.writeUInt32LE(0x80, 60);
  bytes.write('PE\0\0', 0x80);
  const at = 0x84;
  bytes.writeUInt16LE(machine, at);
  bytes.writeUInt16LE(1, at + 2);
  bytes.writeUInt32LE(time, at + 4);
  bytes.writeUInt32LE(symbols, at + 8);
  bytes.writeUInt16LE(240, at + 16);
  bytes.writeUInt16LE(kind, at + 18);
  const optional = at + 20;
  bytes.writeUInt16LE(0x20b, optional);
  bytes.writeUInt16LE(protections, optional + 70);
  const place = (index, address, size) => {
    bytes.writeUInt32LE(address, optional + 112 + 8 * index);
    bytes.writeUInt32LE(size, optional + 116 + 8 * index);
  };
  bytes.write(section, optional + 240);
  for (const [field, number] of [
    [8, 0x400],
    [12, ADDRESS],
    [16, 0x400],
    [20, IN_FILE],
    [36, flags],
  ]) {
    bytes.writeUInt32LE(number, optional + 240 + field);
  }
  const names = take(4 * exported.length);
  exported.forEach((name, i) => put(names + 4 * i, text(name)));
  const exports = take(40);
  put(exports + 24, exported.length);
  put(exports + 32, names);
  place(0, exports, 40);
  const imports = take(20 * (imported.length + 1));
  imported.forEach((name, i) => put(imports + 20 * i + 12, text(name)));
  place(1, imports, 20 * (imported.length + 1));
  for (const [index, size] of Object.entries(tables)) place(index, take(size), size);
  return bytes;
}

function faultsOf(bytes, target = 'win32-x64') {
  const path = join(scratch, 'file');
  writeFileSync(path, bytes);
  return checkPe(target, path, { registration: ['registration'] }).complaints;
}

test('a module that has all that it must have', () => {
  assert.deepEqual(faultsOf(library()), []);
  assert.deepEqual(faultsOf(library({ machine: 0xaa64 }), 'win32-arm64'), []);
  assert.deepEqual(faultsOf(library({ imported: ['kernel32.dll', 'msvcrt.dll', 'ADVAPI32.dll'] })), []);
});

test('one thing that is wrong', () => {
  for (const [change, fault] of [
    [{ machine: 0xaa64 }, 'is not for AMD64'],
    [{ kind: 0x22 }, 'is not a library'],
    [{ time: 1 }, 'has the time at which it was linked'],
    [{ symbols: 0x500 }, 'is not stripped: it has a table of symbols'],
    [{ section: '.debug_i' }, 'is not stripped: it has .debug_i'],
    [{ section: '/4' }, 'is not stripped: it has /4'],
    [{ protections: 0x120 }, 'is not linked with DYNAMIC_BASE'],
    [{ protections: 0x140 }, 'is not linked with HIGH_ENTROPY_VA'],
    [{ protections: 0x060 }, 'is not linked with NX_COMPAT'],
    [{ flags: 0xe0000020 }, 'has .rdata writable and executable'],
    [{ exported: ['other', 'registration'] }, 'exports other'],
    [{ exported: [] }, 'does not export registration'],
    [{ imported: ['KERNEL32.dll', 'node.exe'] }, 'needs the library node.exe'],
    [{ imported: ['libgcc_s_seh-1.dll'] }, 'needs the library libgcc_s_seh-1.dll'],
    [{ tables: { 5: 8 } }, 'has no tables for unwinding'],
    [{ tables: { 3: 8 } }, 'cannot be moved: it has no relocations'],
    [{ tables: { 3: 8, 5: 8, 6: 28 } }, 'names a file for debuggers'],
  ]) {
    assert.deepEqual(faultsOf(library(change)), [fault]);
  }
});

test('other files', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('MZ'), Buffer.alloc(300), library().subarray(0, 300)]) {
    assert.deepEqual(faultsOf(bytes), ['is not a file for Windows']);
  }
  const [fault] = faultsOf(library().subarray(0, 600)); // the tables are cut off
  assert.match(fault, /^cannot be read: /);
});

test('the time is removed, and nothing else', () => {
  const path = join(scratch, 'timed');
  writeFileSync(path, library({ time: 0x12345678 }));
  removeTime(path);
  assert.deepEqual(readFileSync(path), library());
});

test('what npm packs is made for the platform of its folder', () => {
  assert.equal(faultOfPrebuild('win32-x64', library()), undefined);
  assert.equal(faultOfPrebuild('win32-arm64', library()), 'is not made for arm64');
  assert.equal(faultOfPrebuild('win32-x64', Buffer.from('\x7fELF'.padEnd(100))), 'is not a native module for Windows');
  assert.equal(faultOfPrebuild('win32-x64', Buffer.alloc(0)), 'is not a native module for Windows');
  assert.equal(faultOfPrebuild('darwin-x64', library()), 'is not a native module for macOS');
});
