// Programs in ArkTS that need no device, compiled by OpenHarmony's TypeScript to JavaScript that any host can run, with the
// HAR's own sources and a native module: the guide's programs, unedited, the tests of the HAR, the examples, and the programs
// of the README. Threads of OpenHarmony are those of kit/arkts.mjs.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { transpile } from '../arkts/compiler.mjs';
import { generatedFiles } from './sources.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The framework of OpenHarmony for tests, as far as those of the HAR use it. */
const HYPIUM = `const all = [];
const equal = (value, other) => {
  if (!Object.is(value, other)) throw new Error(\`expected \${other}, got \${value}\`);
};
export const describe = (name, tests) => tests();
export const it = (name, attributes, run) => all.push([name, run]);
export const expect = (value) => ({
  assertEqual: (other) => equal(value, other),
  assertTrue: () => equal(value, true),
  assertFalse: () => equal(value, false),
});
export async function run() {
  for (const [name, test] of all) {
    await test(() => {});
    console.log(name);
  }
}
`;

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Compiles the HAR's own sources, as they are in the HAR, to one module in the folder; returns its text. */
export async function bundle(folder) {
  const har = join(folder, 'har');
  for (const [path, text] of generatedFiles()) {
    if (!path.endsWith('.ts') || path.endsWith('.d.ts')) continue;
    const source = write(join(har, path), text);
    write(source.replace(/\.ts$/, '.js'), transpile(source));
    rmSync(source);
  }
  const entry = write(join(har, 'Index.js'), transpile(join(root, 'packages/ohos/Index.ets')));
  const options = { bundle: true, format: 'esm', external: ['liblibrary.so'], write: false, logLevel: 'warning' };
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  return outputFiles[0].text;
}

/** Makes a folder in which programs find the HAR; its native module is what the text of a CommonJS module exports. */
export function installHar(folder, har, library) {
  write(join(folder, 'node_modules/arkffi/index.mjs'), har);
  write(join(folder, 'node_modules/arkffi/package.json'), '{ "main": "index.mjs" }');
  write(join(folder, 'node_modules/liblibrary.so/index.js'), library);
  write(join(folder, 'package.json'), '{}'); // otherwise 'arkffi' would be the checkout around the folder
}

/** The programs of a document, in the order in which they stand there. */
export function programsIn(document) {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/^```ets\n([^]*?)^```$/gm)].map(([, code]) => code);
}

/**
 * What OpenHarmony's build system makes of a function that is @Concurrent: one that another thread can find. The compiler
 * leaves the decorator as it is.
 */
function withTasks(text) {
  const names = [];
  const plain = text.replace(/^@Concurrent\n((?:async )?function (\w+))/gm, (_, head, name) => {
    names.push(name);
    return head;
  });
  const tasks = names.map((name) => `${name}.module = import.meta.url;\nexport { ${name} as concurrent_${name} };\n`);
  return plain + tasks.join('');
}

/** How the programs of the README that only export or answer something are used, and what comes of it. */
const USES = [
  {
    has: 'worker.workerPort',
    use: (name) => `import { worker } from './kit/arkts.mjs';
const thread = new worker.ThreadWorker('entry/ets/workers/${name}.ets');
thread.onmessage = ({ data }) => {
  console.log(data.length);
  thread.terminate();
};
thread.postMessage({ text: 'naïve', length: 0 });
`,
    lines: ['6'],
  },
  {
    has: '@Concurrent',
    use: (name) => `import { length } from './${name}.mjs';
console.log(await length('naïve'));
`,
    lines: ['6'],
  },
];

/** Programs that use the examples. */
const EXAMPLES = [
  {
    name: 'CLibrary.ets',
    text: `import { CLibrary } from './CLibrary.mjs';
const libc = new CLibrary();
const { quot, rem } = libc.div(17, 5);
console.log(libc.strlen('naïve'), quot, rem, libc.sort([3, 1, 2]).join());
console.log(await libc.usleep(1));
libc.close();
`,
    lines: ['6 3 2 1,2,3', '0'],
  },
  {
    name: 'NativeThreads.ets',
    text: `import { onOwnThreads, onSystemPool } from './NativeThreads.mjs';
console.log((await onSystemPool()).join());
console.log((await onOwnThreads()).join());
`,
    lines: ['0,0', '0,0,0'],
  },
  {
    name: 'workers/SortingWorker.ets',
    with: ['workers/Job.ets', 'workers/Sorter.ets'],
    text: `import { SortingWorker } from './SortingWorker.mjs';
const sorter = new SortingWorker();
const all = [new Float64Array([3, 1, 2]), new Float64Array(0), new Float64Array([2, 1])];
await Promise.all(all.map((values) => sorter.sort(values)));
sorter.close();
console.log(all.join(' '));
`,
    lines: ['1,2,3  1,2'],
  },
  {
    name: 'tasks/Lengths.ets',
    text: `import { lengths } from './Lengths.mjs';
console.log((await lengths(['a', 'naïve', '', 'bc'])).join());
`,
    lines: ['1,6,0,2'],
  },
  {
    name: 'tasks/Halves.ets',
    text: `import { sortHalves } from './Halves.mjs';
console.log((await sortHalves(new Float64Array([3, 1, 2, 9, 7]))).join());
`,
    lines: ['1,3,2,7,9'],
  },
];

