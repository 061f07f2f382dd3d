// Bundles the TypeScript layer into a core, which is always loaded, and into files of which each is loaded when one of its
// functions is first called. LATE in package/late.mjs is the one place that says which. The sources do not know of it.
//
// Only functions cross from the core to a late file: in the core each of them is replaced by one that loads the file and
// calls the real one. A late file has a function that is called with what it takes of the core, and the stamp of the build,
// which the core compares.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { rollup } from 'rollup';
import { CORE, LATE } from './package/late.mjs';

const source = fileURLToPath(new URL('../ts/src', import.meta.url));
const tsconfigRaw = readFileSync(new URL('../ts/tsconfig.json', import.meta.url), 'utf8');

/** The late file that is entered by a module. */
const fileOf = Object.fromEntries(
  Object.entries(LATE).flatMap(([file, modules]) => modules.map((name) => [name, file])),
);

const idOf = (name) => join(source, `${name}.ts`);
/** The name of a module: its path below ts/src, without the ending. */
const nameOf = (id) => relative(source, id).replaceAll('\\', '/').replace(/\.ts$/, '');

/**
 * A plugin of Rollup's that reads TypeScript.
 * @param made Functions that give the text of modules that no file has, by their names.
 * @param insteadOf What a module gets when it imports another one: the name of one of `made`, or nothing.
 */
function typeScript(made = {}, insteadOf = () => undefined) {
  return {
    name: 'typescript',
    resolveId(path, importer) {
      if (path in made) return path;
      if (path.startsWith('./library/')) return { id: path, external: true };
      if (!importer || importer in made) return path;
      const id = join(dirname(importer), `${path}.ts`);
      return insteadOf(nameOf(id), nameOf(importer)) ?? id;
    },
    async load(id) {
      if (id in made) return made[id]();
      return (await transform(readFileSync(id, 'utf8'), { loader: 'ts', tsconfigRaw })).code;
    },
  };
}

const bundled = (options) =>
  rollup({ ...options, onwarn: (warning, warn) => warning.code === 'CIRCULAR_DEPENDENCY' || warn(warning) });

/** The modules that each module imports, and the abstract syntax tree of each, by the names of the modules. */
async function readModules() {
  const imports = {};
  const trees = {};
  let names;
  const reader = {
    name: 'reader',
    moduleParsed({ id, importedIds, ast, exports }) {
      if (nameOf(id) === 'index') names = exports.filter((name) => name !== 'default').sort();
      imports[nameOf(id)] = importedIds.map(nameOf);
      trees[nameOf(id)] = ast;
    },
  };
  await (await bundled({ input: idOf('index'), plugins: [typeScript(), reader], treeshake: false })).close();
  return { imports, trees, names };
}

/**
 * For each module the file that has it: 'core', or a late one if nothing else reaches the module; and the modules of the
 * core that only late files reach.
 */
function divided(imports) {
  const reached = (names, isOutside) => {
    const found = new Set(names);
    for (const name of found) imports[name].forEach((one) => void (isOutside(one) || found.add(one)));
    return found;
  };
  const core = reached(['index'], (name) => name in fileOf);
  const reachedBy = Object.entries(LATE).map(([file, names]) => {
    return [file, reached(names, (name) => core.has(name) || (name in fileOf && fileOf[name] !== file))];
  });
  // What two of them need is in the core, and so is what it needs.
  const isShared = (name) => reachedBy.filter(([, names]) => names.has(name)).length > 1;
  const shared = [...CORE, ...reachedBy.flatMap(([, names]) => [...names]).filter(isShared)];
  const lent = [...reached(shared, (name) => name in fileOf)].filter((name) => !core.has(name));
  for (const name of lent) core.add(name);
  const owner = {};
  for (const [file, names] of reachedBy) for (const name of names) owner[name] = file;
  for (const name of core) owner[name] = 'core';
  return { owner, lent };
}

