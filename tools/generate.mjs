// Generates what is derived from def files: the TypeScript tables and the page docs/types.md from core/def, and the list
// of attributes in docs/cdef.md from cdef/src/grammar/attributes.def. Also the version, and a hash of the contract.
//
//   node tools/generate.mjs           writes the files
//   node tools/generate.mjs --check   exits 1 and names each file that differs from what core/def says

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const NOTICE = 'Made by tools/generate.mjs';

// ---------------------------------------------------------------------------------------------- reading

/** The arguments of each `MACRO(…)` line of a def file. */
function entries(file, macro, count) {
  const text = readFileSync(new URL(file, root), 'utf8').replace(/\/\*[^]*?\*\//g, '');
  const rows = [];
  for (const [, body] of text.matchAll(new RegExp(`^${macro}\\((.*)\\)$`, 'gm'))) {
    const cells = body.match(/"[^"]*"|'[^']*'|[^,\s][^,]*/g).map((cell) => cell.trim().replace(/^["'](.*)["']$/, '$1'));
    if (cells.length !== count) throw new Error(`${file}: ${macro}(${body}) has ${cells.length} cells, not ${count}`);
    rows.push(cells);
  }
  return rows;
}

const SIZES = { void: 0, bool: 1, float: 4, double: 8 };

/** The size of a C type in bytes. Every platform that arkffi runs on has 64-bit pointers. */
function sizeOf(cType) {
  if (cType.endsWith('*')) return 8;
  const bits = /^u?int(\d+)_t$/.exec(cType);
  if (bits) return Number(bits[1]) / 8;
  if (cType in SIZES) return SIZES[cType];
  throw new Error(`core/def/types.def: the size of ${cType} is not known`);
}

const types = entries('core/def/types.def', 'ARK_TYPE', 8).map(([id, code, cType, , kind, fromJs, toJs, names]) => ({
  ...{ id, code, cType, kind, fromJs, toJs },
  names: names.split(' '),
  size: sizeOf(cType),
}));

const aliases = entries('core/def/types.def', 'ARK_ALIAS', 3).map(([name, cType, as]) => ({
  name,
  cType,
  type: types.find(({ id }) => id === as),
}));

const statuses = entries('core/def/status.def', 'ARK_STATUS', 3).map(([id, jsClass, summary]) => ({
  code: `ERR_FFI_${id}`,
  jsClass,
  summary,
}));

/** The types that JavaScript converts, with the name that arkffi exports for each letter, and the JavaScript types. */
const WIDE = {
  x: ['int128', 'number | bigint', 'bigint'],
  X: ['uint128', 'number | bigint', 'bigint'],
  D: ['longDouble', 'number', 'number'],
};
const wide = entries('core/def/wide.def', 'ARK_WIDE', 3).map(([code, cType]) => ({ code, cType }));

