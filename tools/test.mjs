// Runs the parts of `make test`: every one, even after a failure. It says which part runs, what came of each, and how a
// part that failed can be repeated.
//
//   node tools/test.mjs [--list] [PART]... [FILE]...
//
// Without a PART every part runs, except those that --list shows as more: they take long and seldom find what the others
// do not. A PART may be the beginning of several names: js-release is all rounds of the JavaScript suites on the shipped
// build. With FILEs, test files of the JavaScript suites, each part runs only these.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRecords, watch } from './watch.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const failures = join(root, 'build/log/failures.txt');
process.chdir(root);

/** The test files in some folders, sorted. */
function filesIn(...folders) {
  const found = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path);
      return /\.test\.(mjs|js|ts)$/.test(entry.name) ? [path] : [];
    }),
  );
  return found.sort();
}

// JavaScript itself has one thread: under ThreadSanitizer only the tests of threads run.
const ofThreads = (file) =>
  /(async|\/callback-.*|cancelling|lanes|pump)\.test\.mjs$|process\/(callbacks|uncaught|workers)\.test\.mjs$/.test(
    file,
  );

// What no call throws is raised, which OpenHarmony's engine does only for errors.
const ofUncaught = ['test/process/callbacks.test.mjs', 'test/process/uncaught.test.mjs'];

const compile = (build) => [
  ['tools/quiet.sh', `configure ${build}`, 'cmake', '--preset', build],
  ['tools/quiet.sh', `compile ${build}`, 'cmake', '--build', '--preset', build],
];
const ctest = (build) => ['ctest', '--test-dir', `build/${build}`, '--output-on-failure', '--timeout', '1000000'];

function corePart(build) {
  const env = build === 'tsan' ? { TSAN_OPTIONS: `suppressions=${root}tools/sanitizer/tsan.supp` } : {};
  return { name: `core-${build}`, title: `core, ${build}`, commands: [...compile(build), ctest(build)], env };
}

/** The tests of callbacks once more, with C addresses that need no executable memory. */
const ofCallbacks = (file) =>
  /behaviour\/(callback.*|.*-in-callbacks|jscallback|plain-functions|pump|structs-by-value)\.test\.mjs$/.test(file);

function callbackPart(name, title, env) {
  const part = scriptPart('release', 'cold');
  return {
    ...part,
    name: `js-${name}`,
    title: `callbacks, ${title}`,
    files: () => filesIn('test/behaviour').filter(ofCallbacks),
    isOwn: ofCallbacks,
    env: { ...part.env, ...env },
  };
}

/** One round of the JavaScript suites: cold, or with every case warmed up, on one engine. */
function scriptPart(build, round, engine) {
  const isDefault = engine === undefined;
  const isOwn = (file) =>
    isDefault || file.startsWith('test/behaviour/') || (build === 'quirks' && ofUncaught.includes(file));
  const env = { ARKFFI_FIXTURE: `${root}build/${build}/fixture/libarkffi_fixture.so` };
  if (round === 'warmed') env.ARKFFI_WARM = '1';
  if (!isDefault) env.ARKFFI_ENGINE = engine;
  if (build !== 'release') env.ARKFFI_NATIVE_MODULE = `${root}build/${build}/liblibrary.node`;
  const command = [
    ...(['release', 'quirks'].includes(build) ? [] : ['tools/sanitizer/run.sh', build]),
    ...['node', '--test', `--test-concurrency=${availableParallelism()}`, '--test-reporter=./tools/test-reporter.mjs'],
  ];
  return {
    name: ['js', build, ...(isDefault ? [] : [engine]), round].join('-'),
    title: `JavaScript, ${build}${isDefault ? '' : `, engine ${engine}`}, ${round}`,
    // The behaviour suite runs with each engine; the other suites choose engines themselves.
    files: () => filesIn('test', 'examples').filter((file) => isOwn(file) && (build !== 'tsan' || ofThreads(file))),
    isMore: round === 'warmed' && (build === 'asan' || engine === 'napi'),
    isOwn,
    prepare: build === 'release' ? [] : compile(build),
    command,
    env,
  };
}

function scriptParts(build) {
  if (build === 'tsan') return [scriptPart(build, 'cold')];
  // Without V8's functions, which OpenHarmony's engine has not.
  if (build === 'quirks') return [scriptPart(build, 'cold', 'portable')];
  return [undefined, 'portable', 'napi'].flatMap((engine) =>
    ['cold', 'warmed'].map((round) => scriptPart(build, round, engine)),
  );
}

const parts = [
  { name: 'core', title: 'core and cdef', commands: [['make', 'test-core']] },
  corePart('tsan'),
  ...scriptParts('tsan'),
  ...scriptParts('release'),
  ...scriptParts('quirks'),
  callbackPart('static', 'in the native module', { ARKFFI_CLOSURES: 'static' }),
  callbackPart('noexec', 'where no memory can be made executable', {
    // V8 ends the process where it cannot make code, except with this flag, with which it makes none.
    NODE_OPTIONS: '--jitless',
    LD_PRELOAD: `${root}build/release/fixture/libarkffi_noexec_everywhere.so`,
  }),
  { name: 'package', title: 'the package as users have it', commands: [['node', 'tools/package/test.mjs', '--some']] },
  { name: 'types', title: 'types, by both TypeScript compilers', commands: [['make', 'test-types']] },
  corePart('asan'),
  ...scriptParts('asan'),
];

