// `arkffi bind`: makes a module with types of a C header.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as arkffi from '../../dist/index.mjs';
import { selected } from './description.mjs';
import { Failure } from './failure.mjs';
import { includesOf, ownNames, textOf } from './header.mjs';
import { partsOf } from './module.mjs';
import { declarations, javascript, typescript } from './output.mjs';
import { withShim } from './shim.mjs';

export const usage = `usage: arkffi bind [OPTION]... HEADER...

Makes a module with TypeScript types of C headers: their functions, variables, structs, constants and types. Its function
open(path) opens the library. It needs neither the headers nor a compiler, and is for platforms on which C has the same
types as on this one.
A HEADER is a file, or a name that the C compiler finds, such as zlib.h.

  -o, --output FILE     where the module is written: TypeScript for .ts and .mts, JavaScript with types beside it for
                        .js and .mjs; to the standard output as TypeScript without this option
  -l, --library NAME    the library that open() opens when it is given no path
  -I DIR, -D NAME=VALUE, -U NAME
                        for the C preprocessor
      --cc COMMAND      the C compiler; $CC or cc when absent
      --plain           the headers are read as they are, and not preprocessed
      --from TEXT       also what is declared in headers with this text in their path; may be repeated
      --all             also what is declared in all other headers that are included
  -c, --corrections FILE
                        corrections, as cdef takes them: a module that exports symbols, fields or strings, or a function
                        that is given arkffi as its default export, or JSON
      --handles         pointers to structs that the headers do not define are handles: opaque('sqlite3')
      --inline NAME     an inline function that is to be called by the shim, or all; may be repeated
      --macro PROTOTYPE a macro with parameters that is to be called by the shim, with its types in C:
                        'int SQUARE(int x)'; may be repeated
      --shim FILE       where the shim is written: C to be compiled and linked with the library
      --description FILE
                        where the description is written, if it is not to be in the module
  -h, --help            this text`;

const VALUED = {
  ...{ '-o': 'output', '--output': 'output', '-l': 'library', '--library': 'library', '--cc': 'compiler' },
  ...{ '-c': 'corrections', '--corrections': 'corrections', '--shim': 'shim', '--description': 'beside' },
};
const REPEATED = { '--from': 'from', '--inline': 'inline', '--macro': 'macros' };
const FLAGS = { '--plain': 'plain', '--all': 'all', '--handles': 'handles', '-h': 'help', '--help': 'help' };

function wrongUse(message) {
  return new Failure('ERR_FFI_INVALID_ARG_TYPE', `${message}\n\`arkffi bind --help\` lists the options`);
}

function readWords(words) {
  const given = { headers: [], flags: [], from: [], inline: [], macros: [] };
  for (let i = 0; i < words.length; i++) {
    const [, long, inside] = /^(--[\w-]+)=(.*)$/s.exec(words[i]) ?? [undefined, words[i], undefined];
    const value = () => {
      const next = inside ?? words[++i];
      if (next === undefined || next === '') throw wrongUse(`${long} needs a value`);
      return next;
    };
    if (long in VALUED) {
      if (given[VALUED[long]] !== undefined) throw wrongUse(`${long} is given twice`);
      given[VALUED[long]] = value();
    } else if (long in REPEATED) given[REPEATED[long]].push(value());
    else if (long in FLAGS && inside === undefined) given[FLAGS[long]] = true;
    else if (/^-[IDU]$/.test(long)) given.flags.push(long, value());
    else if (/^-([IDU]|std=|include|isystem|iquote)/.test(long)) given.flags.push(long);
    else if (long.startsWith('-') && long !== '-') throw wrongUse(`unknown option ${words[i]}`);
    else given.headers.push(words[i]);
  }
  return given;
}

/** The corrections of a file: a module or JSON. */
async function readCorrections(file) {
  if (file === undefined) return {};
  const found = file.endsWith('.json') ? readJson(file) : await readModule(file);
  const known = ['symbols', 'fields', 'strings', 'inline', 'macros'];
  const wrong = Object.keys(found).find((key) => !known.includes(key));
  if (wrong === undefined) return { ...found };
  throw new Failure('ERR_FFI_BAD_SIGNATURE', `${file}: unknown correction '${wrong}': there are ${known.join(', ')}`);
}

