// The house rules that the sources can be asked about: what may be named where, and how large a file may grow.
// ARCHITECTURE.md has the reasons. Prints a line for each place that breaks a rule, and exits 1 where there is one.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { transformSync } from 'esbuild';

const LONGEST_FILE = 650; // lines

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { encoding: 'utf8' })
  .split('\0')
  .filter((path) => path && existsSync(path));

const cached = new Map();
function textOf(path) {
  if (!cached.has(path)) cached.set(path, readFileSync(path, 'utf8'));
  return cached.get(path);
}

let broken = 0;
function complain(rule, path, line, detail) {
  broken++;
  console.log(`${path}${line ? `:${line}` : ''}: ${rule}${detail ? `: ${detail.trim()}` : ''}`);
}

/** Complains of each line of the files chosen by `where` that has `pattern`, unless `excused` accepts it. */
function forbid(rule, where, pattern, excused = () => false) {
  for (const path of files.filter(where)) {
    const lines = textOf(path).split('\n');
    lines.forEach((line, i) => {
      if (pattern.test(line) && !excused(line, lines[i - 1] ?? '')) complain(rule, path, i + 1, line);
    });
  }
}

const under =
  (...folders) =>
  (path) =>
    folders.some((folder) => path.startsWith(`${folder}/`));
const isCode = (path) => /\.(c|h|def|ts|mts|cts|mjs|js|ets|cmake)$/.test(path) || path.endsWith('CMakeLists.txt');
const isText = (path) => !readFileSync(path).includes(0);
const both = (one, other) => (path) => one(path) && other(path);
const not = (one) => (path) => !one(path);
const isPlatform = under('core/src/platform', 'core/src/os', 'core/src/cpu');
const isThrower = (path) => /^bridge\/env\/(throw|host)\.[ch]$|^bridge\/env\/imports\.def$/.test(path);
const knowsHost = (path) => /^bridge\/(env\/host\.|v8\/|engines\/v8)/.test(path);

forbid('core and cdef know no JavaScript', under('core', 'cdef'), /napi_|node_api/);

