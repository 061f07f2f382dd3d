// The module that the command writes: the types of a library, its description, and a function that opens it.
import { cdef, OpaqueType, opaque } from '../../dist/index.mjs';
import { recordNames } from './description.mjs';
import { keyOf, quoted, sourceOf, typeText } from './values.mjs';

/**
 * What a module consists of: `types` are its declarations, `used` the names of the types of arkffi in them, `options` are
 * those of `cdef`, `called` the functions of arkffi in them, and `handles` the names of its handles.
 * @param corrections `symbols`, `fields` and `strings` as `cdef` takes them.
 * @param hasHandles Whether pointers to structs that the header does not define are handles.
 */
export function partsOf(description, corrections, hasHandles) {
  checked(description, corrections);
  const made = typesOf(description, corrections);
  const symbols = { ...corrections.symbols };
  const handles = hasHandles ? addHandles(description, made, symbols) : [];
  const all = { ...corrections, symbols };
  checked(description, all);
  const writer = new Writer(description, made, symbols);
  const types = writer.types();
  return { types, used: writer.used, handles, ...optionsText(all) };
}

/** @throws what `cdef` throws for corrections that are wrong. */
function checked(description, options) {
  cdef(null, JSON.stringify(description), { ...options, lazy: true }).close();
}

/** The types of arkffi for those of the description. They come from `cdef`, under names that no typedef of C has. */
function typesOf(description, { strings, fields }) {
  const typedefs = { ...description.typedefs };
  const resolve = (type) => JSON.stringify(asGiven(type, strings));
  const add = (type) => (typedefs[`type ${resolve(type)}`] ??= JSON.parse(resolve(type)));
  const symbols = Object.values(description.symbols);
  symbols.forEach(({ args = [], returns = 'v', type }) => {
    args.filter((arg) => arg !== '...').forEach((arg) => (typedefs[`type ${JSON.stringify(arg)}`] ??= arg));
    add(type ?? returns);
  });
  const { types, structs } = cdef(null, JSON.stringify({ ...description, symbols: {}, typedefs }), {
    strings,
    fields,
    lazy: true,
  });
  return {
    structs,
    typedefs: types,
    taken: (type) => (type === '...' ? type : types[`type ${JSON.stringify(type)}`]),
    given: (type) => types[`type ${resolve(type)}`],
  };
}

/** A type of what C gives: by the option `strings`, characters that C may write are text there. */
function asGiven(type, strings) {
  if (Array.isArray(type)) return [asGiven(type[0], strings), type[1]];
  return type === 'char *' && (strings === 'results' || strings === 'all') ? 's' : type;
}

/** Adds corrections that make handles of pointers to structs which the header does not define. Gives their names. */
function addHandles(description, made, symbols) {
  const types = new Map();
  const handleOf = (target) => {
    const record = typeof target === 'number' ? description.types[target] : undefined;
    if (record?.kind === undefined || record.fields !== undefined) return undefined;
    const name = record.tag ?? record.name;
    if (!types.has(name)) types.set(name, opaque(name));
    return types.get(name);
  };
  Object.keys(description.symbols).forEach((name) => {
    const { args = [], returns, unusable } = description.symbols[name];
    const targets = description.parameters[name];
    if (targets === undefined || unusable !== undefined) return;
    const correction = { ...symbols[name] };
    try {
      const found = args.map((type, i) => (type === 'p' ? handleOf(targets[i]) : undefined));
      const all = args.map((type, i) => found[i] ?? made.taken(type));
      // A struct that is passed by value is one of the library that is opened later.
      const canWrite = all.every((type) => typeof type === 'string' || type instanceof OpaqueType);
      if (found.some(Boolean) && canWrite) correction.args ??= all;
      const result = returns === 'p' ? handleOf(targets.returns) : undefined;
      if (result !== undefined) correction.returns ??= result;
    } catch (error) {
      if (error.code !== 'ERR_FFI_BAD_SIGNATURE') throw error; // it cannot be called
      return;
    }
    if (Object.keys(correction).length > 0) symbols[name] = correction;
  });
  return [...types.keys()].sort();
}