/**
 * Writes all programs into a folder. Returns each with its name, its file, and the lines that it must print, in any order.
 */
export async function writePrograms(folder, nativeModule) {
  installHar(folder, await bundle(folder), `module.exports = require(${JSON.stringify(nativeModule)});`);
  cpSync(fileURLToPath(new URL('kit', import.meta.url)), join(folder, 'kit'), { recursive: true });
  const fileOf = (name) => join(folder, `${name}.mjs`);
  const compile = (source, name) => {
    const text = withTasks(transpile(source))
      .replace(/ from '\.{1,2}\/([^']*)'/g, (_, path) => ` from './${basename(path)}.mjs'`)
      .replace(" from '@ohos/hypium'", " from './hypium.mjs'")
      .replace(" from '@kit.ArkTS'", " from './kit/arkts.mjs'");
    return write(fileOf(name), text);
  };
  const compileText = (text, name) => compile(write(join(folder, 'sources', `${name}.ets`), text), name);

  const programs = [];
  for (const [name, lines] of [
    ['guide-1', ['3628800']],
    ['guide-2', ['5', '[ 3, 7 ]']],
    ['guide-3', ['3 7']],
  ]) {
    const file = compileText(readFileSync(join(root, 'examples', `${name}.ts`), 'utf8'), name);
    programs.push({ name: `the guide's program ${name}`, file, lines });
  }

  write(fileOf('hypium'), HYPIUM);
  const tests = join(root, 'packages/ohos/src/ohosTest/ets/test');
  const suites = ['Strict', 'Inferred', 'Threads'];
  for (const name of ['List', ...suites]) compile(join(tests, `${name}.test.ets`), `${name}.test`);
  const names = suites.flatMap((name) =>
    [...readFileSync(join(tests, `${name}.test.ets`), 'utf8').matchAll(/^ {4}it\('(\w+)'/gm)].map(([, test]) => test),
  );
  const main = "import suite from './List.test.mjs';\nimport { run } from './hypium.mjs';\nsuite();\nawait run();\n";
  programs.push({ name: 'the tests of the HAR', file: write(fileOf('tests'), main), lines: names });

  for (const { name, with: others = [], text, lines } of EXAMPLES) {
    for (const path of [name, ...others]) compile(join(root, 'packages/ohos/examples', path), basename(path, '.ets'));
    const file = write(fileOf(`use-${basename(name, '.ets')}`), text);
    programs.push({ name: `the example ${name}`, file, lines });
  }

  programsIn('packages/ohos/README.md').forEach((code, i) => {
    const name = `readme-${i + 1}`;
    const file = compileText(code, name);
    const lines = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, promise]) => promise);
    const title = `the README's program ${i + 1}`;
    const used = USES.find(({ has }) => code.includes(has));
    if (lines.length > 0) programs.push({ name: title, file, lines });
    else if (used)
      programs.push({ name: title, file: write(fileOf(`use-${name}`), used.use(name)), lines: used.lines });
    else throw new Error(`the README's program ${i + 1} prints nothing, and nothing uses it`);
  });
  return programs;
}

/**
 * Runs all programs by the command of a host, with a native module that it can load. Prints the name of each, and what one
 * that failed has printed. Returns how many passed and failed.
 */
export async function tryPrograms(nativeModule, [host, ...options], env = process.env) {
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build/programs-'));
  const sum = { passed: 0, failed: 0 };
  for (const { name, file, lines } of await writePrograms(folder, resolve(nativeModule))) {
    const { status, stdout, stderr } = spawnSync(host, [...options, file], { encoding: 'utf8', env });
    const isRight = status === 0 && stdout.trimEnd().split('\n').sort().join() === [...lines].sort().join();
    sum[isRight ? 'passed' : 'failed']++;
    console.log(isRight ? `ok: ${name}` : `FAILED: ${name}: expected ${lines.join()}, got:\n${stdout}${stderr}`);
  }
  rmSync(folder, { recursive: true });
  return sum;
}
