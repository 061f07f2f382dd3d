// What a module for macOS asks of the machine that it runs on, and shows to it, read from the file itself (<mach-o/loader.h>,
// <mach-o/nlist.h>, <kern/cs_blobs.h> of Apple's SDK): no tool of Debian's base reads this format, and none checks a signature.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MACOS, TARGETS } from './targets.mjs';

const MAGIC_64 = 0xfeedfacf;
const MACHINES = { ARM64: 0x0100000c, X86_64: 0x01000007 };
const BUNDLE = 8;
/** Two flags of a header that every module has, and two that none may have. */
const FLAGS = { needed: { DYLDLINK: 0x4, TWOLEVEL: 0x80 }, refused: { FORCE_FLAT: 0x100, ALLOW_STACK_EXECUTION: 0x20000 } };
const COMMANDS = {
  SYMTAB: 0x2,
  DYSYMTAB: 0xb,
  LOAD_DYLIB: 0xc,
  SEGMENT_64: 0x19,
  CODE_SIGNATURE: 0x1d,
  RPATH: 0x8000001c,
  BUILD_VERSION: 0x32,
};
/** Commands that name a library. */
const LOADS = [COMMANDS.LOAD_DYLIB, 0x80000018, 0x8000001f, 0x20, 0x80000023];
const WRITABLE = 2;
const EXECUTABLE = 4;
const PLATFORM_MACOS = 1;
/** Of a symbol: that is for debuggers, hidden, of others, and in which library: any that the process has. */
const SYMBOL = { STAB: 0xe0, PRIVATE: 0x10, TYPE: 0x0e, EXTERNAL: 0x01, ANY_LIBRARY: 0xfe };

const textAt = (bytes, at) => bytes.toString('latin1', at, bytes.indexOf(0, at));
const versionOf = (number) => `${number >>> 16}.${(number >>> 8) & 255}`;

/** The load commands of a file: { command, at }. */
function commandsOf(bytes) {
  const commands = [];
  let at = 32;
  for (let i = bytes.readUInt32LE(16); i > 0; i--) {
    commands.push({ command: bytes.readUInt32LE(at), at });
    at += bytes.readUInt32LE(at + 4);
  }
  return commands;
}

/** The symbols of a file: { name, isDefined, isExported, isLocal, library }. */
function symbolsOf(bytes, at) {
  const [table, count, texts] = [8, 12, 16].map((field) => bytes.readUInt32LE(at + field));
  return Array.from({ length: count }, (_, i) => {
    const entry = table + 16 * i;
    const type = bytes[entry + 4];
    const isDefined = (type & SYMBOL.TYPE) !== 0;
    const isExternal = (type & SYMBOL.EXTERNAL) !== 0 && (type & SYMBOL.STAB) === 0;
    return {
      name: textAt(bytes, texts + bytes.readUInt32LE(entry)).replace(/^_/, ''),
      isDefined,
      isExported: isDefined && isExternal && (type & SYMBOL.PRIVATE) === 0,
      isLocal: !isExternal,
      library: bytes[entry + 7],
    };
  });
}

/** What is wrong with the segments: code that can be written, and code that the loader would have to change. */
function* faultsOfSegment(bytes, at) {
  const name = textAt(bytes.subarray(0, at + 24), at + 8) || bytes.toString('latin1', at + 8, at + 24);
  for (const protection of [bytes.readUInt32LE(at + 56), bytes.readUInt32LE(at + 60)]) {
    if (protection & WRITABLE && protection & EXECUTABLE) yield `has memory that is writable and executable: ${name}`;
  }
  for (let i = 0; i < bytes.readUInt32LE(at + 64); i++) {
    const section = at + 72 + 80 * i;
    if (bytes.readUInt32LE(section + 60)) yield `has relocations in ${name},${textAt(bytes, section)}`;
  }
}