/** The functions that a module exports: the number of parameters that each says it has, by their names. */
function functionsOf({ body }) {
  const functions = {};
  const exported = new Set();
  for (const node of body) {
    const isExport = node.type === 'ExportNamedDeclaration';
    const declared = isExport ? node.declaration : node;
    if (declared?.type === 'FunctionDeclaration') {
      const optional = declared.params.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
      functions[declared.id.name] = optional < 0 ? declared.params.length : optional;
      if (isExport) exported.add(declared.id.name);
    }
    if (isExport) node.specifiers.forEach(({ exported: { name } }) => void exported.add(name));
  }
  return Object.fromEntries(Object.entries(functions).filter(([name]) => exported.has(name)));
}

/** The module that the core has in place of one that comes late. */
function standIns(file, functions) {
  const texts = Object.entries(functions).map(([name, length]) => {
    const parameters = Array.from({ length }, (_, i) => `_${i}`).join(', ');
    return `export function ${name}(${parameters}) {
  return Reflect.apply(late().${name}, this, arguments);
}
`;
  });
  return `import { load_${file} as late } from 'late:files';\n${texts.join('')}`;
}

/** Stands for the stamp of the build, which is a hash of the texts. */
const BUILD = '@build@';

/** Functions that give what the late files export, each with a literal `require`, which bundlers see. */
const FILES = `import { lateFile } from '${idOf('base/late_file')}';
${Object.keys(LATE)
  .map(
    (file) => `let ${file};
export function load_${file}() {
  return (${file} ??= lateFile('${file}', () => require('./library/${file}.cjs'), '${BUILD}', library.lent));
}
`,
  )
  .join('')}
export function loadAll() {
${Object.keys(LATE)
  .map((file) => `  load_${file}();\n`)
  .join('')}}
`;

/** What the core has besides the exports of arkffi. */
const INNER = ['loadAll', 'hasPermissions'];

/** The module by which the core is entered: arkffi's code is what is evaluated between base/stack and the end of index. */
function coreEntry(lent) {
  const imports = ['base/stack', ...lent].map((name) => `import '${idOf(name)}';\n`);
  return `${imports.join('')}export { loadAll } from 'late:files';
export { hasPermissions } from '${idOf('host/builtin')}';
export * from '${idOf('index')}';\nexport { default } from '${idOf('index')}';\n`;
}

/** The module by which a late file is entered. */
function entryOf(file, functions) {
  const lists = LATE[file].map(
    (name) => `export { ${Object.keys(functions[name]).join(', ')} } from '${idOf(name)}';\n`,
  );
  return `import { ownCode } from '${idOf('base/stack')}';\n${lists.join('')}ownCode(begin, new Error());\n`;
}

/**
 * A file as one line. Above an uncaught error Node.js prints the line of code that threw it, and this should be none of
 * arkffi's. Node.js leaves out a line that has these words, and any line may throw: a function of the native module throws
 * where it is called. Text without spaces and lines is also what V8 reads in the least time.
 */
async function inOneLine(text) {
  // V8 keeps text with any other character than those of ASCII in twice the memory, and reads it more slowly.
  const { code } = await transform(text, { minifyWhitespace: true, charset: 'ascii' });
  // What line breaks are left are those in template literals.
  return `/* node-do-not-add-exception-line */${code.trimEnd().replaceAll('\n', '\\n')}\n`;
}

/** A list of names in `import { … }` or `export { … }`, as pairs of the name before and the name after `as`. */
const pairsIn = (list) =>
  list
    .split(',')
    .map((one) => one.trim().split(' as '))
    .map(([name, as = name]) => [name, as]);

/** The last statement of a module as Rollup writes it, and the text before it. */
function endOf({ code, fileName }) {
  const found = /^([^]*)\nexport \{ ([^}]*) \};\s*$/.exec(code);
  if (!found) throw new Error(`${fileName} does not end with its exports`);
  return { text: found[1], exported: pairsIn(found[2]) };
}

const tableOf = (pairs) =>
  `{\n${pairs.map(([local, name]) => `  ${name === local ? name : `${name}: ${local}`},\n`).join('')}}`;

