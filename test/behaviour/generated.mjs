// Generates random C signatures with structs, and compiles the C library that they are tested with.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Struct, Union } from 'arkffi';
import { compile as runCompiler } from './compiler.mjs';
import { isWindows, removeFolder } from './hosts.mjs';

/** The seed of the random cases: always the same one, so that a change fails for what it changed. */
export const seed = Number(process.env.ARKFFI_SEED) || 1;

/** The random generator Mulberry32: small, and with a different sequence for every seed. */
export function randomOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return { below, pick: (list) => list[below(list.length)], chance: (one) => below(one) === 0, next };
}

/** The C type of each letter. */
export const C = {
  b: '_Bool',
  c: 'int8_t',
  C: 'uint8_t',
  h: 'int16_t',
  H: 'uint16_t',
  i: 'int32_t',
  I: 'uint32_t',
  l: 'int64_t',
  L: 'uint64_t',
  q: 'int64_t',
  Q: 'uint64_t',
  f: 'float',
  d: 'double',
  p: 'void *',
};
/** The number of bits that a bit-field of each type may have. */
export const BITS = { b: 1, c: 8, C: 8, h: 16, H: 16, i: 32, I: 32, l: 64, L: 64, q: 64, Q: 64 };
const LETTERS = [...'bcChHiIlLqQffffddddp'];

/**
 * A random type, as { letter }, { element, count }, { letter, bits } or { members, isUnion, packed, align }. Tight
 * types are small, often packed, and have many bit-fields: the rules for what is passed in registers are most irregular
 * there.
 */
export function makeType(random, depth = 0, isTight = false) {
  if (depth > 0 && random.chance(10)) {
    return { element: makeType(random, depth + 1, isTight), count: 1 + random.below(3) };
  }
  const isStruct = depth < 3 && random.chance(depth && !isTight ? 5 : 2);
  return isStruct ? makeStruct(random, depth, isTight) : { letter: random.pick(LETTERS) };
}

export function makeStruct(random, depth = 0, isTight = false) {
  const same = random.chance(isTight ? 12 : 3) ? { letter: random.pick(LETTERS) } : undefined;
  const count = 1 + random.below(depth ? 3 : !isTight && random.chance(4) ? 8 : 4);
  const members = Array.from({ length: count }, (_, i) => {
    if (same) return same;
    if (isTight ? random.chance(2) : i > 0 && random.chance(10)) {
      const letter = random.pick(Object.keys(BITS));
      return { letter, bits: 1 + random.below(BITS[letter]) };
    }
    return makeType(random, depth + 1, isTight);
  });
  const align = random.chance(10) ? 1 << random.below(7) : undefined;
  return { members, isUnion: random.chance(isTight ? 4 : 8), packed: random.chance(isTight ? 2 : 6), align };
}

/** The type in the form that arkffi takes. */
export function schemaOf(type) {
  if (type.element) return [schemaOf(type.element), type.count];
  if (type.bits) return { type: type.letter, bits: type.bits };
  if (type.letter) return type.letter;
  const fields = Object.fromEntries(type.members.map((member, i) => [`m${i}`, schemaOf(member)]));
  type.schema ??= (type.isUnion ? Union : Struct)(fields, { packed: type.packed, align: type.align });
  return type.schema;
}

function declare(type, name) {
  if (type.element) return declare(type.element, `${name}[${type.count}]`);
  if (type.letter) return `${C[type.letter]} ${name}${type.bits ? ` : ${type.bits}` : ''}`;
  const how = `${type.packed ? '__attribute__((packed)) ' : ''}${type.align ? `__attribute__((aligned(${type.align}))) ` : ''}`;
  const members = type.members.map((member, i) => `${declare(member, `m${i}`)};`).join(' ');
  return `${type.isUnion ? 'union' : 'struct'} ${how}{ ${members} } ${name}`;
}