class Writer {
  /** The names of the types of arkffi that occur. */
  used = new Set(['DeclaredLibrary', 'LibraryOptions', 'LibraryPath']);
  /** For each struct, the name of the interface of its fields, and whether that has been written. */
  names = new Map();
  taken = new Set(['Symbols', 'Structs', 'Constants', 'Types', 'Library']);
  interfaces = [];

  constructor(description, made, symbols) {
    Object.assign(this, { description, made, symbols });
    for (const name of recordNames(description).keys()) {
      const schema = this.usable(() => made.structs[name]);
      if (schema !== undefined && !this.names.has(schema)) this.names.set(schema, this.unique(name));
    }
    [...this.names.keys()].forEach((schema) => this.writeFields(schema));
  }

  /** A value, or undefined for what cannot be used on this platform. */
  usable(read) {
    try {
      return read();
    } catch (error) {
      if (error.code === 'ERR_FFI_BAD_SIGNATURE' || error.code === 'ERR_FFI_NOT_SUPPORTED') return undefined;
      throw error;
    }
  }

  unique(name) {
    const base = `${name.replace(/[^\w$]/g, '_').replace(/^(?=\d)/, '_')}Fields`;
    let found = base;
    for (let i = 2; this.taken.has(found); i++) found = `${base}${i}`;
    this.taken.add(found);
    return found;
  }

  typeText(value, names) {
    return typeText(value, this.used, (schema) => this.schemaText(schema), names);
  }

  schemaText(schema) {
    if (!this.names.has(schema)) {
      this.names.set(schema, this.unique(schema.name));
      this.writeFields(schema);
    }
    const name = schema.isUnion ? 'UnionSchema' : 'StructSchema';
    this.used.add(name);
    return `${name}<${this.names.get(schema)}>`;
  }

  writeFields(schema) {
    const place = this.interfaces.push('') - 1;
    const lines = Object.keys(schema.fields).map(
      (name) => `  readonly ${keyOf(name)}: ${this.typeText(schema.fields[name])};\n`,
    );
    this.interfaces[place] =
      `/** The fields of \`${schema.name}\`. */\nexport interface ${this.names.get(schema)} {\n${lines.join('')}}\n\n`;
  }

  /** The lines of an interface, from pairs of a name and a type, which is undefined for what cannot be used. */
  interface(name, comment, entries) {
    const lines = entries.map(([key, type, note]) => {
      const text = note === undefined ? '' : `  /** ${note.replaceAll('*/', '* /')} */\n`;
      return `${text}  readonly ${keyOf(key)}: ${type ?? 'never'};\n`;
    });
    return `/** ${comment} */\nexport interface ${name} {\n${lines.join('')}}\n\n`;
  }

  symbolEntries() {
    const { symbols, parameters } = this.description;
    return Object.keys(symbols).map((name) => {
      const described = symbols[name];
      const prototype = this.prototypeOf(name, described, parameters[name]);
      const correction = this.symbols[name];
      const definition = this.usable(() => this.definitionOf(described, correction));
      if (described.unusable !== undefined || definition === undefined) {
        return [name, undefined, `Cannot be called: ${described.unusable ?? 'a type that has no type here'}.`];
      }
      this.used.add('SymbolOf');
      const names = definition.args && labels(definition.args.length, parameters[name]?.names);
      return [name, `SymbolOf<${this.typeText(definition, names)}>`, prototype];
    });
  }

  definitionOf({ args = [], returns = 'v', type }, correction = {}) {
    const optional = correction.optional === true ? { optional: true } : {};
    if (type !== undefined) return { type: correction.type ?? this.made.given(type), ...optional };
    return {
      args: correction.args ?? args.map((arg) => this.made.taken(arg)),
      returns: correction.returns ?? this.made.given(returns),
      ...optional,
    };
  }

  /** The declaration in C, as far as the description has it. */
  prototypeOf(name, { args = [], returns = 'v', type, symbol }, targets = {}) {
    const from = symbol === undefined || symbol === name ? '' : `, the symbol \`${symbol}\``;
    if (type !== undefined) return `\`${spaced(this.spelled(type), name)}\`${from}`;
    const list = args.map((arg, i) => spaced(this.spelled(arg, targets[i]), targets.names?.[i] ?? '')).join(', ');
    return `\`${spaced(this.spelled(returns, targets.returns), `${name}(${list || 'void'})`)}\`${from}`;
  }

