// Tests the documents: each JavaScript and TypeScript example runs as a module of its own, TypeScript is
// type-checked as well, and every `console.log(…); // value` must print that value, where … stands for anything.
//
// An example that cannot run has a comment with the reason before it: <!-- not run: the reason --> Programs in ArkTS are run
// by arkts.test.mjs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from '../../tools/openharmony/har/sources.mjs';
import { exited, node } from './support.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
const HAR = 'packages/ohos';
const documents = [...pages, ...list('docs', /\.md$/), ...list(HAR, /\.md$/)];
const LANGUAGES = { js: 'mjs', ts: 'mts' };
const OTHERS = ['sh', 'c', 'text', 'ets']; // languages that are not run here; any other is an error

function list(folder, pattern) {
  return readdirSync(join(root, folder))
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`);
}

const read = (path) => readFileSync(join(root, path), 'utf8');

/** The fenced blocks of a document: { place, language, code, excuse }. */
function blocksOf(path) {
  const blocks = [];
  let block, before;
  read(path)
    .split('\n')
    .forEach((line, i) => {
      const fence = /^\s*```(.*)$/.exec(line);
      if (fence && !block) {
        const excuse = /^<!-- not run:(.*)-->$/.exec(before)?.[1].trim();
        block = { place: `${path}:${i + 1}`, language: fence[1].trim(), code: '', excuse };
      } else if (fence) {
        blocks.push(block);
        block = undefined;
      } else if (block) {
        block.code += `${line}\n`;
      }
      if (line.trim()) before = line;
    });
  assert.equal(block, undefined, `${path}: the last block is not closed`);
  return blocks;
}

const blocks = documents.flatMap(blocksOf);
const examples = blocks.filter(({ language, excuse }) => language in LANGUAGES && excuse === undefined);

// The examples are written inside the checkout, so that 'arkffi' is found.
const folder = mkdtempSync(join(root, 'build', 'docs-'));
after(() => rmSync(folder, { recursive: true }));
examples.forEach((example, i) => {
  example.file = join(folder, `example${i}.${LANGUAGES[example.language]}`);
  writeFileSync(example.file, example.code);
});

/** Compiles all TypeScript examples at once; returns the exit status and the compiler's output. */
function compile() {
  const compilerOptions = { target: 'es2022', module: 'nodenext', lib: ['esnext'], types: ['node'], strict: true };
  const config = { compilerOptions: { ...compilerOptions, noEmitOnError: false }, include: ['*.mts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  // The compiler runs without the sanitizer that may be preloaded.
  const env = { ...process.env, LD_PRELOAD: '' };
  const argv = [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', env, cwd: folder });
  return { status, output: (stdout + stderr).replace(/example(\d+)\.mts/g, (_, i) => examples[i].place) };
}

/** The values that the comments after each `console.log(…);` promise. */
function promised({ code, place }) {
  return code
    .split('\n')
    .filter((line) => line.includes('console.log('))
    .map((line) => {
      const comment = /\); (?:\}\); )?\/\/ (.*)$/.exec(line);
      assert.ok(comment, `${place}: no comment gives the value that this prints: ${line}`);
      return comment[1];
    });
}

