// Compares the constants that `cdef` finds in the headers of many libraries with those of the compiler: `make sweep`.
//
//   node tools/sweep/sweep.mjs [--root FOLDER] [--report FILE] [SET…]
//
// FOLDER has the unpacked packages, as fetch.sh makes it; without it the headers are those of the machine. gcc compiles a
// program for each set of headers, which prints each macro that is a constant, and each constant of an enum. The last lines
// are the counts; the report has every constant that differs or is missing, with the reason that `cdef` gives for it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cdef } from '../../dist/index.mjs';
import { compiler, includesOf, preambleOf, textOf } from './headers.mjs';
import { sets } from './sets.mjs';

const { values: options, positionals } = parseArgs({
  options: { root: { type: 'string', default: '/' }, report: { type: 'string' } },
  allowPositionals: true,
});
/** Macros without parameters whose expansion may be an expression: no braces or semicolons, and brackets in pairs. */
function candidatesOf(preamble, includes, more) {
  const macros = compiler([...includes, '-E', '-dM', '-'], preamble).stdout;
  const names = new Set(more);
  for (const [, name] of macros.matchAll(/^#define ([A-Za-z_]\w*)(?: |$)/gm)) names.add(name);
  const lines = [...names].map((name) => `"@@${name}" ${name} "@@"\n`);
  const expanded = compiler([...includes, '-E', '-P', '-'], preamble + lines.join('')).stdout;
  const found = new Map();
  for (const [, name, text] of expanded.matchAll(/"@@(\w+)"([^]*?)"@@"/g)) {
    let inside = 0;
    let isEven = true;
    const code = text.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, '');
    for (const c of code) {
      if (c === '(') inside++;
      if (c === ')' && --inside < 0) isEven = false;
    }
    if (text.trim() && isEven && inside === 0 && !/[{};#]|\basm\b|__asm/.test(code)) found.set(name, text.trim());
  }
  return found;
}

const PRINTERS = `
#undef printf
extern int printf(const char *, ...);
static void sweep_u(unsigned long long x) { printf("u %llu\\n", x); }
static void sweep_i(long long x) { printf("i %lld\\n", x); }
static void sweep_d(double x) { printf("d %.17g\\n", x); }
static void sweep_ld(long double x) { double y = (double)x; if (y - y != 0 && x - x == 0 || y == 0 && x != 0) printf("none\\n"); else printf("d %.17g\\n", y); }
static int sweep_is_number(const void *x) { return (long)x < 65536 && (long)x > -65536; }
static void sweep_s(const void *x) { if (sweep_is_number(x)) { printf("u %lu\\n", (unsigned long)x); return; } const unsigned char *p = x; printf("s "); for (; *p; p++) printf("%02x", *p); printf("\\n"); }
static void sweep_w(const void *x) { const __WCHAR_TYPE__ *p = x; printf("w "); for (; *p; p++) printf("%x ", (unsigned)*p); printf("\\n"); }
static void sweep_p(const volatile void *x) { printf("u %lu\\n", (unsigned long)x); }
#define SWEEP(name, x) if (__builtin_constant_p(x)) { printf(name "\\t"); _Generic((x), _Bool: sweep_u, char: sweep_i, signed char: sweep_i, \\
  unsigned char: sweep_u, short: sweep_i, unsigned short: sweep_u, int: sweep_i, unsigned: sweep_u, long: sweep_i, unsigned long: sweep_u, \\
  long long: sweep_i, unsigned long long: sweep_u, float: sweep_d, double: sweep_d, long double: sweep_ld, _Float32: sweep_d, _Float64: sweep_d, _Float32x: sweep_d, \\
  char *: sweep_s, const char *: sweep_s, unsigned char *: sweep_s, const unsigned char *: sweep_s, __WCHAR_TYPE__ *: sweep_w, \\
  const __WCHAR_TYPE__ *: sweep_w, default: sweep_p)(x); }
`;

/** What the compiler says each name is: `name -> 'i 5'`. */
function measured(preamble, includes, candidates, folder) {
  let names = [...candidates.keys()];
  const source = join(folder, 'main.c');
  const program = join(folder, 'main');
  for (let round = 0; round < 12; round++) {
    const before = `${preamble}#line 1 "printers"\n${PRINTERS}\n#line 1 "probes"\n`;
    const probes = names.map(
      (name, i) => `static void sweep_f${i}(void) { SWEEP("${name}", ${candidates.get(name)}) }`,
    );
    const main = `\n#line 1 "main"\n#undef main\nint main(void) { ${names.map((_, i) => `sweep_f${i}();`).join(' ')} }\n`;
    const oneLine = probes.map((probe) => probe.replace(/\s*\n\s*/g, ' '));
    writeFileSync(source, before + oneLine.join('\n') + main);
    const args = [
      '-w',
      '-O0',
      '-fmax-errors=0',
      '-ftrack-macro-expansion=0',
      '-Wl,--unresolved-symbols=ignore-all',
      ...includes,
      '-o',
      program,
      source,
    ];
    const { stderr, status } = compiler(args);
    if (status === 0) {
      const { stdout, signal } = spawnSync(program, { encoding: 'utf8', maxBuffer: 1 << 28 });
      if (signal) throw new Error(`the program that prints the constants ended with ${signal}`);
      return new Map(
        stdout
          .split('\n')
          .filter(Boolean)
          .map((line) => line.split('\t')),
      );
    }
    const wrong = new Set([...stderr.matchAll(/^probes:(\d+):\d+: error/gm)].map(([, line]) => Number(line) - 1));
    if (!wrong.size) throw new Error(stderr.slice(0, 2000));
    names = names.filter((_, i) => !wrong.has(i));
  }
  throw new Error('the compiler does not agree to the program');
}

/** Whether a constant has the value that the compiler has printed. */
function isSame(value, printed) {
  const [kind, ...rest] = printed.split(' ');
  const text = rest.join(' ').trim();
  if (kind === 's') return typeof value === 'string' && Buffer.from(value.split('\0')[0]).toString('hex') === text;
  if (kind === 'w')
    return typeof value === 'string' && [...value].map((c) => c.codePointAt(0).toString(16)).join(' ') === text;
  if (kind !== 'd')
    return typeof value !== 'string' && Number.isInteger(Number(value)) && BigInt(value) === BigInt(text);
  const number = /nan/.test(text) ? NaN : Number(text.replace('inf', 'Infinity'));
  return typeof value === 'number' && (Object.is(value, number) || value === number);
}

function reasonOf(constants, name) {
  try {
    return `= ${constants[name]}`;
  } catch (error) {
    return error.message.replace(/^.*?(is no constant: |cdef: )/, '');
  }
}

const report = [];
const missing = new Map();
const total = { equal: 0, different: 0, missing: 0, extra: 0 };
const wanted = positionals.length ? sets.filter(({ name }) => positionals.includes(name)) : sets;
let done = 0;
for (const set of wanted) {
  const folder = mkdtempSync(join(tmpdir(), 'arkffi-sweep-'));
  try {
    const includes = includesOf(set, options.root);
    const preamble = preambleOf(set);
    const { text, why } = textOf(set, options.root);
    if (text === undefined) {
      console.log(`${set.name}: not compared: ${why}`);
      continue;
    }
    const start = performance.now();
    const { constants } = cdef(null, text, { lazy: true });
    const time = performance.now() - start;
    const candidates = candidatesOf(preamble, includes, Object.keys(constants));
    const truth = measured(preamble, includes, candidates, folder);
    const count = { equal: 0, different: 0, missing: 0, extra: 0 };
    for (const [name, printed] of truth) {
      if (printed === 'none' && !(name in constants)) continue;
      if (!Object.hasOwn(constants, name)) {
        count.missing++;
        missing.set(name, reasonOf(constants, name));
        report.push(`${set.name}: ${name}: missing, is ${printed}: ${reasonOf(constants, name)}`);
      } else if (isSame(constants[name], printed)) {
        count.equal++;
      } else {
        count.different++;
        report.push(`${set.name}: ${name}: is ${printed}, got ${constants[name]}`);
      }
    }
    for (const name of Object.keys(constants)) {
      if (truth.has(name)) continue;
      count.extra++;
      report.push(`${set.name}: ${name}: no constant for the compiler, got ${constants[name]}`);
    }
    for (const key of Object.keys(total)) total[key] += count[key];
    done++;
    const counts = Object.entries(count).map(([key, value]) => `${value} ${key}`);
    console.log(`${set.name}: ${counts.join(', ')}; ${text.length >> 10} KB in ${time.toFixed(0)} ms`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
if (options.report) writeFileSync(options.report, `${report.join('\n')}\n`);
console.log(
  `${done} sets of headers: ${total.equal} constants equal, ${total.different} different, ${total.missing} missing ` +
    `(${missing.size} distinct), ${total.extra} that the compiler does not have`,
);
