// Writes the parts of a module as TypeScript, or as JavaScript with its types beside it.
import { quoted } from './values.mjs';

/** A comment ends with its line, which a name of a file may end. */
const FIRST = (title) =>
  `// Made by \`arkffi bind\` from ${title.replace(/[\r\n\u2028\u2029]+/g, ' ')}. It is made again, not edited.\n\n`;

const DOCUMENTED = `/**
 * Opens the library. The declarations are in this module: neither the header nor a compiler is needed.
 * @throws as \`cdef\` of arkffi does.
 */
`;

/** The text of a module in TypeScript. */
export function typescript(parts, how) {
  return (
    FIRST(how.title) +
    importsOf(parts, how, true) +
    parts.types +
    handlesText(parts, true) +
    DOCUMENTED +
    `export function open(path: LibraryPath${pathDefault(how)}, options: LibraryOptions = {}): Library {\n` +
    openingText(parts, ' as unknown as Library') +
    descriptionText(how, ': string')
  );
}

/** The text of a module in JavaScript. */
export function javascript(parts, how) {
  return (
    FIRST(how.title) +
    importsOf(parts, how, false) +
    handlesText(parts, false) +
    DOCUMENTED +
    `export function open(path${pathDefault(how)}, options = {}) {\n` +
    openingText(parts, '') +
    descriptionText(how, '')
  );
}

/** The types of a module in JavaScript. */
export function declarations(parts, how) {
  const handles = parts.handles.map((name) => `  readonly ${name}: OpaqueType<${quoted(name)}>;\n`);
  const all = handles.length === 0 ? '' : `${HANDLES}export declare const handles: {\n${handles.join('')}};\n\n`;
  const optional = how.library === undefined ? '' : '?';
  return (
    FIRST(how.title) +
    typeImports(parts) +
    parts.types +
    all +
    DOCUMENTED +
    `export declare function open(path${optional}: LibraryPath, options?: LibraryOptions): Library;\n`
  );
}

function importsOf(parts, { beside }, isTyped) {
  const called = new Set([...parts.called, 'cdef', ...(parts.handles.length > 0 ? ['opaque'] : [])]);
  const file = beside === undefined ? '' : `import { readFileSync } from 'node:fs';\n`;
  const values = `${file}import { ${[...called].sort().join(', ')} } from 'arkffi';\n`;
  return isTyped ? values + typeImports(parts) : `${values}\n`;
}

function typeImports({ used, handles }) {
  if (handles.length > 0) used.add('OpaqueType');
  const names = [...used].sort().map((name) => `  ${name},\n`);
  return `import type {\n${names.join('')}} from 'arkffi';\n\n`;
}

const pathDefault = ({ library }) => (library === undefined ? '' : ` = ${quoted(library)}`);

const HANDLES = '/** The types of handles. `handles.name.at(address)` makes one of an address. */\n';

function handlesText({ handles }) {
  if (handles.length === 0) return '';
  const lines = handles.map((name) => `  ${name}: opaque(${quoted(name)}),\n`);
  return `${HANDLES}export const handles = {\n${lines.join('')}};\n\n`;
}

function openingText({ options }, cast) {
  return `  return cdef(path, description, {\n    lazy: true,\n${options}    ...options,\n  })${cast};\n}\n\n`;
}

/** The description. It is annotated as a string, so that the compiler does not look for declarations in it. */
function descriptionText({ beside, description }, type) {
  const value = beside === undefined ? quoted(description) : besideText(beside);
  return `/** The declarations, as \`parseDeclarations\` of arkffi keeps them. */\nconst description${type} =\n  ${value};\n`;
}

const besideText = (file) => `readFileSync(new URL(${quoted(file)}, import.meta.url), 'utf8')`;