function readJson(file) {
  const text = attempt(file, 'read', () => readFileSync(file, 'utf8'));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure('ERR_FFI_BAD_SIGNATURE', `${file}: ${error.message}`);
  }
}

async function readModule(file) {
  attempt(file, 'read', () => readFileSync(file));
  const module = await import(pathToFileURL(resolve(file)).href);
  const { default: main, ...named } = module;
  const made = typeof main === 'function' ? await main(arkffi) : main;
  if (made === undefined) return named;
  if (typeof made === 'object' && made !== null) return { ...made, ...named };
  throw new Failure('ERR_FFI_BAD_SIGNATURE', `${file}: the default export is to be an object or a function`);
}

/** @throws Failure with the code of the system. */
function attempt(file, what, action) {
  try {
    return action();
  } catch (error) {
    throw new Failure(error.code ?? 'ERR_FFI_INVALID_ARG_TYPE', `${file} cannot be ${what}: ${error.message}`);
  }
}

function write(file, text) {
  attempt(file, 'written', () => {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, text);
  });
}

/** Runs the command. */
export async function bind(words) {
  const given = readWords(words);
  if (given.help) return console.log(usage);
  if (given.headers.length === 0) throw wrongUse('a header is missing');
  const output = given.output;
  const kind = output === undefined ? '.ts' : extname(output);
  if (!['.ts', '.mts', '.js', '.mjs'].includes(kind) || /\.d\.m?ts$/.test(output ?? '')) {
    throw wrongUse(`the name of the module must end in .ts, .mts, .js or .mjs: ${output}`);
  }
  if (given.beside !== undefined && output === undefined) throw wrongUse('--description needs --output');
  const { inline = [], macros = [], ...corrections } = await readCorrections(given.corrections);
  const wanted = { inline: [...inline, ...given.inline], macros: [...macros, ...given.macros] };
  const hasWanted = wanted.inline.length + wanted.macros.length > 0;
  if (hasWanted && given.shim === undefined) throw wrongUse('--inline and --macro need --shim FILE');
  if (!hasWanted && given.shim !== undefined) throw wrongUse('--shim needs --inline NAME or --macro PROTOTYPE');

  const title = given.headers.map((header) => basename(header)).join(', ');
  const { plain = false, all = false, from, flags } = given;
  const compiler = given.compiler ?? (process.env.CC || 'cc');
  const text = textOf(given.headers, { plain, compiler, flags });
  const own = plain || all ? undefined : ownNames(text, from);
  const isOwn = (name) => own === undefined || own.all.has(name);
  const parse = (source, place = plain ? title : undefined) => parsed(source, place);
  const includes = given.shim === undefined ? '' : includesOf(given.headers, dirname(resolve(given.shim)));
  const made = withShim(text, { includes, ...wanted, isOwn, parse });
  const keep = {
    name: isOwn,
    symbol: (name) => own === undefined || own.outside.has(name) || made.names.includes(name),
  };
  const description = selected(made.description, keep);
  const parts = partsOf(description, corrections, given.handles);
  const kept = JSON.stringify(description);
  const beside = given.beside && relativeName(given.beside, output);
  const how = { title, library: given.library, description: kept, beside };

  if (output === undefined) process.stdout.write(typescript(parts, how));
  else if (kind.endsWith('ts')) write(output, typescript(parts, how));
  else {
    write(output, javascript(parts, how));
    write(output.replace(/js$/, 'ts').replace(/\.(m?ts)$/, '.d.$1'), declarations(parts, how));
  }
  if (given.beside !== undefined) write(given.beside, `${kept}\n`);
  if (made.shim !== undefined) write(given.shim, made.shim);
}

/** The name of a file as a URL from the module. */
function relativeName(file, output) {
  const path = relative(dirname(resolve(output)), resolve(file)).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** The description of a text. Messages begin with `place`, unless a line marker has named the file. */
function parsed(text, place) {
  try {
    return JSON.parse(arkffi.parseDeclarations(text));
  } catch (error) {
    if (error.code === undefined) throw error;
    const message = error.message.replace(/^parseDeclarations: /, '');
    throw new Failure(error.code, place === undefined ? message : `${place}: ${message}`);
  }
}