/** The blobs of a signature are big-endian. A CodeDirectory has a hash of each page of the file. */
function* faultsOfSignature(bytes, at) {
  const [begin, size] = [bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12)];
  if (begin + size !== bytes.length) yield 'is not signed up to its end';
  if (bytes.readUInt32BE(begin) !== 0xfade0cc0) return yield 'has a signature that cannot be read';
  const indexes = Array.from({ length: bytes.readUInt32BE(begin + 8) }, (_, i) => begin + 12 + 8 * i);
  const index = indexes.find((one) => bytes.readUInt32BE(one) === 0);
  const directory = index === undefined ? begin : begin + bytes.readUInt32BE(index + 4);
  if (bytes.readUInt32BE(directory) !== 0xfade0c02) return yield 'has a signature without hashes';
  const [hashes, pages, limit] = [16, 28, 32].map((field) => bytes.readUInt32BE(directory + field));
  const [hashSize, hashType, , pageBits] = bytes.subarray(directory + 36, directory + 40);
  if (!(bytes.readUInt32BE(directory + 12) & 2)) yield 'is signed, and not ad hoc';
  if (hashType !== 2 || hashSize !== 32) return yield 'is signed by another hash than SHA-256';
  if (limit !== begin || pages !== Math.ceil(limit / 2 ** pageBits)) yield 'is signed in part only';
  for (let page = 0; page < pages; page++) {
    const part = bytes.subarray(page << pageBits, Math.min((page + 1) << pageBits, limit));
    const stored = directory + hashes + hashSize * page;
    const isSame = createHash('sha256').update(part).digest().equals(bytes.subarray(stored, stored + hashSize));
    if (!isSame) yield `was changed after it was signed, in page ${page}`;
  }
}

function* faultsOfSymbols(symbols, { registration, hardened }) {
  const exported = symbols.filter(({ isExported }) => isExported).map(({ name }) => name);
  for (const name of exported) if (!registration.includes(name)) yield `exports ${name}`;
  for (const name of registration) if (!exported.includes(name)) yield `does not export ${name}`;
  const imported = symbols.filter(({ isDefined, isLocal }) => !isDefined && !isLocal);
  for (const { name, library } of imported) {
    const isHosts = /^(napi|node_api)_/.test(name);
    if (!isHosts && library === SYMBOL.ANY_LIBRARY) yield `needs ${name}, which no library has`;
    if (isHosts && library !== SYMBOL.ANY_LIBRARY) yield `looks for ${name} in a library`;
  }
  for (const name of hardened) {
    if (!imported.some((symbol) => symbol.name === name)) yield `is not hardened: it does not call ${name}`;
  }
  if (symbols.some(({ isLocal }) => isLocal)) yield 'is not stripped';
}

function* faultsOf(bytes, target, rules) {
  const { libraries, machine } = TARGETS[target];
  if (bytes.length < 32 || bytes.readUInt32LE(0) !== MAGIC_64) return yield 'is not a native module for macOS';
  if (bytes.readUInt32LE(4) !== MACHINES[machine]) yield `is not for ${machine}`;
  if (bytes.readUInt32LE(12) !== BUNDLE) yield 'is not a bundle';
  const flags = bytes.readUInt32LE(24);
  for (const [name, flag] of Object.entries(FLAGS.needed)) if (!(flags & flag)) yield `lacks the flag ${name}`;
  for (const [name, flag] of Object.entries(FLAGS.refused)) if (flags & flag) yield `has the flag ${name}`;

  const commands = commandsOf(bytes);
  const all = (...wanted) => commands.filter(({ command }) => wanted.includes(command)).map(({ at }) => at);
  for (const at of all(COMMANDS.SEGMENT_64)) yield* faultsOfSegment(bytes, at);
  for (const at of all(COMMANDS.DYSYMTAB)) {
    if (bytes.readUInt32LE(at + 68) || bytes.readUInt32LE(at + 76)) yield 'has relocations outside of its sections';
  }
  for (const at of all(...LOADS)) {
    const library = textAt(bytes, at + bytes.readUInt32LE(at + 8));
    if (!libraries.test(library)) yield `needs the library ${library}`;
  }
  for (const at of all(COMMANDS.RPATH)) yield `looks for libraries in ${textAt(bytes, at + bytes.readUInt32LE(at + 8))}`;
  const versions = all(COMMANDS.BUILD_VERSION);
  if (versions.length !== 1 || bytes.readUInt32LE(versions[0] + 8) !== PLATFORM_MACOS) yield 'is not made for macOS';
  for (const at of versions) {
    const least = versionOf(bytes.readUInt32LE(at + 12));
    if (least !== MACOS) yield `is made for macOS ${least}, and not for ${MACOS}`;
  }
  const tables = all(COMMANDS.SYMTAB);
  yield* faultsOfSymbols(tables.length ? symbolsOf(bytes, tables[0]) : [], rules);
  const signatures = all(COMMANDS.CODE_SIGNATURE);
  if (signatures.length !== 1) return yield 'is not signed';
  yield* faultsOfSignature(bytes, signatures[0]);
}

/** What is wrong with a module, one line each, and what it needs. */
export function checkMacho(target, file, rules) {
  return { complaints: [...faultsOf(readFileSync(file), target, rules)], needs: `macOS ${MACOS}` };
}
