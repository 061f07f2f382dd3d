// The shim: a C file with a function for each inline function and macro that is asked for, which a library can export.
import { filtered } from './description.mjs';
import { Failure } from './failure.mjs';
import { withoutInline } from './header.mjs';

/** What the names of the functions in a shim begin with. */
const PREFIX = 'arkffi_';

/** The name of the macro that a prototype is for: `SQUARE` in `int SQUARE(int x)`. */
function nameIn(prototype) {
  const found = /^[^()]*?([A-Za-z_$][\w$]*)\s*\([\s\S]*\)\s*;?\s*$/.exec(prototype);
  if (found) return found[1];
  throw new Failure('ERR_FFI_BAD_SIGNATURE', `--macro: expected a prototype such as 'int SQUARE(int x)': ${prototype}`);
}

/**
 * The description of a header with what the shim adds to its symbols, and the text of the shim; no text if nothing is
 * asked for.
 * @param parse Makes the description of a text; its second argument names the text in messages.
 * @param includes The lines that include the headers.
 * @param inline The names of inline functions, or `['all']`.
 * @param macros The prototypes of macros with parameters.
 */
export function withShim(text, { includes, inline, macros, isOwn, parse }) {
  const description = parse(text);
  if (inline.length === 0 && macros.length === 0) return { description, names: [] };
  const wanted = inline.includes('all') ? description.inline.filter(isOwn) : inline;
  wanted.forEach((name) => {
    if (description.inline.includes(name)) return;
    const what = name in description.symbols ? 'it is a function of the library' : 'the header has none of that name';
    throw new Failure('ERR_FFI_NOT_DEFINED', `--inline ${name}: no inline function: ${what}`);
  });
  const prototypes = macros.map((prototype) => ({ name: nameIn(prototype), prototype: trimmed(prototype) }));
  prototypes.forEach(({ name, prototype }) =>
    parse(`${text}\n# 1 "macro"\n${renamed(prototype, name)};`, `--macro ${name}`),
  );
  const added = prototypes.map(({ name, prototype }) => `${renamed(prototype, name)};\n`).join('');
  const all = parse(`${withoutInline(text)}\n${added}`);

  const functions = [
    ...wanted.map((name) => ({ name, ...describedIn(all, name, name), prototype: undefined })),
    ...prototypes.map(({ name, prototype }) => ({ name, ...describedIn(all, PREFIX + name, name), prototype })),
  ];
  const names = functions.map(({ name }) => name);
  const symbols = filtered(all.symbols, (name) => name in description.symbols && !names.includes(name));
  const parameters = filtered(all.parameters, (name) => name in symbols);
  functions.forEach(({ name, types, targets }) => {
    symbols[name] = { ...types, symbol: PREFIX + name };
    if (targets !== undefined) parameters[name] = targets;
  });
  return {
    description: {
      ...all,
      symbols,
      parameters,
      inline: description.inline.filter((name) => !names.includes(name)),
      reasons: filtered(description.reasons, (name) => !names.includes(name)),
    },
    names,
    shim: shimText(functions, includes, all.types),
  };
}

const trimmed = (prototype) => prototype.trim().replace(/\s*;$/, '');

function renamed(prototype, name) {
  return prototype.replace(new RegExp(`\\b${name.replaceAll('$', '\\$')}(?=\\s*\\()`), PREFIX + name);
}

function describedIn({ symbols, parameters }, key, name) {
  const types = symbols[key];
  if (types === undefined) throw new Failure('ERR_FFI_BAD_SIGNATURE', `${name}: its types are not understood`);
  if (types.unusable !== undefined) throw new Failure('ERR_FFI_BAD_SIGNATURE', `${name}: ${types.unusable}`);
  if (types.args?.includes('...')) {
    throw new Failure('ERR_FFI_NOT_SUPPORTED', `${name} takes variable arguments, which a shim cannot pass on`);
  }
  return { types, targets: parameters[key] };
}

function shimText(functions, includes, types) {
  const bodies = functions.map(({ name, types: { args = [], returns = 'v' }, targets, prototype }) => {
    const given = targets?.names ?? [];
    if (prototype !== undefined && args.some((_, i) => !given[i])) {
      throw new Failure('ERR_FFI_BAD_SIGNATURE', `--macro ${name}: each parameter needs a name: int ${name}(int x)`);
    }
    const names = args.map((_, i) => (prototype === undefined ? `a${i + 1}` : given[i]));
    const list = args.map((type, i) => spaced(spelled(type, types, name), names[i])).join(', ') || 'void';
    const head =
      prototype === undefined
        ? spaced(spelled(returns, types, name), `${PREFIX}${name}(${list})`)
        : renamed(prototype, name);
    const call = `${name}(${names.join(', ')})`;
    const cast =
      returns === 'v' ? '' : `return ${isPointer(returns, types) && prototype === undefined ? '(void *)' : ''}`;
    return `ARKFFI_EXPORT ${head} { ${cast}${call}; }\n`;
  });
  return `/* Made by \`arkffi bind\`: functions for what the header has no code for in the library. To be linked with it:
   cc -shared -fPIC -o libshim.so shim.c -Wl,--no-as-needed -l... */
${includes}
#ifdef _WIN32
#define ARKFFI_EXPORT __declspec(dllexport)
#else
#define ARKFFI_EXPORT __attribute__((visibility("default")))
#endif

${bodies.join('')}`;
}

const spaced = (type, name) => (type.endsWith('*') ? `${type}${name}` : `${type} ${name}`);

const SPELLINGS = {
  ...{ v: 'void', b: '_Bool', c: 'signed char', C: 'unsigned char', h: 'short', H: 'unsigned short', i: 'int' },
  ...{ I: 'unsigned int', l: 'long long', L: 'unsigned long long', q: 'long long', Q: 'unsigned long long' },
  ...{ f: 'float', d: 'double' },
};

/** A C type of the same width and class. A `void *` stands for every pointer: C converts it. */
function spelled(type, types, name) {
  if (isPointer(type, types)) return 'void *';
  if (typeof type === 'string' && type in SPELLINGS) return SPELLINGS[type];
  if (typeof type !== 'number') {
    throw new Failure(
      'ERR_FFI_NOT_SUPPORTED',
      `${name}: the shim cannot pass ${type.unusable ?? JSON.stringify(type)}`,
    );
  }
  const { kind, tag, name: typeName } = types[type];
  return tag === undefined ? typeName : `${kind} ${tag}`;
}

function isPointer(type, types) {
  if (typeof type === 'number') return !('kind' in types[type]);
  return ['s', 'S', 'w', 't', 'p', 'k', 'char *'].includes(type);
}