forbid('cdef knows no libffi', under('cdef'), /#\s*include\s*<ffi/);

forbid(
  'which OS or CPU this is may be asked only in core/src/os and core/src/cpu',
  both(under('core', 'cdef', 'bridge'), not(isPlatform)),
  /^\s*#\s*(if|elif|ifdef|ifndef).*(__x86_64__|__aarch64__|_WIN32|__APPLE__|__linux__|__OHOS__|__riscv|__MUSL__)/,
);

forbid(
  'only core/src/os and core/src/cpu may use more than C11',
  both(under('core/include', 'core/src', 'cdef', 'bridge'), not(isPlatform)),
  /^\s*#\s*define\s+_(GNU_SOURCE|POSIX_C_SOURCE|DEFAULT_SOURCE|XOPEN_SOURCE)/,
);

forbid('only throw.c of the bridge throws', both(under('bridge'), not(isThrower)), /napi_throw|napi_create_\w*error/);
forbid('only throw.c of the bridge throws', both(under('bridge'), not(isThrower)), /\barkjs_host_(throw|raise)\b/);

// Functions of Node-API that do something else on some host. What needs V8 knows which host this is.
forbid(
  'only host.c of the bridge calls functions of Node-API that differ between hosts',
  both(under('bridge'), not(knowsHost)),
  /napi_(throw|fatal_exception|get_and_clear_last_exception|(create|get_value)_string_utf8|create_external_arraybuffer)\(/,
);

forbid(
  'the product neither asserts nor aborts',
  under('core/src', 'core/include', 'cdef/src', 'cdef/include', 'bridge', 'ts'),
  /(?<![.\w])(assert|abort)\(/,
);

forbid('ark__ names are internal to the core', both(isCode, not(under('core', 'tools'))), /\b(ark__|ARK__)/);
forbid('arkjs_ names are the bridge’s', both(isCode, not(under('bridge', 'tools'))), /\b(arkjs_|ARKJS_)/);

forbid('OpenHarmony’s engine compiles no text', under('ts'), /\beval\(|new Function\(/);

// A program may have changed the iterator of Array.prototype. esbuild reports each place of a syntax that it is said not to
// know.
const ITERATING = { 'for-of': false, 'array-spread': false, 'rest-argument': false, destructuring: false };
/** Whether what is reported does not iterate: a pattern for an object, or a parameter for the rest of the arguments. */
const iteratesNot = (code) => /^(\{|\.\.\.\w+(:|\) =>))/.test(code);
function placesIn(path) {
  try {
    transformSync(textOf(path), {
      loader: 'ts',
      target: 'esnext',
      supported: ITERATING,
      logLevel: 'silent',
      logLimit: 0,
    });
    return [];
  } catch ({ errors }) {
    return errors.map(({ location }) => location);
  }
}
const runsIterators = 'runs the iterator of arrays, which a program may have changed';
for (const path of files.filter((path) => /^ts\/src\/.*\.ts$/.test(path))) {
  for (const { line, column, lineText } of placesIn(path)) {
    if (!iteratesNot(lineText.slice(column))) complain(runsIterators, path, line, lineText);
  }
}
forbid(
  runsIterators,
  (path) => path.startsWith('ts/src/'),
  /\bnew (Weak)?(Map|Set)(<.*>)?\([^)]|\bnew \w+Array\(\[|\bArray\.from\((?!places\b)|\bfromEntries\(|\bPromise\.(all|any|race)/,
  (line) => /own iterator/.test(line),
);

// A reason is a comment beside the line, or the text that the runner shows for the skipped test.
forbid(
  'a skipped test needs its reason beside it',
  under('test', 'core/test', 'cdef/test'),
  /\.(skip|todo)\(|\b(skip|todo): *true\b|\bskip\(\)/,
  (line, before) => /\/[/*]/.test(line) || /^\s*(\/\/|\*|\/\*)/.test(before),
);
forbid('.only( leaves the other tests out', under('test'), /\.only\(|\bonly: *true\b/);

// Patterns that do not match themselves.
forbid(
  'names the host of a package registry',
  isText,
  /registry[.]npmjs|npmjs[.]org|deb[.]debian[.]org|(snapshot|security)[.]debian|pypi[.]org|crates[.]io|[p]roxy\.golang/,
);
forbid('is a path of one machine', isText, /(^|[^\w.\-/])\/(work|root|home)(\/[\w.]|["'`\s]|$)/);

// Phrases that a reader has to read twice, and what to write instead.
const PHRASES = [
  ['likewise', 'say again what holds'],
  ['so many', 'the maximum number of, as many as'],
  ['at hand', 'current'],
  ['of ours', 'arkffi’s'],
  ['nobody', 'no thread, no caller, nothing'],
  ['in the place of', 'instead of'],
  ['for who', 'for the caller that'],
  ['whoever', 'the thread that, the caller that'],
  ['(is|are|be|been|was) told', 'is reported, is known'],
  ['tells of', 'reports'],
  ['the ordinary (route|way)', 'the slow path'],
  ['storeys?', 'layer'],
  ['behind (it|the (call|arguments|result|others|dot|job))', 'after'],
];
const phrase = new RegExp(`\\b(${PHRASES.map(([words]) => words).join('|')})\\b`, 'i');
forbid(
  'a phrase that has to be read twice (tools/check-house.mjs has better ones)',
  (path) =>
    /\.(c|h|def|ts|mts|mjs|js|md|sh|yml|txt|supp|cmake)$|Makefile$/.test(path) && path !== 'tools/check-house.mjs',
  phrase,
);

// A backtrace or a profile shows the names of statics without their file.
const LAYER_PREFIX = /^(ark_|ark__|arkjs_|cdef_)/;
for (const path of files.filter(
  both((path) => /\.[ch]$/.test(path), under('core/src', 'core/include', 'cdef/src', 'bridge')),
)) {
  const words = basename(path)
    .replace(/\.[ch]$/, '')
    .split('_')
    .flatMap((word) => [word, word.replace(/s$/, ''), word.replace(/ies$/, 'y')]);
  for (const [, name] of textOf(path).matchAll(/^static\s+(?:\w+[\s*]+)+(\w+)\s*\(/gm)) {
    const hasNoun = words.some((word) => name.startsWith(`${word}_`));
    if (!hasNoun && !LAYER_PREFIX.test(name)) complain('a static function carries the noun of its file', path, 0, name);
  }
}

const headers = new Map();
for (const path of files.filter((path) => path.endsWith('.h'))) {
  const first = headers.get(basename(path));
  if (first) complain('has the name of another header', path, 0, first);
  else headers.set(basename(path), path);
}

for (const path of files.filter((path) => /\.(c|h|ts|mjs|js)$/.test(path))) {
  const lines = textOf(path).split('\n').length - 1;
  if (lines > LONGEST_FILE) complain(`${lines} lines, more than ${LONGEST_FILE}`, path);
}

for (const path of files.filter((path) => path.endsWith('.md'))) {
  let fenced = false;
  textOf(path)
    .split('\n')
    .forEach((line, i) => {
      if (/^\s*```/.test(line)) fenced = !fenced;
      if (fenced) return;
      for (const [, target] of line.matchAll(/\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(\S+)/g)) {
        if (!target || /^([a-z]+:|#)/.test(target)) continue;
        const file = decodeURI(target.replace(/#.*/, ''));
        if (!existsSync(join(dirname(path), file))) complain('links to a file that is not there', path, i + 1, target);
      }
    });
}

process.exit(broken ? 1 : 0);
