// Reads headers, and says which of the names in them are those of the library.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { Failure } from './failure.mjs';

/**
 * The text of headers: of the files as they are, or what the C preprocessor makes of them, with its `#define`s and line
 * markers.
 */
export function textOf(headers, { plain, compiler, flags }) {
  if (plain) return headers.map(readHeader).join('\n');
  return preprocessed(includesOf(headers), compiler, flags);
}

/**
 * `#include` lines for headers: a path for a file that exists, otherwise a name that the compiler looks for. Paths are
 * relative to `folder` if there is one.
 */
export function includesOf(headers, folder) {
  const pathOf = (header) => {
    const path = resolve(header);
    return folder === undefined ? path : relative(folder, path).replaceAll('\\', '/');
  };
  const unsayable = headers.find((header) => /["\r\n]/.test(header));
  if (unsayable !== undefined) {
    const why = 'C cannot include a header with a quotation mark or a line end in its name';
    throw new Failure('ERR_FFI_INVALID_ARG_TYPE', `${why}: ${JSON.stringify(unsayable)}`);
  }
  return headers.map((header) => `#include ${isFile(header) ? `"${pathOf(header)}"` : `<${header}>`}\n`).join('');
}

function isFile(header) {
  return header.startsWith('.') || header.startsWith('/') || existsSync(header);
}

/** @throws Failure with the code of the system, such as `ENOENT`. */
function readHeader(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(error.code, `the header cannot be read: ${path}`);
  }
}

function preprocessed(input, compiler, flags) {
  const [command, ...words] = compiler.split(/\s+/);
  const args = [...words, '-E', '-dD', ...flags, '-x', 'c', '-'];
  const { status, error, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (error?.code === 'ENOENT') {
    const ways = '--cc names another one, and --plain reads the header as it is';
    throw new Failure('ENOENT', `the C compiler ${command} is not installed; ${ways}`);
  }
  // A compiler that refuses its options does not read the text.
  if (error && error.code !== 'EPIPE')
    throw new Failure(error.code ?? 'ERR_FFI_NOT_SUPPORTED', `${command}: ${error.message}`);
  if (status !== 0) {
    const messages = stderr.trim().replaceAll('<stdin>:', 'header ');
    throw new Failure('ERR_FFI_BAD_SIGNATURE', `${compiler} -E failed:\n${messages}`);
  }
  return stdout;
}

/** Names in strings, comments and numbers are no names. */
const TOKEN = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[{}]|\b\d[\w.]*|[A-Za-z_$][\w$]*/g;

/**
 * The names that occur in those parts of preprocessed text that come from the library's own headers. `outside` has
 * those that stand outside of all braces, where functions are declared.
 * @param from Parts of the paths of further headers that are the library's.
 */
export function ownNames(text, from) {
  const all = new Set();
  const outside = new Set();
  const isOwn = ownHeaders(text, from);
  let own = false;
  let depth = 0;
  text.split('\n').forEach((line) => {
    const marker = markerIn(line);
    if (marker) own = isOwn(marker.file);
    if (!own || marker) return;
    const isDirective = /^\s*#/.test(line);
    for (const [token] of line.matchAll(TOKEN)) {
      if (/^["'\d]/.test(token)) continue;
      if (token === '{' || token === '}') {
        if (!isDirective) depth = Math.max(0, depth + (token === '{' ? 1 : -1));
        continue;
      }
      all.add(token);
      if (depth === 0 || isDirective) outside.add(token);
    }
  });
  return { all, outside };
}

/**
 * Which files are the library's own: those that the command names; what they include from the same folder, unless that
 * is a folder for the headers of all libraries; and those whose path contains a text of `from`.
 */
function ownHeaders(text, from) {
  const named = new Set();
  const folders = [];
  let current;
  for (const line of text.split('\n')) {
    const marker = markerIn(line);
    if (!marker) continue;
    const { file, isEntered, isSystem } = marker;
    if (isEntered && current === '<stdin>' && !file.startsWith('<')) {
      named.add(file);
      if (!isSystem || !isShared(dirname(file))) folders.push(`${dirname(file)}/`);
    }
    current = file;
  }
  return (file) =>
    named.has(file) || folders.some((folder) => file.startsWith(folder)) || from.some((part) => file.includes(part));
}

/** Whether a folder has the headers of many libraries: `/usr/include`, `/usr/include/x86_64-linux-gnu`. */
function isShared(folder) {
  return basename(folder) === 'include' || /-(linux|apple|w64|pc|unknown)(-\w+)?$/.test(folder);
}

/** A line marker, `# 1 "zlib.h" 1 3 4`. Its flags are 1 where a file begins, and 3 for a header of the system. */
function markerIn(line) {
  const found = /^#\s*(?:line\s+)?\d+\s+"((?:\\.|[^"\\])*)"((?:\s+\d)*)\s*$/.exec(line);
  if (!found) return undefined;
  const flags = found[2].trim().split(/\s+/);
  const file = found[1].replace(/\\(.)/g, '$1');
  return { file, isEntered: flags.includes('1'), isSystem: flags.includes('3') };
}

/** The text with its static and inline functions as functions that a library may export: what calls them has types. */
export function withoutInline(text) {
  const words = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|^[ \t]*#.*$|\b(?:static|inline|__inline|__inline__)\b/gm;
  return text.replace(words, (word) => (/^\w/.test(word) ? '' : word));
}