  spelled(type, target) {
    if (type === 'p') return target === undefined ? 'void *' : `${this.spelled(target)} *`.replace('* *', '**');
    if (typeof type === 'string') return SPELLINGS[type] ?? type;
    if (typeof type === 'number') {
      const { kind, tag, name } = this.description.types[type];
      return kind === undefined ? 'function *' : tag === undefined ? name : `${kind} ${tag}`;
    }
    return Array.isArray(type) ? `${this.spelled(type[0])} [${type[1] || ''}]` : '?';
  }

  structEntries() {
    return [...recordNames(this.description).keys()].map((name) => {
      const schema = this.usable(() => this.made.structs[name]);
      return [name, schema && this.schemaText(schema)];
    });
  }

  constantEntries() {
    const { constants, large, special } = this.description;
    const literal = (value) => (typeof value === 'string' ? quoted(value) : String(value));
    return [
      ...Object.keys(constants).map((name) => [name, literal(constants[name])]),
      ...Object.keys(large).map((name) => [name, 'bigint', large[name]]),
      ...Object.keys(special).map((name) => [name, 'number', special[name]]),
    ];
  }

  typeEntries() {
    return Object.keys(this.description.typedefs).map((name) => {
      const type = this.usable(() => this.made.typedefs[name]);
      const note = type === undefined ? 'It has no type here: only pointers to it can be used.' : undefined;
      return [name, type === undefined ? undefined : this.typeText(type), note];
    });
  }

  types() {
    const declarations = [
      this.interface('Symbols', 'The functions and variables.', this.symbolEntries()),
      this.interface('Structs', 'The structs and unions.', this.structEntries()),
      this.interface('Constants', 'The values of enums and macros.', this.constantEntries()),
      this.interface('Types', 'The types that have a name.', this.typeEntries()),
    ];
    const library = 'export type Library = DeclaredLibrary<Symbols, Structs, Constants, Types>;';
    return `${this.interfaces.join('')}${declarations.join('')}/** The library. */\n${library}\n\n`;
  }
}

/** The options of `cdef` that have the corrections. */
function optionsText({ symbols, fields, strings }) {
  const called = new Set();
  const options = Object.entries({ symbols, fields, strings })
    .filter(([, value]) => value !== undefined && (typeof value === 'string' || Object.keys(value).length > 0))
    .map(([key, value]) => `    ${key}: ${listed(value, called, key)},\n`)
    .join('');
  return { options, called };
}

/** An object with each property on a line of its own. */
function listed(value, called, place) {
  if (typeof value === 'string') return quoted(value);
  const lines = Object.keys(value).map(
    (key) => `      ${keyOf(key)}: ${sourceOf(value[key], called, `${place}.${key}`)},\n`,
  );
  return `{\n${lines.join('')}    }`;
}

/** The names of parameters, each of which is different. */
function labels(count, names = []) {
  const seen = new Set();
  return Array.from({ length: count }, (_, i) => {
    let name = /^[A-Za-z_$][\w$]*$/.test(names[i] ?? '') ? names[i] : `arg${i + 1}`;
    while (seen.has(name) || RESERVED.has(name)) name += '_';
    seen.add(name);
    return name;
  });
}

/** Words that TypeScript does not take, or takes as something else, before the type of an element. */
const RESERVED = new Set(
  `any arguments as asserts async await bigint boolean break case catch class const continue debugger declare default delete do
  else enum export extends false finally for from function get if implements import in infer instanceof interface is keyof let
  module namespace never new null number object of out package private protected public readonly require return set static
  string super switch symbol this throw true try type typeof undefined unique unknown using var void while with yield`.split(
    /\s+/,
  ),
);

function spaced(type, name) {
  return name === '' ? type : type.endsWith('*') ? `${type}${name}` : `${type} ${name}`;
}

const SPELLINGS = {
  ...{ v: 'void', b: 'bool', c: 'char', C: 'unsigned char', h: 'short', H: 'unsigned short', i: 'int' },
  ...{ I: 'unsigned int', l: 'int64_t', L: 'uint64_t', q: 'int64_t', Q: 'uint64_t', f: 'float', d: 'double' },
  ...{ s: 'const char *', S: 'const char16_t *', w: 'const wchar_t *', k: 'function *' },
};
