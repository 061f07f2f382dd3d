// Tests `arkffi bind`: what it writes type-checks with the oldest and the newest compiler, and runs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isSanitized } from './support.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const command = join(root, 'bin/arkffi.mjs');
const folder = isSanitized ? undefined : mkdtempSync(join(root, 'build', 'bind-'));
after(() => folder && rmSync(folder, { recursive: true, force: true }));

const run = (program, args) => spawnSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
const bind = (...args) => run(process.execPath, [command, 'bind', ...args]);
const read = (name) => readFileSync(join(folder, name), 'utf8');

function succeeds({ status, stdout, stderr }) {
  assert.equal(status, 0, stdout + stderr);
  assert.equal(stderr, '');
  return stdout;
}

function fails(args, code, message) {
  const { status, stdout, stderr } = bind(...args);
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, message);
  assert.ok(stderr.trimEnd().endsWith(`[${code}]`), stderr);
  assert.doesNotMatch(stderr, /\n {4}at /);
}

/** Type-checks files as a program of their own, and writes JavaScript with the newest compiler. */
function compile(compiler, files, options = []) {
  const [module, resolution] = compiler === 'typescript' ? ['nodenext', 'nodenext'] : ['node16', 'node16'];
  const argv = [
    join(root, `node_modules/${compiler}/bin/tsc`),
    ...['--strict', '--noUnusedLocals', '--noUncheckedIndexedAccess', 'false', '--target', 'es2022'],
    ...['--module', module, '--moduleResolution', resolution, '--types', 'node', '--rootDir', root],
    ...options,
    ...files,
  ];
  const { status, stdout } = run(process.execPath, argv);
  assert.equal(status, 0, stdout);
}