function matches(line, promise) {
  const literal = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${promise.split('…').map(literal).join('.*')}$`).test(line);
}

suite('examples', { concurrency: 4 }, () => {
  test('the documents contain examples', () => assert.ok(examples.length >= 6));

  test('every block names its language, and one that is not run has a reason', () => {
    for (const { place, language, excuse } of blocks) {
      assert.ok(language in LANGUAGES || OTHERS.includes(language), `${place}: '${language}' is not a known language`);
      assert.notEqual(excuse, '', `${place}: the reason is missing`);
    }
  });

  const { status, output } = compile();
  test('TypeScript finds no error in the examples', () => assert.equal(status, 0, output));

  for (const example of examples) {
    test(`the example at ${example.place} prints what its comments say`, async () => {
      const { stdout, stderr } = exited(await node([example.file.replace(/\.mts$/, '.mjs')]));
      const lines = stdout.split('\n').slice(0, -1);
      const promises = promised(example);
      assert.ok(
        lines.length === promises.length && lines.every((line, i) => matches(line, promises[i])),
        `printed:\n${stdout}\npromised:\n${promises.join('\n')}`,
      );
      assert.equal(stderr, '');
    });
  }
});

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(path) {
  const prose = read(path).replace(/^\s*```[^]*?^\s*```/gm, '');
  const seen = new Map();
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/ /g, '-');
    seen.set(anchor, (seen.get(anchor) ?? -1) + 1);
    return seen.get(anchor) ? `${anchor}-${seen.get(anchor)}` : anchor;
  });
}

/** Whether there is a file, which the package for OpenHarmony may have from the shared sources. */
function isThere(path, file) {
  if (existsSync(join(root, file))) return true;
  return path.startsWith(HAR) && (existsSync(join(root, HAR, file)) || generatedFiles().has(file));
}

/** The code in a document: its code spans and its shell blocks. */
function codeIn(path) {
  const prose = read(path).replace(/^\s*```[^]*?^\s*```/gm, '');
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
  const shell = blocksOf(path).filter(({ language }) => language === 'sh');
  return [...spans, ...shell.map(({ code }) => code)];
}

suite('references', () => {
  const variables = [
    ...['', 'core/', 'cdef/', 'bridge/', `${HAR}/src/main/cpp/`].map((folder) => `${folder}CMakeLists.txt`),
    ...list('core/cmake', /\.cmake$/),
  ].flatMap((path) => [...read(path).matchAll(/\bARKFFI_\w+/g)].map(([name]) => name));

  for (const path of documents) {
    test(`${path} names only targets that the Makefile has`, () => {
      const targets = new Set([...read('Makefile').matchAll(/^([a-z\d-]+):/gm)].map(([, target]) => target));
      for (const code of codeIn(path)) {
        for (const [, target] of code.matchAll(/\bmake ([a-z][a-z\d-]*)/g)) {
          assert.ok(targets.has(target), `${path}: the Makefile has no target '${target}'`);
        }
      }
    });

    test(`${path} names only files that exist`, () => {
      const folders = [root, ...(path.startsWith(HAR) ? [join(root, HAR)] : [])]
        .flatMap((folder) => readdirSync(folder, { withFileTypes: true }))
        .filter(
          (entry) =>
            entry.isDirectory() && !['build', 'dist', 'include', 'node_modules', 'prebuilds'].includes(entry.name),
        )
        .map(({ name }) => name);
      for (const code of codeIn(path)) {
        for (const [, file] of code.matchAll(/\bnode ([\w-]+(?:\/[\w.-]+)+\.mjs)\b/g)) {
          if (folders.includes(file.split('/')[0])) assert.ok(isThere(path, file), `${path}: there is no ${file}`);
        }
        if (!/^[\w.-]+(\/[\w.-]+)*\/?$/.test(code) || !folders.includes(code.split('/')[0])) continue;
        if (code.includes('/')) assert.ok(isThere(path, code), `${path}: there is no ${code}`);
      }
    });

    test(`${path} names only variables of CMake that exist`, () => {
      for (const code of codeIn(path)) {
        for (const [, name] of code.matchAll(/-D(ARKFFI_\w+)/g)) {
          assert.ok(variables.includes(name), `${path}: no CMakeLists.txt has ${name}`);
        }
      }
    });

    test(`${path} links to headings that exist`, () => {
      const prose = read(path).replace(/^\s*```[^]*?^\s*```/gm, '');
      for (const [, file, anchor] of prose.matchAll(/\]\(([^)\s#:]*)#([^)\s]+)\)/g)) {
        const target = file ? join(dirname(path), file) : path;
        assert.ok(anchorsOf(target).includes(decodeURI(anchor)), `${path}: ${target} has no heading #${anchor}`);
      }
    });
  }

  test('README.md lists every error code, and no other', () => {
    const codes = [...read('README.md').matchAll(/^\| `(ERR_FFI_\w+)` *\| `(\w+)`/gm)].map(([, ...row]) => row);
    const statuses = [...read('core/def/status.def').matchAll(/^ARK_STATUS\((\w+), (\w+),/gm)];
    assert.deepEqual(
      codes,
      statuses.map(([, id, name]) => [`ERR_FFI_${id}`, name]),
    );
  });
});