/** A random value of the type, as plain objects; of a union only its last member. */
export function makeValue(type, random) {
  if (type.element) return Array.from({ length: type.count }, () => makeValue(type.element, random));
  if (type.members) {
    if (type.isUnion) {
      const at = type.members.length - 1;
      return { [`m${at}`]: makeValue(type.members[at], random) };
    }
    return Object.fromEntries(type.members.map((member, i) => [`m${i}`, makeValue(member, random)]));
  }
  const { letter } = type;
  if (letter === 'b') return random.chance(2);
  if (letter === 'd') return random.next() * 2 ** random.below(60) - 5;
  if (letter === 'f') return Math.fround(random.next() * 100 - 50);
  if (letter === 'p') return 65_536 + random.below(2 ** 31);
  const bits = type.bits ?? BITS[letter];
  const isSigned = letter === letter.toLowerCase();
  const raw = (BigInt(random.below(2 ** 32)) << 32n) | BigInt(random.below(2 ** 32));
  const value = isSigned ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw);
  if (letter === 'q' || letter === 'Q') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Reduces a value that arkffi returned to what `makeValue` made: of a union, the member that was set. */
export function seen(type, value) {
  if (type.element) return Array.from(value, (one) => seen(type.element, one));
  if (!type.members) return value;
  const names = type.members.map((_, i) => `m${i}`);
  const wanted = type.isUnion ? names.slice(-1) : names;
  return Object.fromEntries(wanted.map((name) => [name, seen(type.members[Number(name.slice(1))], value[name])]));
}

/** The type to which C promotes a variable argument. */
const PROMOTED = { b: 'int', c: 'int', C: 'int', h: 'int', H: 'int', f: 'double' };

/** What the source has for a calling convention: an attribute, and its way of reading variable arguments. */
const CONVENTIONS = {
  platform: { attribute: '', prefix: 'va' },
  ms: { attribute: '__attribute__((ms_abi)) ', prefix: '__builtin_ms_va' },
};

/**
 * Reads a variable argument. GCC 12 does not know in a function with Microsoft's convention on Linux that some structs
 * are passed by the address of a copy, so the source says it.
 */
function readVariable(type, name, abi) {
  if (abi !== 'ms' || !type.members || [1, 2, 4, 8].includes(schemaOf(type).size)) {
    return `__builtin_va_arg(list, ${PROMOTED[type.letter] ?? name})`;
  }
  return `*__builtin_va_arg(list, ${name} *)`;
}

/** The source of `vary_N`, which does what `take_N` does but takes all arguments as variable ones. */
function variadicSourceOf({ args, returns }, n, abi) {
  const { attribute, prefix } = CONVENTIONS[abi];
  const read = (type, i) => `v_${n}_${i} = ${readVariable(type, `t_${n}_${i}`, abi)};`;
  const result = `${attribute}${returns ? `t_${n}_r` : 'void'}`;
  return [
    `${result} vary_${n}(int count, ...) { ${prefix}_list list; ${prefix}_start(list, count); ${args.map(read).join(' ')}`,
    ` ${prefix}_end(list); ${returns ? `return v_${n}_r;` : ''} }\n`,
  ].join('');
}

/**
 * The source of one case. `take_N` stores its arguments in `v_N_i` and returns the value of `v_N_r`, and so does
 * `vary_N`; `call_N` calls a callback with the values of `v_N_i` and stores its result in `v_N_r`.
 */
