// What a module for Windows asks of the machine that it runs on, and shows to it, read from the file itself (Microsoft's
// "PE Format"): Debian's objdump does not know the files for 64-bit ARM.
import { readFileSync, writeFileSync } from 'node:fs';
import { TARGETS } from './targets.mjs';

const MACHINES = { AMD64: 0x8664, ARM64: 0xaa64 };
const PE32_PLUS = 0x20b;
const DLL = 0x2000;
/** The system may place the file and what it allocates anywhere in 64 bits, and runs no data as code. */
const PROTECTIONS = { DYNAMIC_BASE: 0x40, HIGH_ENTROPY_VA: 0x20, NX_COMPAT: 0x100 };
/** The entries of the optional header that say where the tables are. */
const TABLES = { EXPORTS: 0, IMPORTS: 1, UNWINDING: 3, CERTIFICATES: 4, RELOCATIONS: 5, DEBUG: 6, DELAYED: 13 };
const SECTION = { EXECUTABLE: 0x20000000, WRITABLE: 0x80000000 };

const textAt = (bytes, at) => bytes.toString('latin1', at, bytes.indexOf(0, at));

/** Where the header of a file is: that of COFF, behind the four letters. */
function headerOf(bytes) {
  const at = bytes.length >= 64 && bytes.toString('latin1', 0, 2) === 'MZ' ? bytes.readUInt32LE(60) : bytes.length;
  return at + 264 <= bytes.length && bytes.readUInt32LE(at) === 0x4550 ? at + 4 : undefined;
}

function readPe(bytes, at) {
  const optional = at + 20;
  const sections = Array.from({ length: bytes.readUInt16LE(at + 2) }, (_, i) => {
    const entry = optional + bytes.readUInt16LE(at + 16) + 40 * i;
    const [size, address, , from] = [8, 12, 16, 20].map((field) => bytes.readUInt32LE(entry + field));
    return { name: textAt(bytes.subarray(entry, entry + 9), 0), size, address, from, flags: bytes.readUInt32LE(entry + 36) };
  });
  /** Where the file has what lies at an address in memory. */
  const place = (address) => {
    const section = sections.find((one) => address >= one.address && address < one.address + one.size);
    if (!section) throw new Error(`nothing lies at ${address.toString(16)}`);
    return address - section.address + section.from;
  };
  const table = (index) => {
    const address = bytes.readUInt32LE(optional + 112 + 8 * index);
    return address ? { address, size: bytes.readUInt32LE(optional + 116 + 8 * index) } : undefined;
  };
  return { optional, sections, place, table };
}

function exportsOf(bytes, { table, place }) {
  const exported = table(TABLES.EXPORTS);
  if (!exported) return [];
  const at = place(exported.address);
  const names = place(bytes.readUInt32LE(at + 32));
  return Array.from({ length: bytes.readUInt32LE(at + 24) }, (_, i) =>
    textAt(bytes, place(bytes.readUInt32LE(names + 4 * i))),
  );
}

/** The libraries of a table of imports, by what one of its entries has: where its name is, and how long the entry is. */
function librariesOf(bytes, { table, place }, index, name, size) {
  const imported = table(index);
  const libraries = [];
  for (let at = imported && place(imported.address); at && bytes.readUInt32LE(at + name); at += size) {
    libraries.push(textAt(bytes, place(bytes.readUInt32LE(at + name))));
  }
  return libraries;
}

/**
 * Removes from a module the time at which it was linked, so that the same sources give the same file: the linker has no option
 * for it.
 */
export function removeTime(file) {
  const bytes = readFileSync(file);
  bytes.writeUInt32LE(0, headerOf(bytes) + 4);
  writeFileSync(file, bytes);
}

export function checkPe(target, file, rules) {
  const bytes = readFileSync(file);
  const at = headerOf(bytes);
  if (at === undefined) return { complaints: ['is not a file for Windows'], needs: 'nothing known' };
  try {
    return checkTables(bytes, at, TARGETS[target], rules);
  } catch ({ message }) {
    return { complaints: [`cannot be read: ${message}`], needs: 'nothing known' };
  }
}

/** @throws an error if a table lies outside of the file. */
function checkTables(bytes, at, { libraries, machine }, { registration }) {
  const complaints = [];
  const pe = readPe(bytes, at);
  if (bytes.readUInt16LE(at) !== MACHINES[machine]) complaints.push(`is not for ${machine}`);
  if (bytes.readUInt16LE(pe.optional) !== PE32_PLUS) complaints.push('is not a file of 64 bits');
  if (!(bytes.readUInt16LE(at + 18) & DLL)) complaints.push('is not a library');
  if (bytes.readUInt32LE(at + 4)) complaints.push('has the time at which it was linked');

  const protections = bytes.readUInt16LE(pe.optional + 70);
  for (const [name, flag] of Object.entries(PROTECTIONS)) {
    if (!(protections & flag)) complaints.push(`is not linked with ${name}`);
  }
  if (!pe.table(TABLES.RELOCATIONS)) complaints.push('cannot be moved: it has no relocations');
  if (!pe.table(TABLES.UNWINDING)) complaints.push('has no tables for unwinding');
  for (const { name, flags } of pe.sections) {
    if (flags & SECTION.EXECUTABLE && flags & SECTION.WRITABLE) complaints.push(`has ${name} writable and executable`);
    if (/^(\.debug|\.stab|\/\d)/.test(name)) complaints.push(`is not stripped: it has ${name}`);
  }
  if (bytes.readUInt32LE(at + 8)) complaints.push('is not stripped: it has a table of symbols');
  if (pe.table(TABLES.DEBUG)) complaints.push('names a file for debuggers');

  const exported = exportsOf(bytes, pe);
  for (const name of exported) if (!registration.includes(name)) complaints.push(`exports ${name}`);
  for (const name of registration) if (!exported.includes(name)) complaints.push(`does not export ${name}`);
  const needed = librariesOf(bytes, pe, TABLES.IMPORTS, 12, 20);
  for (const library of [...needed, ...librariesOf(bytes, pe, TABLES.DELAYED, 4, 32)]) {
    if (!libraries.test(library)) complaints.push(`needs the library ${library}`);
  }
  return { complaints, needs: needed.map((library) => library.toLowerCase()).join(' ') };
}