function duration(since) {
  const seconds = Math.round((performance.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const note = (line) => appendFileSync(failures, `${line}\n`);

/** Runs a command until it ends; resolves with whether it succeeded. What it prints is also given to `onText`. */
function run([command, ...args], env, onText = () => {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const stop = watch(child.pid, (line) => {
    console.log(line);
    note(line);
  });
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    onText(text);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.log(error.message);
      resolve(false);
    });
    child.on('close', (code) => {
      stop();
      resolve(code === 0);
    });
  });
}

/** The totals that node's runner and ctest have printed. */
function totalsIn(text) {
  const sum = (pattern) => [...text.matchAll(pattern)].reduce((all, [, count]) => all + Number(count), 0);
  const tests = sum(/^ℹ tests (\d+)$/gm) + sum(/tests failed out of (\d+)/g);
  const failed = sum(/^ℹ fail (\d+)$/gm) + sum(/(\d+) tests failed out of/g);
  return { tests, failed, skipped: sum(/^ℹ skipped (\d+)$/gm) };
}

async function runPart(part, files) {
  const env = { ...part.env, ARKFFI_PART: part.name, ARKFFI_FAILURES: failures };
  let commands = part.commands;
  if (part.command) {
    const chosen = files.length ? files.filter(part.isOwn) : part.files();
    env.ARKFFI_FILES = String(chosen.length);
    commands = [...part.prepare, [...part.command, ...chosen]];
  }
  let text = '';
  for (const command of commands) {
    if (!(await run(command, env, (more) => (text += more)))) return { isPassed: false, ...totalsIn(text) };
  }
  return { isPassed: true, ...totalsIn(text) };
}

function choose(words) {
  const files = words.filter((word) => existsSync(word) && /\.test\.(mjs|js|ts)$/.test(word));
  const names = words.filter((word) => !files.includes(word));
  const isNamed = (part, name) => part.name === name || part.name.startsWith(`${name}-`);
  const unknown = names.find((name) => !parts.some((part) => isNamed(part, name)));
  if (unknown) throw new Error(`'${unknown}' is neither a part nor a test file; node tools/test.mjs --list`);
  // The core has a part of its own name; core-tsan is not a round of it.
  const chosen = parts.filter(
    (part) =>
      (!names.length && !part.isMore) ||
      names.some((name) => (name === 'core' ? part.name === name : isNamed(part, name))),
  );
  const having = files.length ? chosen.filter((part) => part.command && files.some(part.isOwn)) : chosen;
  return { files, chosen: having };
}

const words = process.argv.slice(2);
if (words.includes('--list')) {
  for (const { name, title, isMore } of parts) console.log(`${name.padEnd(28)} ${title}${isMore ? ' (more)' : ''}`);
  process.exit();
}
const { files, chosen } = choose(words);
mkdirSync('build/log', { recursive: true });
writeFileSync(failures, '');
openRecords();

const begin = performance.now();
const rows = [];
for (const [i, part] of chosen.entries()) {
  const start = performance.now();
  console.log(`[${i + 1}/${chosen.length}] ${part.title}${i ? ` (${duration(begin)} so far)` : ''}`);
  const result = await runPart(part, files);
  const repeat = `node tools/test.mjs ${[part.name, ...files].join(' ')}`;
  rows.push({ title: part.title, time: duration(start), ...result });
  if (result.isPassed) continue;
  console.log(`[${i + 1}/${chosen.length}] ${part.title}: failed. Repeat it with: ${repeat}`);
  note(`${part.title} failed. Repeat it with: ${repeat}`);
}

const width = Math.max(...rows.map(({ title }) => title.length), 0);
const row = (title, time, tests, skipped, result) =>
  `${title.padEnd(width)} ${String(time).padStart(13)} ${String(tests).padStart(7)} ${String(skipped).padStart(8)}  ${result}`;
console.log(`\n${row('part', 'time', 'tests', 'skipped', '')}`);
for (const { title, time, tests, failed, skipped, isPassed } of rows) {
  console.log(
    row(title, time, tests || '', skipped || '', isPassed ? 'passed' : `failed${failed ? `: ${failed}` : ''}`),
  );
}
const all = (key) => rows.reduce((sum, it) => sum + it[key], 0);
const broken = rows.filter(({ isPassed }) => !isPassed).length;
const result = broken ? `${broken} of ${rows.length} parts failed` : 'passed';
console.log(row('all', duration(begin), all('tests'), all('skipped'), result));
if (broken) console.log(`\n${readFileSync(failures, 'utf8')}`);
process.exitCode = broken ? 1 : 0;