// The library is inside a function, which is called with the native modules that an entry point has: see
// ts/src/host/loader.ts. It runs once, whichever entry points a program imports. What it gives is wrapped in `all`, because
// bundlers disagree about the default export of a CommonJS file that says that it was an ES module. The parentheses around
// the function tell V8 that it is called at once, so that it reads the text only once.
function coreText(chunk, names, taken) {
  const { text, exported } = endOf(chunk);
  const all = exported.filter(([, name]) => name === 'default' || names.includes(name));
  const lent = exported.filter(([, name]) => taken.has(name));
  const inner = Object.fromEntries(
    exported.filter(([, name]) => INNER.includes(name)).map(([local, name]) => [name, local]),
  );
  // A late file takes the values once.
  const changing = lent.find(([local]) => new RegExp(`^(?:let|var) ${local}\\b`, 'm').test(text));
  if (changing) throw new Error(`${changing[0]} of the core is not a constant, and a late file needs it`);
  return `"use strict";
let library;
module.exports = (function (prebuilt) {
if (library) return library;
${text}
library = { all: ${tableOf(all)}, lent: ${tableOf(lent)}, loadAll: ${inner.loadAll} };
if (${inner.hasPermissions}) ${inner.loadAll}();
return library;
});
`;
}

/** A late file as Rollup writes it: its text without imports, what it imports of the core, and what it exports. */
function readLate(chunk) {
  const { text, exported } = endOf(chunk);
  const found = /^import \{ ([^}]*) \} from '\.\/core\.js';\n([^]*)$/.exec(text);
  if (!found || /^import /m.test(found[2])) throw new Error(`${chunk.fileName} needs other files than the core`);
  return { file: chunk.name, text: found[2], taken: pairsIn(found[1]), exported };
}

function lateText({ text, taken, exported }) {
  const parameters = taken.map(([name, local]) => (name === local ? name : `${name}: ${local}`));
  return `"use strict";
exports.build = '${BUILD}';
exports.make = (function ({ ${parameters.join(', ')} }) {
const begin = new Error();
${text}
return ${tableOf(exported)};
});
`;
}

/**
 * The text with the stamp of the build, and a comment whose length depends on the stamp: Deno, up to 2.9 at least, goes on
 * running what it has compiled of a CommonJS file if another text of the same length takes its place.
 */
function stamped(text, stamp) {
  return `${text.replaceAll(BUILD, stamp)}//${'-'.repeat(parseInt(stamp.slice(0, 8), 16) % 997)}\n`;
}

/** The texts of the library's files, the core and those that come late by their names; and the names that it exports. */
export async function bundles() {
  const { imports, trees, names } = await readModules();
  const { owner, lent } = divided(imports);
  const functions = Object.fromEntries(Object.keys(fileOf).map((name) => [name, functionsOf(trees[name])]));
  const made = { 'late:files': () => FILES, core: () => coreEntry(lent) };
  for (const [name, file] of Object.entries(fileOf)) made[`late:${name}`] = () => standIns(file, functions[name]);
  for (const file of Object.keys(LATE)) made[file] = () => entryOf(file, functions);
  const insteadOf = (name, importer) => {
    return name in fileOf && owner[importer] !== fileOf[name] ? `late:${name}` : undefined;
  };
  const bundle = await bundled({
    input: ['core', ...Object.keys(LATE)],
    plugins: [typeScript(made, insteadOf)],
    preserveEntrySignatures: 'allow-extension',
  });
  const { output } = await bundle.generate({
    format: 'es',
    minifyInternalExports: false,
    entryFileNames: '[name].js',
    manualChunks: (id) => (id.startsWith('late:') ? 'core' : id in made ? id : owner[nameOf(id)]),
  });
  await bundle.close();
  const others = output.filter(({ name }) => name !== 'core' && !(name in LATE));
  if (others.length > 0) throw new Error(`files that LATE does not name: ${others.map(({ fileName }) => fileName)}`);
  const core = output.find(({ name }) => name === 'core');
  const lates = output.filter((chunk) => chunk !== core).map(readLate);
  const taken = new Set(lates.flatMap(({ taken }) => taken.map(([name]) => name)));
  const texts = [];
  for (const text of [coreText(core, names, taken), ...lates.map(lateText)]) texts.push(await inOneLine(text));
  const stamp = createHash('sha256').update(texts.join('')).digest('hex').slice(0, 16);
  const [coreStamped, ...latesStamped] = texts.map((text) => stamped(text, stamp));
  return {
    names,
    core: coreStamped,
    late: Object.fromEntries(lates.map(({ file }, i) => [file, latesStamped[i]])),
  };
}