function sourceOf({ args, returns }, n, abi) {
  const { attribute } = CONVENTIONS[abi];
  const types = args.map((type, i) => `typedef ${declare(type, `t_${n}_${i}`)};\n`);
  const list = args.map((_, i) => `t_${n}_${i} a${i}`).join(', ') || 'void';
  const result = returns ? `t_${n}_r` : 'void';
  return [
    ...types,
    returns ? `typedef ${declare(returns, `t_${n}_r`)};\nt_${n}_r v_${n}_r;\n` : '',
    ...args.map((_, i) => `t_${n}_${i} v_${n}_${i};\n`),
    `${attribute}${result} take_${n}(${list}) { ${args.map((_, i) => `v_${n}_${i} = a${i};`).join(' ')}`,
    ` ${returns ? `return v_${n}_r;` : ''} }\n`,
    `void call_${n}(${result} (${attribute}*f)(${args.map((_, i) => `t_${n}_${i}`).join(', ') || 'void'})) {`,
    ` ${returns ? `v_${n}_r = ` : ''}f(${args.map((_, i) => `v_${n}_${i}`).join(', ')}); }\n`,
    variadicSourceOf({ args, returns }, n, abi),
  ].join('');
}

/** The alignment of a struct, or of the structs in an array. */
const alignOf = ({ element, ...type }) => (element ? alignOf(element) : type.members ? schemaOf(type).align : 1);

/**
 * Whether GCC itself loses a part of the value: of an array of structs that is not aligned as they are, it passes only
 * the words in which the first struct has values.
 */
function isLost(type, offset = 0) {
  if (type.element) return isLost(type.element, offset) || offset % alignOf(type.element) !== 0;
  if (!type.members) return false;
  const { offsets } = schemaOf(type);
  return type.members.some((member, i) => !member.bits && isLost(member, offset + offsets[`m${i}`]));
}

const compiler = process.env.CC || 'cc';
const isClang = runCompiler(['-dM', '-E', '-x', 'c', '-'], '', compiler).includes('__clang__');

const hasValue = (type, letters) =>
  type.element
    ? hasValue(type.element, letters)
    : type.members
      ? type.members.some((member) => hasValue(member, letters))
      : !type.bits && letters.includes(type.letter);

/**
 * Whether Clang itself loses a part of a value that is passed in registers: for a union it takes the type of one member,
 * and where that one has a float and padding, it passes 4 bytes of a double or of the second float of another member.
 */
function isCut(type) {
  if (type.element) return isCut(type.element);
  if (!type.members || schemaOf(type).size > 16) return false;
  const having = (letters) => type.members.filter((member) => hasValue(member, letters)).length;
  return (type.isUnion && having('f') > 0 && having('fd') > 1) || type.members.some(isCut);
}

export function makeCase(random) {
  const count = random.chance(4) ? random.below(13) : random.below(5);
  const isTight = random.chance(2);
  const one = () => {
    const type = random.chance(3) ? makeType(random, 0, isTight) : makeStruct(random, 0, isTight);
    return isLost(type) || (isClang && isCut(type)) ? one() : type;
  };
  return { args: Array.from({ length: count }, one), returns: random.chance(8) ? undefined : one() };
}

/** Whether Microsoft's calling convention is known here. */
export const knowsMs = process.arch === 'x64' && (process.platform === 'linux' || isWindows);

/**
 * Compiles a library of all cases, whose functions and callbacks have a calling convention, except for `call_N`, which has
 * the platform's; returns its path, and a function that removes it.
 */
export function compile(cases, abi = 'platform') {
  const sources = cases.map((one, n) => sourceOf(one, n, abi)).join('');
  return compileText(`#include <stdarg.h>\n#include <stdint.h>\n${sources}`);
}

/** Compiles C source text in the same way, or by another compiler, with libraries. */
export function compileText(text, by = compiler, libraries = []) {
  const folder = mkdtempSync(join(tmpdir(), 'arkffi-'));
  const source = join(folder, 'generated.c');
  const path = join(folder, 'generated.so');
  writeFileSync(source, text);
  const argv = [
    '-std=gnu11',
    '-O1',
    '-w',
    '-Wno-psabi',
    '-shared',
    isWindows ? '-static' : '-fPIC',
    '-o',
    path,
    source,
    ...libraries,
  ];
  runCompiler(argv, '', by);
  return { path, remove: () => removeFolder(folder) };
}
