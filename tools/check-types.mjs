// Type-checks the library and test/types with the oldest compiler that must work, under OpenHarmony's settings, and
// with the current one. Then it compiles test/declarations with the types that the package has, as a program does that has
// installed it, and again what uses the declarations that come of that; and looks at what the compilers say of mistakes.

import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeDeclarations } from './declarations.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const sources = (folder) =>
  readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return path.endsWith('.ts') ? [path] : [];
  });

// `using` came to TypeScript in 5.2.
const oldest = [...sources('ts/src'), ...sources('test/types').filter((file) => !file.endsWith('/using.ts'))];
const openHarmony = '--target es2017 --lib es2020 --moduleResolution node --strict --noEmit'.split(' ');

const runs = [
  ['typescript-4.9', [...openHarmony, ...oldest]],
  ['typescript', ['-p', 'ts', '--noEmit']],
  ['typescript', ['-p', 'test/types']],
];

/** Runs a compiler; `what` names the run. */
function check(what, compiler, args) {
  const { status } = spawnSync(process.execPath, [`${root}node_modules/${compiler}/bin/tsc`, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${compiler} ${what}`);
  if (status !== 0) process.exitCode = 1;
}

for (const [compiler, args] of runs) check(args.slice(0, 3).join(' '), compiler, args);

/** A folder as of a program that has installed the package. */
const program = 'build/declarations';
const installed = `${program}/node_modules/arkffi`;
rmSync(`${root}${program}`, { recursive: true, force: true });
mkdirSync(`${root}${installed}`, { recursive: true });
writeFileSync(`${root}${program}/package.json`, JSON.stringify({ private: true, type: 'module' }));
copyFileSync(`${root}package.json`, `${root}${installed}/package.json`);
cpSync(`${root}test/declarations`, `${root}${program}`, { recursive: true });
if (writeDeclarations(`${installed}/dist`) !== 0) process.exit(1);

// Every option that finds errors, in the declarations of the package too.
const strictest = [
  ...['strict', 'exactOptionalPropertyTypes', 'noUncheckedIndexedAccess', 'noPropertyAccessFromIndexSignature'],
  ...['noImplicitOverride', 'noImplicitReturns', 'noUnusedLocals', 'noUnusedParameters', 'isolatedModules'],
].map((option) => `--${option}`);
// No folder has types of hosts, so that only those of arkffi are looked at.
const others = `--skipLibCheck false --target es2022 --lib es2020 --typeRoots ${program}/none`.split(' ');
const common = [...strictest, ...others];
const nodenext = ['--module', 'nodenext', '--moduleResolution', 'nodenext'];
const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler'];
for (const [compiler, ...options] of [
  ['typescript-4.9', ...nodenext],
  ['typescript', ...nodenext, '--verbatimModuleSyntax'],
  ['typescript', ...bundler, '--verbatimModuleSyntax'],
]) {
  const what = options.slice(2, 4).join(' ');
  const written = `${program}/${compiler}-${options[3]}`;
  mkdirSync(`${root}${written}`);
  const how = [...common, ...options];
  const declares = ['--declaration', '--emitDeclarationOnly', '--outDir', written];
  check(`${what}, exports`, compiler, [...how, ...declares, `${program}/exports.ts`]);
  copyFileSync(`${root}${program}/use.ts`, `${root}${written}/use.ts`);
  check(`${what}, use of the exports`, compiler, [...how, '--noEmit', `${written}/use.ts`]);
}
const isolated = [...common, ...nodenext, '--isolatedDeclarations', '--declaration', '--noEmit'];
check('isolatedDeclarations', 'typescript', [...isolated, `${program}/annotated.ts`]);

/** The lines of refused.ts, and what is to be said of each; undefined if nothing. */
const mistakes = readFileSync(`${root}test/declarations/refused.ts`, 'utf8')
  .split('\n')
  .map((line) => line.match(/\/\/ says: (.*)/)?.[1]);
for (const compiler of ['typescript-4.9', 'typescript']) {
  const args = [...common, ...nodenext, '--noEmit', '--pretty', 'false', `${program}/refused.ts`];
  const { stdout } = spawnSync(process.execPath, [`${root}node_modules/${compiler}/bin/tsc`, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  // What is said at each line. The lines of a message that belong together begin with spaces, but for the first.
  const said = {};
  for (const [, line, message] of stdout.matchAll(/^\S+refused\.ts\((\d+),\d+\): error (.*(?:\n .*)*)/gm)) {
    said[line] = `${said[line] ?? ''}${message}\n`;
  }
  const wrong = mistakes.flatMap((text, i) => {
    const message = said[i + 1];
    const isRight = text === undefined ? message === undefined : message?.includes(text);
    return isRight ? [] : [`refused.ts:${i + 1}: expected ${text ?? 'nothing'}, got ${message ?? 'nothing'}`];
  });
  for (const line of wrong) console.log(line);
  console.log(`${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${compiler} what is said of mistakes`);
  if (wrong.length > 0) process.exitCode = 1;
}