// The command runs the compiler, which inherits a preloaded sanitizer and fails.
suite('arkffi bind', { skip: isSanitized && 'the compiler does not run under a sanitizer' }, () => {
  const real = ['zlib', 'sqlite3', 'zstd'].filter((name) => existsSync(`/usr/include/${name}.h`));

  test('a header with everything: functions, handles, structs, constants, a shim', () => {
    cpSync(join(root, 'test/process/bound'), folder, { recursive: true });
    const options = ['--handles', '-c', 'corrections.mjs', '--inline', 'all', '--shim', 'shim.c'];
    assert.equal(succeeds(bind('bindable.h', '-o', 'module.ts', ...options)), '');
    const text = read('module.ts');
    assert.doesNotMatch(text.slice(0, text.indexOf('export function')), /: any\b|: unknown\b/);
    assert.doesNotMatch(text, /printf;|fopen|stdio|EOF/); // what other headers declare is not the library's
    assert.match(text, /\/\*\* `struct bound_db \*bound_self\(struct bound_db \*db\)` \*\//);
    assert.match(text, /bound_sort: .*readonly \[base: 'p', n: 'L', size: 'L', function_: /);
    assert.match(text, /Cannot be called: .*vector.*\n {2}readonly bound_print: never;/);
    assert.equal(read('shim.c').includes(folder), false);

    succeeds(run('cc', ['-Wall', '-Werror', '-shared', '-fPIC', '-o', 'libbound.so', 'bound.c']));
    const linked = ['-Wl,--no-as-needed', '-L.', '-lbound', `-Wl,-rpath,${folder}`];
    succeeds(run('cc', ['-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-o', 'libshim.so', 'shim.c', ...linked]));
  });

  test('what it writes is the same each time', () => {
    const options = ['--handles', '-c', 'corrections.mjs', '--inline', 'all', '--shim'];
    const before = read('module.ts');
    succeeds(bind('bindable.h', '-o', 'again.ts', ...options, 'again.c'));
    assert.equal(read('again.ts'), before);
    assert.equal(read('again.c'), read('shim.c'));
    assert.equal(succeeds(bind('bindable.h', ...options, 'again.c')), before);
  });

  test('JavaScript with types beside it, and the description in a file', () => {
    const options = ['--handles', '-c', 'corrections.mjs', '--inline', 'all', '--shim', 'shim.c'];
    succeeds(
      bind('bindable.h', '-o', 'beside.mjs', '--description', 'kept.json', '--library=./libshim.so', ...options),
    );
    const program = `import { open, handles } from './beside.mjs';
      const { symbols, constants } = open();
      console.log(symbols.BOUND_SQUARE(3), constants.BOUND_LIMIT, handles.bound_db.name);`;
    assert.equal(succeeds(run(process.execPath, ['--input-type=module', '-e', program])), '9 1024 bound_db\n');
    assert.match(
      read('beside.d.mts'),
      /export declare function open\(path\?: LibraryPath, options\?: LibraryOptions\)/,
    );
    assert.match(read('kept.json'), /^\{"arkffi":/);
  });

  for (const name of real) {
    test(`${name}.h`, () => {
      succeeds(bind(`${name}.h`, '-o', `${name}.ts`));
      const text = read(`${name}.ts`);
      assert.doesNotMatch(text.slice(0, text.indexOf('export function')), /: any\b|: unknown\b/);
    });
  }

  test('both compilers accept it, and infer types', () => {
    const files = ['use.ts', ...real.map((name) => `${name}.ts`)];
    writeFileSync(
      join(folder, 'beside.ts'),
      `import { open } from './beside.mjs';\nexport const n: number = open().symbols.bound_half(3);\n`,
    );
    compile('typescript-4.9', [...files, 'beside.ts'], ['--noEmit']);
    compile('typescript', [...files, 'beside.ts'], ['--outDir', 'out']);
  });

  test('it runs', () => {
    for (const name of ['use.js', 'module.js'])
      copyFileSync(join(folder, 'out', relative(root, folder), name), join(folder, name));
    assert.equal(
      succeeds(run(process.execPath, ['use.js'])),
      `3 true true 7
bound_db
25 4 undefined text 25
8 5 owned 3
6 5
7 abc 4 0.5 0 label
0 5 1024 18446744073709551615n it's a \\ name
function function function
`,
    );
  });

  test('a text that needs no compiler', () => {
    writeFileSync(join(folder, 'plain.h'), 'double pow(double x, double y);\n#define FLAG 8\n#define NZ (-0.0)\n');
    succeeds(bind('plain.h', '--plain', '--cc', 'no-compiler', '-l', 'libm.so.6', '-o', 'plain.mjs'));
    const program = `import { open } from './plain.mjs';
      const libm = open();
      console.log(libm.symbols.pow(2, libm.constants.FLAG), libm.constants.NZ);`;
    assert.equal(succeeds(run(process.execPath, ['--input-type=module', '-e', program])), '256 -0\n');
  });

  test(
    'a name of a header is no code of what is written',
    { skip: process.platform === 'win32' && 'no such names' },
    () => {
      for (const end of ['\n', '\r', '\u2028', '\u2029']) {
        const name = `a${end}globalThis.hacked = 1; (`;
        writeFileSync(join(folder, name), 'int half(int x);\n');
        const text = succeeds(bind(name, '--plain'));
        assert.match(
          text,
          /^\/\/ Made by `arkffi bind` from a globalThis\.hacked = 1; \(\. It is made again, not edited\.\n\n/,
        );
      }
      const why = /C cannot include a header with a quotation mark or a line end in its name: "a/;
      for (const name of ['a\nint g(void);', 'a"b.h']) fails([name], 'ERR_FFI_INVALID_ARG_TYPE', why);
      const shim = ['--plain', '--macro', 'int SQ(int x)', '--shim', 'x.c'];
      fails(['a\nglobalThis.hacked = 1; (', ...shim], 'ERR_FFI_INVALID_ARG_TYPE', why);
    },
  );

  test("options of the preprocessor, and which headers are the library's", () => {
    writeFileSync(join(folder, 'more.h'), '#include <limits.h>\n#include <inside.h>\nint f(WIDE x);\n');
    spawnSync('mkdir', ['-p', join(folder, 'system/deep')]);
    writeFileSync(join(folder, 'system/deep/inside.h'), 'int inside(int x);\n');
    const options = ['-D', 'WIDE=short', '-isystemsystem/deep'];
    const own = succeeds(bind('more.h', ...options));
    assert.match(own, /\[x: 'h'\]/);
    assert.doesNotMatch(own, /INT_MAX|inside/);
    assert.match(succeeds(bind('more.h', ...options, '--from', 'deep/')), /readonly inside: /);
    assert.match(succeeds(bind('more.h', ...options, '--all')), /readonly INT_MAX: 2147483647;/);
  });

  const zlib = real.includes('zlib') ? false : 'zlib.h is not installed';
  test('the example', { skip: zlib }, () => {
    const { stdout } = run(process.execPath, [join(root, 'examples/bind/main.mjs')]);
    assert.equal(stdout, 'true true\na text with a 15\n');
  });

  test('bad input: a code, and what is wrong', () => {
    const [bad, wrong] = ['ERR_FFI_BAD_SIGNATURE', 'ERR_FFI_INVALID_ARG_TYPE'];
    writeFileSync(join(folder, 'bad.h'), 'int f(int);\nint g(doubel x);\n');
    writeFileSync(join(folder, 'unknown.json'), '{ "symbol": {} }');
    writeFileSync(join(folder, 'contradiction.json'), '{ "symbols": { "pow": { "args": ["i", "d"] } } }');
    writeFileSync(join(folder, 'absent.json'), '{ "symbols": { "pov": {} } }');
    writeFileSync(join(folder, 'broken.json'), '{');
    fails([], wrong, /^arkffi: a header is missing/);
    fails(['--colour', 'plain.h'], wrong, /unknown option --colour/);
    fails(['plain.h', '-o'], wrong, /-o needs a value/);
    fails(['plain.h', '-o', 'x.txt'], wrong, /must end in \.ts, \.mts, \.js or \.mjs: x\.txt/);
    fails(['plain.h', '-o', 'x.d.ts'], wrong, /must end in/);
    fails(['nowhere.h'], bad, /nowhere\.h: No such file/);
    fails(['nowhere.h', '--plain'], 'ENOENT', /cannot be read: nowhere\.h/);
    fails(['.', '--plain'], 'EISDIR', /cannot be read: \./);
    fails(['bad.h'], bad, /^arkffi: [^ ]*bad\.h, line 2, column 7: 'doubel' is no known type; did you mean 'double'\?/);
    fails(['bad.h', '--plain'], bad, /^arkffi: bad\.h: line 2, column 7: 'doubel'/);
    fails(['bad.h', '--cc', 'no-compiler'], 'ENOENT', /the C compiler no-compiler is not installed; --cc names/);
    // So long a text that writing it fails when the compiler does not read it.
    const long = Array(5000).fill('plain.h');
    fails([...long, '--cc', 'cc --no-such-option'], bad, /^arkffi: cc --no-such-option -E failed:\n.*no-such-option/);
    fails(['plain.h', '-o', 'plain.h/x.ts'], 'EEXIST', /plain\.h\/x\.ts cannot be written/);
    fails(['plain.h', '-c', 'nowhere.mjs'], 'ENOENT', /nowhere\.mjs cannot be read/);
    fails(['plain.h', '-c', 'broken.json'], bad, /^arkffi: broken\.json: /);
    fails(['plain.h', '-c', 'unknown.json'], bad, /unknown correction 'symbol'/);
    fails(['plain.h', '-c', 'contradiction.json'], bad, /pow: args\[0\]: the text declares double, got 'i'/);
    fails(['plain.h', '-c', 'absent.json'], 'ERR_FFI_NOT_DEFINED', /did you mean 'pow'\?/);
    fails(['plain.h', '--inline', 'pow', '--shim', 'x.c'], 'ERR_FFI_NOT_DEFINED', /it is a function of the library/);
    fails(['plain.h', '--inline', 'pow'], wrong, /--inline and --macro need --shim FILE/);
    fails(
      ['plain.h', '--macro', 'pow', '--shim', 'x.c'],
      bad,
      /expected a prototype such as 'int SQUARE\(int x\)': pow/,
    );
    fails(['plain.h', '--macro', 'int SQ(int)', '--shim', 'x.c'], bad, /each parameter needs a name/);
    fails(['plain.h', '--macro', 'int SQ(foo x)', '--shim', 'x.c'], bad, /--macro SQ.*'foo' is no known type/);
    assert.match(succeeds(bind('--help')), /^usage: arkffi bind /);
    assert.match(succeeds(run(process.execPath, [command, '--help'])), /arkffi bind[^]*arkffi build/);
  });
});