/** The rows of core/def/words.def that lead to a type. */
const wordsOf = (macro) =>
  entries('core/def/words.def', macro, 3)
    .map(([word, name]) => ({ word, name: name.replace(/"/g, '') }))
    .filter(({ name }) => name);
const words = wordsOf('ARK_WORD');
const others = wordsOf('ARK_NAME');

const seen = new Set();
for (const name of [...types.flatMap(({ code, names }) => [code, ...names]), ...aliases.map(({ name }) => name)]) {
  if (seen.has(name)) throw new Error(`core/def/types.def: '${name}' names two types`);
  seen.add(name);
}

for (const { word, name } of [...words, ...others]) {
  if (seen.has(word)) throw new Error(`core/def/words.def: '${word}' is the name of a type`);
  if (!seen.has(name)) throw new Error(`core/def/words.def: '${name}' is not the name of a type`);
}

// ---------------------------------------------------------------------------------------------- writing

const quote = (text) => `'${text}'`;
const sentence = (text) => text[0].toUpperCase() + text.slice(1) + '.';

/** `head` and a block in braces with one indented line for each row. */
const block = (head, rows, end = '}') => [`${head} {`, ...rows.map((row) => `  ${row}`), end].join('\n');

/** A union type on one line, or on two lines if one is too long. */
function union(name, members) {
  const line = `export type ${name} = ${members.join(' | ')};`;
  if (line.length <= 120) return line;
  const second = line.replace(' = ', ' =\n  ');
  const isLong = second.split('\n')[1].length > 120;
  return isLong ? `export type ${name} =\n${members.map((member) => `  | ${member}`).join('\n')};` : second;
}

/** The range of an integer type, as text for the documentation. */
function range({ kind, size }) {
  if (kind !== 'SIGNED' && kind !== 'UNSIGNED') return '';
  const bits = BigInt(size * 8);
  const [least, greatest] =
    kind === 'SIGNED' ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
  const power = kind === 'SIGNED' ? bits - 1n : bits;
  if (size < 8) return `${least.toLocaleString('en')} to ${greatest.toLocaleString('en')}`;
  return kind === 'SIGNED' ? `-2^${power} to 2^${power} - 1` : `0 to 2^${power} - 1`;
}

/** A property name as it is written in TypeScript. */
const key = (name) => (/^\w+$/.test(name) ? name : quote(name));

/** Whether the type of a name depends on the platform. */
const isAlias = (name) => aliases.some((alias) => alias.name === name);

function typesModule() {
  const named = [
    ...types.flatMap(({ code, names, cType }) => names.map((name) => ({ name, code, doc: `C \`${cType}\`` }))),
    ...aliases.map(({ name, cType, type }) => ({
      name,
      code: type.code,
      doc: `C \`${cType}\`, of the platform's width`,
    })),
  ];
  const codeOf = new Map(named.map(({ name, code }) => [name, code]));
  named.push(
    ...others.map(({ word, name }) => ({ name: word, code: codeOf.get(name), doc: `The same as \`${name}\`` })),
  );
  const [platformWords, fixedWords] = [true, false].map((is) => others.filter(({ name }) => isAlias(name) === is));
  const omitted = [...aliases, ...platformWords.map(({ word }) => ({ name: word }))];
  return `\
// ${NOTICE} from core/def/types.def: change that file, then run \`npm run generate\`.

import type { CallbackLike, PointerLike } from '../base/pointer';

/** The type code of a type: a single letter, as signatures use it. */
${union(
  'TypeCode',
  types.map(({ code }) => quote(code)),
)}

/** Every name of a type, with the type code that it stands for. */
${block(
  'export interface NamedTypes',
  named.flatMap(({ name, code, doc }) => [`/** ${doc} */`, `readonly ${key(name)}: ${quote(code)};`]),
)}

/** The JavaScript types that may be passed as an argument of each C type. */
${block(
  'export interface ArgumentTypes',
  types.map(({ code, fromJs }) => `readonly ${code}: ${fromJs};`),
)}

/** The JavaScript types of results of each C type. */
${block(
  'export interface ResultTypes',
  types.map(({ code, toJs }) => `readonly ${code}: ${toJs};`),
)}

/** How values of a type are represented. */
${union('TypeKind', [...new Set(types.map(({ kind }) => quote(kind.toLowerCase())))])}

/** Facts about a type that are the same on every platform. */
${block('export interface TypeFacts', [
  'readonly kind: TypeKind;',
  '/** The name of the type in C. */',
  'readonly cName: string;',
  '/** The size in bytes; 0 for void. */',
  'readonly size: number;',
])}

/** The facts about each type, by its type code. */
${block(
  'export const typeFacts: { readonly [code in TypeCode]: TypeFacts } =',
  types.map(
    ({ code, kind, cType, size }) =>
      `${code}: { kind: ${quote(kind.toLowerCase())}, cName: ${quote(cType)}, size: ${size} },`,
  ),
  '};',
)}

/** The names that mean different types on different platforms. */
${union(
  'PlatformName',
  omitted.map(({ name }) => quote(name)),
)}

/** The type code of each name, except for those names. */
${block(
  'export const namedTypes: Omit<NamedTypes, PlatformName> =',
  [
    ...types.flatMap(({ code, names }) => names.map((name) => `${name}: ${quote(code)},`)),
    ...fixedWords.map(({ word, name }) => `${key(word)}: ${quote(codeOf.get(name))},`),
  ],
  '};',
)}

/** Other names for some of those names. */
${block(
  'export const platformWords: { readonly [name: string]: PlatformName } =',
  platformWords.map(({ word, name }) => `${key(word)}: ${quote(name)},`),
  '};',
)}
`;
}

function wordsModule() {
  return `\
// ${NOTICE} from core/def/words.def: change that file, then run \`npm run generate\`.

/** Words for types in C and in other libraries, in lower case, and the names of these types. */
export const words: { readonly [word: string]: string | undefined } = Object.assign(Object.create(null), {
${words.map(({ word, name }) => `  ${key(word.toLowerCase())}: ${quote(name)},`).join('\n')}
});
`;
}

function errorsModule() {
  const last = statuses.length - 1;
  return `\
// ${NOTICE} from core/def/status.def: change that file, then run \`npm run generate\`.

/** Every \`code\` that an error of arkffi can have. */
export type ErrorCode =
${statuses.map(({ code, summary }, i) => `  /** ${sentence(summary)} */\n  | ${quote(code)}${i === last ? ';' : ''}`).join('\n')}

/** The class of the errors with each code. */
${block(
  'export const errorClasses: { readonly [code in ErrorCode]: ErrorConstructor } =',
  statuses.map(({ code, jsClass }) => `${code}: ${jsClass},`),
  '};',
)}
`;
}

/** A Markdown table with aligned columns. */
function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replace(/\|/g, '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [
    line(cells[0]),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...cells.slice(1).map(line),
  ].join('\n');
}

function typesPage() {
  const code = (text) => `\`${text}\``;
  return `\
<!-- ${NOTICE} from core/def: change those files, then run \`npm run generate\`. -->

# Types

A type is written as its type code, a single letter, or as any of its names. \`FFIType\` has all names. Upper-case codes
of integers are the unsigned types. [The glossary](glossary.md) explains the terms of this page.

${table(
  ['Code', 'Names', 'C type', 'Bytes', 'Range', 'From JavaScript', 'To JavaScript'],
  types.map((type) => [
    code(type.code),
    type.names.map(code).join(' '),
    code(type.cType),
    type.size ? String(type.size) : '',
    range(type),
    type.kind === 'VOID' ? '' : code(type.fromJs),
    code(type.toJs === 'void' ? 'undefined' : type.toJs),
  ]),
)}

The following names stand for the integer type that the platform's C compiler uses for them. For TypeScript they are the
type that has the values of all platforms.

${table(
  ['Name', 'C type', 'For TypeScript'],
  aliases.map(({ name, cType, type }) => [code(name), code(cType), code(type.names[0])]),
)}

Names that C and other libraries have for these types are accepted wherever a type may stand. \`char *\` is memory that C
may write, and takes no JavaScript string.

${table(
  ['The same as', 'Names'],
  [...new Set(others.map(({ name }) => name))].map((name) => [
    code(name),
    others
      .filter((other) => other.name === name)
      .map(({ word }) => code(word))
      .join(', '),
  ]),
)}

\`\`\`js
import { dlopen, FFIType, Struct } from 'arkffi';

const { labs, strlen } = dlopen(null, {
  labs: { args: ['long int'], returns: 'long int' },
  strlen: { args: ['const char *'], returns: 'unsigned long long' },
}).symbols;
console.log(labs(-5), strlen('four'), FFIType['unsigned int'] === FFIType.uint); // 5 4 true

const complaint = (type) => {
  try {
    Struct({ x: type });
  } catch (error) {
    return error.message;
  }
};
console.log(complaint('flaot')); // Struct.x: unknown type 'flaot'; did you mean 'float'?
console.log(complaint('int *')); // Struct.x: unknown type 'int *'; a pointer is 'pointer' or 'buffer', and text is 'cstring'
console.log(complaint('long double')); // Struct.x: unknown type 'long double'; it is longDouble, which arkffi exports
console.log(complaint(FFIType.napi_env)); // Struct.x: unknown type 'napi_env'; arkffi calls C functions, and …
\`\`\`

A \`PointerLike\` is an address (\`number\` or \`bigint\`), \`null\`, an \`ArrayBuffer\`, \`SharedArrayBuffer\`, typed array or
\`DataView\`, or an object or function that has a property \`ptr\`. A \`CallbackLike\` is an address, \`null\`, or an object
that has a property \`ptr\`.

A result of type \`number | bigint\` is a number from -(2^53 - 1) to 2^53 - 1, and a bigint beyond. \`Number(result)\`
turns it into a number, which is exact in this range.

# Types that are converted

These types have no type code in \`FFIType\`: arkffi exports an object for each, which may stand wherever a type may, in
\`args\` and \`returns\`, for fields, elements, variables, out-parameters and variable arguments, in callbacks and behind
\`pointerTo\`. A function that has one is called at the speed of one with structs, and has no \`batch\`. The raw bridge
takes and gives their bytes, as those of structs, by the letters of the table.

${table(
  ['Type', 'In the raw bridge', 'C type', 'From JavaScript', 'To JavaScript'],
  [
    ...wide.map(({ code: letter, cType }) => {
      const [name, fromJs, toJs] = WIDE[letter];
      return [code(name), code(letter), code(cType), code(fromJs), code(toJs)];
    }),
    [code('longDoubleBytes'), code('D'), code('long double'), 'a buffer of its size', code('Uint8Array')],
    [code('complexDouble'), code('{dd}'), code('double _Complex'), code('{ re, im }'), code('{ re, im }')],
    [code('complexFloat'), code('{ff}'), code('float _Complex'), code('{ re, im }'), code('{ re, im }')],
    [code('enumType({ … })'), 'the integer', code('enum'), 'a name, or a number', 'a number, or a name'],
  ],
)}

\`\`\`js
import { complexDouble, dlopen, enumType, longDouble } from 'arkffi';

const libm = dlopen('libm.so.6', {
  csqrt: { args: [complexDouble], returns: complexDouble },
  powl: { args: [longDouble, longDouble], returns: longDouble },
});
console.log(libm.symbols.csqrt({ re: -4, im: 0 })); // { re: 0, im: 2 }
console.log(libm.symbols.powl(2, 0.5)); // 1.4142135623730951

const Flag = enumType({ OFF: 0, ON: 1 }, { name: 'Flag', names: true });
const libc = dlopen(null, { abs: { args: [Flag], returns: Flag } });
console.log(libc.symbols.abs('ON'), libc.symbols.abs(7)); // ON 7
\`\`\`

\`enumType(constants, options)\` takes the options \`names\`, whether C's values are given by the name of the first constant
that has them, \`type\`, the integer type, which is otherwise the one that GCC and Clang choose for constants of 32 bits,
and \`name\`, for messages. A number that no constant has passes in both directions, as combined flags do.

A \`long double\` has 80 bits on x86, 128 on 64-bit ARM and in OpenHarmony, and is a \`double\` on Apple's 64-bit ARM and
on Windows, where it is that of Microsoft's compiler; that of MinGW has 80 bits. A number goes to C exactly; what C gives
is rounded as C rounds it to \`double\`, and
\`longDoubleBytes\` loses nothing. One of 128 bits is not passed by value: a function that has it fails with
\`ERR_FFI_NOT_SUPPORTED\` when it is defined, while fields, variables and pointers have it. Where
[libffi makes the calls](../ARCHITECTURE.md), no type of this table except enums is passed by value.

# Calling conventions

\`abi\` in the definition of a function, of a \`JSCallback\` or of a callback among \`args\` says which calling convention it
has: \`'ms'\` for Microsoft's, which all code of 64-bit Windows has and C code elsewhere asks for by
\`__attribute__((ms_abi))\`, or \`'sysv'\` for System V's, which is that of Linux. Without \`abi\` it is the platform's own,
also for a callback of a function that has one.

\`\`\`js
import { CFunction, JSCallback } from 'arkffi';

const types = { args: ['double', 'int'], returns: 'double', abi: 'ms' };
const callback = new JSCallback((a, b) => a * b, types);
const multiply = CFunction({ ...types, ptr: callback });
console.log(multiply(1.5, 4)); // 6
console.log(\`\${multiply.signature}\`); // (<ms>di)d
callback.close();
\`\`\`

Both are known on x86-64 Linux. Elsewhere a convention other than the platform's fails with \`ERR_FFI_NOT_SUPPORTED\`. The
sizes of types are those of the platform: a \`long\` has 64 bits on Linux, whichever convention passes it. An
[owned string](strings.md) cannot be the result of a function with another convention than the platform's. In the raw
bridge the convention is written before the argument types: \`'<ms>di'\`, and \`'k(<ms>pp)i'\` for a callback.

By Microsoft's convention an \`__int128\` is passed by the address of a copy and returned in \`xmm0\`. Complex numbers are
structs of two numbers: a \`float _Complex\` is passed and returned as an integer of 8 bytes, and a \`double _Complex\` in
memory, as a \`long double\` of 80 bits is. GCC, that of MinGW-w64 and Clang do the same, on Windows and by \`ms_abi\` on
Linux, with two exceptions. Clang on Linux returns such a \`long double\` in a register of the x87, where arkffi follows GCC. And a
variadic function that GCC 12 compiles on Linux looks for an \`__int128\` where GCC's own calls, as arkffi's, pass the address
of one. Microsoft's compiler has no \`__int128\`, and its \`_Fcomplex\` and \`_Dcomplex\` are the same structs.

# Errors

Every error has one of these values as its \`code\`.

${table(
  ['Code', 'Class', 'Meaning'],
  statuses.map(({ code: name, jsClass, summary }) => [code(name), code(jsClass), sentence(summary)]),
)}
`;
}

/** Words that fill lines of at most 120 characters, as the formatter has them. */
function filled(words) {
  const lines = [''];
  for (const word of words) {
    const line = lines[lines.length - 1];
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= 120) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

const BEGIN_LIST = `<!-- ${NOTICE} from cdef/src/grammar/attributes.def: from here -->`;
const END_LIST = '<!-- to here -->';

/** The page on C declarations, with the list of attributes. The rest of the page is written by hand. */
function declarationsPage() {
  const page = readFileSync(new URL('docs/cdef.md', root), 'utf8');
  const attributes = entries('cdef/src/grammar/attributes.def', 'CDEF_ATTRIBUTE', 2);
  const namesOf = (...effects) => {
    const names = attributes.filter(([, effect]) => effects.includes(effect)).map(([name]) => `\`${name}\``);
    return names.map((name, i) => `${name}${i < names.length - 1 ? ',' : '.'}`);
  };
  const groups = [
    ['Refused, because they change a layout, the bytes of a value, or how it is passed:', 'REFUSED'],
    ['Refused, because they select a calling convention that arkffi does not know:', 'CONVENTION'],
    ['Ignored, because nothing in the way C is called depends on them:', 'IGNORED'],
  ];
  const list = groups.map(([title, effect]) => `**${title}**\n\n${filled(namesOf(effect))}`).join('\n\n');
  const [before, rest] = page.split(BEGIN_LIST);
  if (rest === undefined) throw new Error(`docs/cdef.md: there is no ${BEGIN_LIST}`);
  return `${before}${BEGIN_LIST}\n\n${list}\n\n${END_LIST}${rest.split(END_LIST)[1]}`;
}

const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** What the native module and the TypeScript layer agree on. */
const CONTRACT = ['ts/src/host/bridge.ts', 'bridge/exports/module.c', 'core/def/types.def', 'core/def/status.def'];

/** A hash of it. Builds of one version differ while arkffi is worked on, and a native module is easily left behind. */
function contract() {
  const hash = createHash('sha256');
  for (const path of CONTRACT) hash.update(readFileSync(new URL(path, root)));
  return hash.digest('hex').slice(0, 16);
}

/** The version for C. The native module and the TypeScript layer are made for each other, and compare what is in here. */
const versionHeader =
  () => `/* ${NOTICE} from package.json and the contract: by them JavaScript knows the right module. */
#ifndef ARKJS_VERSION_H
#define ARKJS_VERSION_H

#define ARKJS_VERSION "${version}"
#define ARKJS_CONTRACT "${contract()}"

#endif
`;

const versionModule =
  () => `// ${NOTICE} from package.json and the contract: change these, then run \`npm run generate\`.

/** The version of arkffi. */
export const VERSION: string = '${version}';

/** A hash of what the native module and this JavaScript agree on. */
export const CONTRACT: string = '${contract()}';
`;

/** What the accessor of a field of such a number reads, when it takes what it writes at once, and what it then writes. */
function accessOf({ kind, size, toJs }) {
  const bits = 8 * size;
  const big = kind === 'SIGNED' ? 'BigInt64' : 'BigUint64';
  const method = kind === 'FLOAT' ? `Float${bits}` : size === 8 ? big : `Uint${bits}`;
  const place = `this[OFFSET] + at`;
  const order = size > 1 ? ', ORDER' : '';
  const got = `this[VIEW].get${method}(${place}${order})`;
  const set = (value) => `this[VIEW].set${method}(${place}, ${value}${order})`;
  const ifNumber = (test) => `typeof value === 'number' && ${test}`;
  const unused = 32 - bits;
  if (kind === 'BOOL') return { read: `${got} !== 0`, test: `typeof value === 'boolean'`, write: set('value ? 1 : 0') };
  if (kind === 'FLOAT') return { read: got, test: `typeof value === 'number'`, write: set('value') };
  if (toJs === 'bigint') return { read: got };
  if (size === 8) {
    const least = kind === 'SIGNED' ? '' : ' && (value as number) >= 0';
    const write = set('BigInt(value as number)');
    return { read: `exact(${got})`, test: `Number.isSafeInteger(value)${least}`, write };
  }
  if (kind === 'SIGNED') {
    const wrapped = (value) => (unused ? `(${value} << ${unused}) >> ${unused}` : `${value} | 0`);
    const test = ifNumber(unused ? `${wrapped('value')} === value` : `(${wrapped('value')}) === value`);
    return { read: wrapped(got), test, write: set('value') };
  }
  const test = ifNumber(unused ? `(value & 0x${'f'.repeat(bits / 4)}) === value` : 'value >>> 0 === value');
  return { read: got, test, write: set('value') };
}

function accessorText(type) {
  const { read, test, write } = accessOf(type);
  const line = `          if (${test}) return void ${write};`;
  const written = line.length <= 120 ? line : `          if (${test})\n            return void ${write};`;
  const quickly = test ? `        try {\n${written}\n        } catch {}\n` : '';
  return `    ${type.code}: (at, rest) => ({
      get() {
        try {
          return ${read};
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
${quickly}        rest.write(this, value);
      },
    }),`;
}

/** The same as text that is evaluated. */
function accessorSource(type) {
  const { read, test, write } = accessOf(type);
  const quickly = test ? `try { if (${test}) return void ${write}; } catch {} ` : '';
  const text = `(at, rest) => ({
    get() { try { return ${read}; } catch { return rest.read(this); } },
    set(value) { ${quickly}rest.write(this, value); },
  })`;
  return `  ${type.code}: \`${text.replaceAll(' as number', '')}\`,`;
}

const NUMBERS = ['BOOL', 'SIGNED', 'UNSIGNED', 'FLOAT'];

const accessorsModule = () => {
  const numbers = types.filter(({ kind }) => NUMBERS.includes(kind));
  return `// ${NOTICE} from core/def/types.def: change that file, then run \`npm run generate\`.

import type { exact as exactly } from '../base/pointer';
import type { TypeCode } from '../types/types.generated';
import type { AccessorMaker, OFFSET as OFFSET_KEY, VIEW as VIEW_KEY } from './placed';

/** What makes the accessors of a type's fields. */
type Makers = { readonly [code in TypeCode]?: AccessorMaker };

/**
 * Makes the accessors of fields of numbers. There is one function for each type: JavaScript engines remember for each function
 * what it was called with, so that one function for all types would be slow for each as soon as a program has fields of
 * several. What they use is passed in, because that is shorter than to refer to variables of the module: V8 counts the length of
 * all that it compiles into a function.
 *
 * Signed integers are read and written as unsigned ones: V8 of Node.js 24 takes the last \`Int16\` or \`Int32\` of a \`DataView\`
 * to be out of bounds in code that it has compiled early, and from then on calls the method instead of compiling it.
 */
export function makersWith(
  VIEW: typeof VIEW_KEY,
  OFFSET: typeof OFFSET_KEY,
  ORDER: boolean,
  exact: typeof exactly,
): Makers {
  return {
${numbers.map(accessorText).join('\n')}
  };
}

/** The parameters of \`makersWith\`. */
export const NAMES = 'VIEW, OFFSET, ORDER, exact';

/** The text of each maker. */
export const texts: { readonly [code in TypeCode]?: string } = {
${numbers.map(accessorSource).join('\n')}
};
`;
};

const outputs = {
  'ts/src/types/types.generated.ts': typesModule,
  'ts/src/struct/accessors.generated.ts': accessorsModule,
  'ts/src/types/words.generated.ts': wordsModule,
  'ts/src/base/errors.generated.ts': errorsModule,
  'ts/src/host/version.generated.ts': versionModule,
  'bridge/exports/version.h': versionHeader,
  'docs/types.md': typesPage,
  'docs/cdef.md': declarationsPage,
};

const check = process.argv.includes('--check');
for (const [file, make] of Object.entries(outputs)) {
  const url = new URL(file, root);
  if (!check) {
    writeFileSync(url, make());
    continue;
  }
  let present = '';
  try {
    present = readFileSync(url, 'utf8');
  } catch {
    // A missing file counts as stale.
  }
  if (present !== make()) {
    console.error(`${file} is stale: run \`npm run generate\``);
    process.exitCode = 1;
  }
}
