// Makes everything outside C that comes from core/def: the TypeScript tables and the documentation's table.
//
//   node tools/generate.mjs           writes the files
//   node tools/generate.mjs --check   exits 1 and names each file that is not what the defs say

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

/** Bytes of a C type; every platform that arkffi runs on has pointers of 64 bits. */
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

const seen = new Set();
for (const name of [...types.flatMap(({ code, names }) => [code, ...names]), ...aliases.map(({ name }) => name)]) {
  if (seen.has(name)) throw new Error(`core/def/types.def: '${name}' names two types`);
  seen.add(name);
}

// ---------------------------------------------------------------------------------------------- writing

const quote = (text) => `'${text}'`;
const sentence = (text) => text[0].toUpperCase() + text.slice(1) + '.';

/** `head` with one indented line for each row. */
const block = (head, rows, end = '}') => [`${head} {`, ...rows.map((row) => `  ${row}`), end].join('\n');

/** A union on one line, or two where that is too long. */
function union(name, members) {
  const line = `export type ${name} = ${members.join(' | ')};`;
  return line.length <= 120 ? line : line.replace(' = ', ' =\n  ');
}

/** The values an integer type holds, as people write them. */
function range({ kind, size }) {
  if (kind !== 'SIGNED' && kind !== 'UNSIGNED') return '';
  const bits = BigInt(size * 8);
  const [least, greatest] =
    kind === 'SIGNED' ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
  const power = kind === 'SIGNED' ? bits - 1n : bits;
  if (size < 8) return `${least.toLocaleString('en')} to ${greatest.toLocaleString('en')}`;
  return kind === 'SIGNED' ? `-2^${power} to 2^${power} - 1` : `0 to 2^${power} - 1`;
}

function typesModule() {
  const named = [
    ...types.flatMap(({ code, names, cType }) => names.map((name) => ({ name, code, doc: `C \`${cType}\`` }))),
    ...aliases.map(({ name, cType, type }) => ({
      name,
      code: type.code,
      doc: `C \`${cType}\`, of the platform's width`,
    })),
  ];
  return `\
// ${NOTICE} from core/def/types.def: change that file, then run \`npm run generate\`.

import type { CallbackLike, PointerLike } from '../base/pointer';

/** The letter of a type, as signatures write it. */
${union(
  'TypeCode',
  types.map(({ code }) => quote(code)),
)}

/** The usual names of each type, with its letter. */
${block(
  'export interface NamedTypes',
  named.flatMap(({ name, code, doc }) => [`/** ${doc} */`, `readonly ${name}: ${quote(code)};`]),
)}

/** The values that JavaScript may pass to C for each type. */
${block(
  'export interface ArgumentTypes',
  types.map(({ code, fromJs }) => `readonly ${code}: ${fromJs};`),
)}

/** The values that JavaScript gets from C for each type. */
${block(
  'export interface ResultTypes',
  types.map(({ code, toJs }) => `readonly ${code}: ${toJs};`),
)}

/** The kind of values that a type has. */
${union('TypeKind', [...new Set(types.map(({ kind }) => quote(kind.toLowerCase())))])}

/** The properties of a type that are the same on every platform. */
${block('export interface TypeFacts', [
  'readonly kind: TypeKind;',
  '/** The name of the type in C. */',
  'readonly cName: string;',
  '/** The size in bytes; 0 for void. */',
  'readonly size: number;',
])}

/** The properties of each type, by its letter. */
${block(
  'export const typeFacts: { readonly [code in TypeCode]: TypeFacts } =',
  types.map(
    ({ code, kind, cType, size }) =>
      `${code}: { kind: ${quote(kind.toLowerCase())}, cName: ${quote(cType)}, size: ${size} },`,
  ),
  '};',
)}

/** The letter of each name, except of those that differ between platforms. */
${block(
  `export const namedTypes: Omit<NamedTypes, ${aliases.map(({ name }) => quote(name)).join(' | ')}> =`,
  types.flatMap(({ code, names }) => names.map((name) => `${name}: ${quote(code)},`)),
  '};',
)}
`;
}

function errorsModule() {
  const last = statuses.length - 1;
  return `\
// ${NOTICE} from core/def/status.def: change that file, then run \`npm run generate\`.

/** The \`code\` of an error of arkffi. */
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

/** A Markdown table with its columns lined up. */
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

A type is written as its letter or as any of its names; \`FFIType\` has the names. An upper-case letter is the unsigned one.

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

These names resolve to the integer type that the platform's C compiler makes of them. TypeScript sees the type whose
values include those of every platform.

${table(
  ['Name', 'C type', 'TypeScript sees'],
  aliases.map(({ name, cType, type }) => [code(name), code(cType), code(type.names[0])]),
)}

A \`PointerLike\` is an address (\`number\` or \`bigint\`), \`null\`, an \`ArrayBuffer\`, \`SharedArrayBuffer\`, typed array or
\`DataView\`, or an object or function with a \`ptr\`. A \`CallbackLike\` is an address, \`null\` or an object with a \`ptr\`.

# Errors

Every error has one of these as its \`code\`.

${table(
  ['Code', 'Class', 'Meaning'],
  statuses.map(({ code: name, jsClass, summary }) => [code(name), code(jsClass), sentence(summary)]),
)}
`;
}

const outputs = {
  'ts/src/types/types.generated.ts': typesModule,
  'ts/src/base/errors.generated.ts': errorsModule,
  'docs/types.md': typesPage,
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
    // A file that is not there is as stale as one that differs.
  }
  if (present !== make()) {
    console.error(`${file} is stale: run \`npm run generate\``);
    process.exitCode = 1;
  }
}
