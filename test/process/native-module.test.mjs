// Where arkffi looks for its native module, and what it says when there is none that loads.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { PLATFORMS } from '../../tools/package/platforms.mjs';
import { exited, isSanitized, node } from './support.mjs';

const dist = dirname(createRequire(import.meta.url).resolve('arkffi'));
const own = join(dist, 'liblibrary.node');
const bytes = readFileSync(own);
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const { contract } = createRequire(import.meta.url)(own);
const scratch = mkdtempSync(join(tmpdir(), 'arkffi-module-'));
after(() => rmSync(scratch, { recursive: true }));
const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
const here = `linux-${process.arch}-${libc}`;
const skip = isSanitized && 'the sanitizer builds are chosen by ARKFFI_NATIVE_MODULE';

let copies = 0;
/** A copy of arkffi as it is installed: `prebuilds` has the bytes of each platform's native module. */
function install(prebuilds = { [here]: bytes }) {
  const folder = join(scratch, `copy ${copies++}`);
  mkdirSync(join(folder, 'dist'), { recursive: true });
  for (const name of ['index.cjs', 'load.cjs', 'library.cjs'])
    copyFileSync(join(dist, name), join(folder, 'dist', name));
  cpSync(join(dist, 'library'), join(folder, 'dist/library'), { recursive: true });
  for (const [platform, content] of Object.entries(prebuilds)) {
    mkdirSync(join(folder, 'prebuilds', platform), { recursive: true });
    writeFileSync(join(folder, 'prebuilds', platform, 'liblibrary.node'), content);
  }
  return folder;
}

/** Loads a copy in a process of its own, after `before` has run; gives the engine, or the error. */
async function load(folder, { before = '', env = {}, flags = [] } = {}) {
  const text = `${before}
    try {
      console.log(JSON.stringify({ engine: require(${JSON.stringify(join(folder, 'dist/index.cjs'))}).ffi.engine }));
    } catch ({ name, message, code, cause }) {
      console.log(JSON.stringify({ name, message, code, cause: cause?.code ?? cause?.message }));
    }`;
  const result = await node([...flags, '-e', text], { env: { ARKFFI_NATIVE_MODULE: '', ...env } });
  return JSON.parse(exited(result).stdout);
}

/** A copy of the native module with another byte at some offsets. */
const changed = (changes) => {
  const copy = Buffer.from(bytes);
  for (const [offset, byte] of Object.entries(changes)) copy[offset] = byte;
  return copy;
};

const otherArch = process.arch === 'x64' ? { arch: 'arm64', machine: 183 } : { arch: 'x64', machine: 62 };

describe('where the native module is found', { skip }, () => {
  test('the build for the platform', async () => assert.ok((await load(install())).engine));

  test('the build that loads, if the program does not tell which C library it uses', async () => {
    const before = `const fs = require('fs'), { openSync } = fs;
      fs.openSync = (path, ...rest) => {
        if (path === '/proc/self/exe') throw new Error('refused');
        return openSync(path, ...rest);
      };`;
    assert.ok((await load(install(), { before })).engine);
  });

  test('the build for the C library whose loader the program names', async () => {
    const before = (loader) => {
      const program = join(scratch, 'program');
      writeFileSync(program, `\x7fELF ${loader}\0`);
      return `const fs = require('fs'), { openSync } = fs;
        fs.openSync = (path, ...rest) => openSync(path === '/proc/self/exe' ? ${JSON.stringify(program)} : path, ...rest);`;
    };
    for (const [loader, name] of [
      ['/lib/ld-musl-x86_64.so.1', 'musl'],
      ['/lib/ld-musl-aarch64.so.1', 'musl'],
      ['/lib64/ld-linux-x86-64.so.2', 'glibc'],
      ['/nix/store/abc-glibc-2.40/lib/ld-linux-aarch64.so.1', 'glibc'],
    ]) {
      const build = `linux-${process.arch}-${name}`;
      const { message } = await load(install({ [build]: '' }), { before: before(loader) });
      assert.match(
        message,
        new RegExp(`on linux-${process.arch} with ${name}: prebuilds/${build}/liblibrary.node is empty`),
      );
    }
  });

  test('an own build comes before the builds that came with arkffi', async () => {
    const folder = install({ [here]: 'broken' });
    copyFileSync(own, join(folder, 'dist/liblibrary.node'));
    assert.ok((await load(folder)).engine);
  });

  test('an own build that does not load is not passed over', async () => {
    const folder = install();
    writeFileSync(join(folder, 'dist/liblibrary.node'), 'broken');
    const { message } = await load(folder);
    assert.match(message, /dist\/liblibrary\.node, which was built on this machine, is not a native module/);
  });

  test('ARKFFI_NATIVE_MODULE comes before all others, and may be relative to the current folder', async () => {
    const folder = install({});
    assert.ok((await load(folder, { env: { ARKFFI_NATIVE_MODULE: own } })).engine);
    const before = `process.chdir(${JSON.stringify(dist)});`;
    assert.ok((await load(folder, { before, env: { ARKFFI_NATIVE_MODULE: 'liblibrary.node' } })).engine);
  });

  test('beside the program', async () => {
    const folder = install({});
    copyFileSync(own, join(folder, 'liblibrary.node'));
    const before = `process.execPath = ${JSON.stringify(join(folder, 'program'))};`;
    assert.ok((await load(folder, { before })).engine);
  });

  test('a read-only folder is enough', async () => {
    const folder = install();
    for (const name of ['dist', `prebuilds/${here}`]) chmodSync(join(folder, name), 0o555);
    assert.ok((await load(folder)).engine);
    for (const name of ['dist', `prebuilds/${here}`]) chmodSync(join(folder, name), 0o755);
  });
});

describe('the error when nothing loads', { skip }, () => {
  test('says what is wrong with the build for the platform', async () => {
    const cases = [
      ['', 'is empty'],
      ['no module', 'is not a native module'],
      ['MZ', 'is made for Windows'],
      [Buffer.from([0xcf, 0xfa, 0xed, 0xfe, 0]), 'is made for macOS'],
      [bytes.subarray(0, 40), 'is cut off'],
      [bytes.subarray(0, bytes.length / 2), 'is cut off'],
      [changed({ 18: otherArch.machine }), `is made for ${otherArch.arch}, and this is ${process.arch}`],
      [changed({ 4: 1, 18: 40 }), `is made for arm (32 bits), and this is ${process.arch}`],
      [changed({ 5: 2, 18: 0, 19: 22 }), `is made for s390x (big-endian), and this is ${process.arch}`],
    ];
    for (const [content, fault] of cases) {
      const { name, message, code, cause } = await load(install({ [here]: content }));
      assert.equal(name, 'Error');
      const begin = `arkffi's native module cannot be loaded on linux-${process.arch} with ${libc}: `;
      assert.equal(
        message,
        `${begin}prebuilds/${here}/liblibrary.node ${fault}; \`npx arkffi build\` makes a native module for this machine ` +
          '(docs/install.md)',
      );
      assert.equal(code, 'ERR_DLOPEN_FAILED');
      assert.equal(cause, 'ERR_DLOPEN_FAILED');
    }
  });

  test(
    'says that the C library is another one',
    { skip: libc !== 'glibc' && 'the text of glibc builds is looked for' },
    async () => {
      // The names of glibc's versions are what tells the builds apart.
      const text = bytes
        .toString('latin1')
        .replace(/libc\.so\.6\0/, 'libc.so\0\0\0')
        .replaceAll('\0GLIBC_2.', '\0GLIBX_9.');
      const { message } = await load(install({ [here]: Buffer.from(text, 'latin1') }));
      assert.match(message, /liblibrary\.node is made for musl, and this program uses glibc;/);
    },
  );

  test(
    'says that the C library is too old',
    { skip: libc !== 'glibc' && 'musl has no versions of symbols' },
    async () => {
      const text = bytes.toString('latin1').replaceAll('\0GLIBC_2.', '\0GLIBC_9.');
      const { message, code } = await load(install({ [here]: Buffer.from(text, 'latin1') }));
      assert.match(message, /GLIBC_9\.\d+' not found .*; this system's glibc is older than the one that it needs;/);
      assert.equal(code, 'ERR_DLOPEN_FAILED');
    },
  );

  test('a copy of arkffi without the platform’s file is not complete', async () => {
    const { message, code, cause } = await load(install({}));
    assert.match(
      message,
      new RegExp(`: prebuilds/${here}/liblibrary\\.node is not there: this copy of arkffi is not complete;`),
    );
    assert.equal(code, 'MODULE_NOT_FOUND');
    assert.equal(cause, 'MODULE_NOT_FOUND');
  });

  test('a platform for which there is no build', async () => {
    const before = "Object.defineProperty(process, 'platform', { value: 'freebsd' });";
    const { message, code } = await load(install(), { before });
    assert.equal(code, 'ERR_FFI_NOT_SUPPORTED');
    assert.match(
      message,
      new RegExp(`cannot be loaded on freebsd-${process.arch}: there is no build for it, only for `),
    );
    for (const platform of PLATFORMS) assert.ok(message.includes(platform));
    assert.match(message, /; docs\/install\.md says what is known of building one on this system$/);
    const { message: onWindows } = await load(install(), { before: before.replace('freebsd', 'win32') });
    assert.match(
      onWindows,
      /is not there: this copy of arkffi is not complete; docs\/install\.md says|there is no build for it, /,
    );
    assert.doesNotMatch(onWindows, /npx arkffi build/);
  });

  test('a file for another processor, on macOS', async () => {
    const before = `Object.defineProperty(process, 'platform', { value: 'darwin' });
      Object.defineProperty(process, 'arch', { value: 'arm64' });`;
    // The first bytes of a library for macOS on x64, and of one for an unknown processor.
    const file = (machine) => Buffer.from(`cffaedfe${machine}0300000008000000${'00'.repeat(48)}`, 'hex');
    const { message } = await load(install({ 'darwin-arm64': file('07000001') }), { before });
    assert.match(message, /: prebuilds\/darwin-arm64\/liblibrary\.node is made for x64, and this is arm64;/);
    const { message: unknown } = await load(install({ 'darwin-arm64': file('ffffff01') }), { before });
    assert.match(unknown, /: prebuilds\/darwin-arm64\/liblibrary\.node does not load: /);
  });

  test('each platform has an entry point of its own', () => {
    const { exports, typesVersions } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    for (const platform of PLATFORMS) {
      const pattern = platform.replace(/-.*/, '-*');
      assert.ok(`./${pattern}` in exports, `package.json, exports: ./${pattern}`);
      assert.ok(pattern in typesVersions['*'], `package.json, typesVersions: ${pattern}`);
    }
  });

  test('the documents name each platform', () => {
    for (const page of ['install', 'bundling']) {
      const text = readFileSync(new URL(`../../docs/${page}.md`, import.meta.url), 'utf8');
      for (const platform of PLATFORMS) assert.ok(text.includes(platform), `docs/${page}.md: ${platform}`);
    }
  });

  test('32-bit and big-endian processors are refused in words', async () => {
    const cases = {
      arm: '64-bit processor, and arm has 32 bits',
      s390x: 'little-endian processor, and s390x is big-endian',
    };
    for (const [arch, words] of Object.entries(cases)) {
      const before = `Object.defineProperty(process, 'arch', { value: '${arch}' });`;
      const { message, code } = await load(install(), { before });
      assert.equal(code, 'ERR_FFI_NOT_SUPPORTED');
      assert.ok(message.startsWith(`arkffi needs a ${words}`), message);
    }
  });

  test('a wrong ARKFFI_NATIVE_MODULE', async () => {
    const folder = install();
    const pipe = join(folder, 'pipe.node'); // the system's loader would wait for its other end
    execFileSync('mkfifo', [pipe]);
    const library = join(folder, 'liblibrary.so'); // hosts would run it as JavaScript
    copyFileSync(own, library);
    const older = join(folder, 'older.node');
    const other = version.replace(/\d/, '9');
    writeFileSync(older, bytes.toString('latin1').replace(`\0${version}\0`, `\0${other}\0`), 'latin1');
    const rebuilt = join(folder, 'rebuilt.node');
    writeFileSync(rebuilt, bytes.toString('latin1').replace(`\0${contract}\0`, `\0${'0'.repeat(16)}\0`), 'latin1');
    const cases = [
      [join(scratch, 'nowhere.node'), 'does not exist', 'MODULE_NOT_FOUND'],
      [join(own, 'x'), 'does not exist', 'MODULE_NOT_FOUND'],
      [join(folder, 'prebuilds'), 'is a folder', 'MODULE_NOT_FOUND'],
      [join(folder, 'dist/library.cjs'), 'is not a native module', 'ERR_DLOPEN_FAILED'],
      [library, 'has a name that does not end in .node, by which native modules are known', 'ERR_DLOPEN_FAILED'],
      [older, `belongs to arkffi ${other}, and this is arkffi ${version}`, 'ERR_FFI_LIBRARY_NOT_FOUND'],
      [rebuilt, `belongs to another build of arkffi ${version} than this JavaScript`, 'ERR_FFI_LIBRARY_NOT_FOUND'],
      [pipe, 'is no regular file', 'ERR_DLOPEN_FAILED'],
    ];
    for (const [path, fault, wanted] of cases) {
      const { message, code } = await load(folder, { env: { ARKFFI_NATIVE_MODULE: path } });
      // The program has chosen the file, so that building another one is no help.
      assert.ok(message?.endsWith(`: ARKFFI_NATIVE_MODULE names ${path}: it ${fault}`), `${path}: ${message}`);
      if (wanted) assert.equal(code, wanted);
    }
  });

  test('Node.js with --permission', async () => {
    const isNew = process.allowedNodeEnvironmentFlags.has('--permission');
    const flags = [isNew ? '--permission' : '--experimental-permission', '--allow-fs-read=*'];
    const { message, code } = await load(install(), { flags });
    assert.equal(code, 'ERR_DLOPEN_DISABLED');
    assert.match(message, /[^.]; Node\.js needs --allow-addons with --permission$/);
    assert.ok((await load(install(), { flags: [...flags, '--allow-addons'] })).engine);
  });

  test('Node.js with --no-addons', async () => {
    const { message, code } = await load(install(), { flags: ['--no-addons'] });
    assert.equal(code, 'ERR_DLOPEN_DISABLED');
    assert.match(message, /[^.]; Node\.js was started with --no-addons$/);
  });
});

/** Why file systems cannot be mounted here; false if they can. */
const cannotMount =
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', scratch]).status !== 0 &&
  'only a user who may mount file systems can run it';

describe('file systems', { skip: skip || cannotMount }, () => {
  /** Loads a copy whose folder is mounted again with an option, in a namespace of its own. */
  function loadMounted(option) {
    const folder = install();
    const text = `try { console.log(require(${JSON.stringify(join(folder, 'dist/index.cjs'))}).ffi.engine); } catch (e) { console.log(e.message); }`;
    const commands = 'mount --bind "$0" "$0" && mount -o remount,bind,"$1" "$0" && exec "$2" -e "$3"';
    return spawnSync('unshare', ['--mount', 'sh', '-c', commands, folder, option, process.execPath, text], {
      encoding: 'utf8',
      env: { ...process.env, ARKFFI_NATIVE_MODULE: '' },
    });
  }

  test('noexec', () => {
    const { stdout, stderr } = loadMounted('noexec');
    assert.match(
      stdout,
      /is on a file system that is mounted with noexec \(.*\), from which no code may run\n$/,
      stderr,
    );
  });

  test('read-only', () => assert.match(loadMounted('ro').stdout, /^(v8|portable|napi)\n$/));
});

/** Makes the system refuse memory for code in this process: a filter of system calls (seccomp), set by arkffi itself. */
const refuseCode = `
  const { dlopen, JSCallback, ffi, ptr } = require(${JSON.stringify(join(dist, 'index.cjs'))});
  const { prctl, abs } = dlopen(null, {
    prctl: { args: ['int', 'ulong', 'pointer', 'ulong', 'ulong'], returns: 'int' },
    abs: { args: ['int'], returns: 'int' },
  }).symbols;
  const [mmap, mprotect] = process.arch === 'x64' ? [9, 10] : [222, 226];
  const [load, equal, hasBits, answer] = [0x20, 0x15, 0x45, 0x06];
  const [protection, executable, refuse, allow] = [32, 4, 0x5000d, 0x7fff0000];
  const program = [
    [load, 0, 0, 0],
    [equal, 1, 0, mmap],
    [equal, 0, 2, mprotect],
    [load, 0, 0, protection],
    [hasBits, 1, 0, executable],
    [answer, 0, 0, allow],
    [answer, 0, 0, refuse],
  ];
  const code = Buffer.alloc(program.length * 8);
  program.forEach(([what, yes, no, value], i) => {
    code.writeUInt16LE(what, i * 8);
    code[i * 8 + 2] = yes;
    code[i * 8 + 3] = no;
    code.writeUInt32LE(value, i * 8 + 4);
  });
  const whole = Buffer.alloc(16);
  whole.writeUInt16LE(program.length);
  whole.writeBigUInt64LE(BigInt(ptr(code)), 8);
  if (prctl(38, 1, null, 0, 0) !== 0) throw new Error('PR_SET_NO_NEW_PRIVS');
  const isRefused = prctl(22, 2, whole, 0, 0) === 0;`;

describe('no executable memory', { skip }, () => {
  const report = `
    const isDone = (run) => { try { run(); return true; } catch ({ code }) { return code; } };
    const callback = () => new JSCallback((a) => a + 1, { args: ['int'], returns: 'int' });
    const made = [];
    for (let i = 0; i < 5000 && made.at(-1) !== 'ERR_FFI_NO_MEMORY'; i++) made.push(isDone(callback));
    console.log(JSON.stringify({ isRefused, abs: abs(-5), made: [...new Set(made)], engine: ffi.engine }));`;

  test('calls work, and a callback works or is an error', async (context) => {
    const { stdout } = exited(
      await node(['--jitless', '-e', `${refuseCode}${report}`], { env: { ARKFFI_ENGINE: '' } }),
    );
    const { isRefused, abs, made, engine } = JSON.parse(stdout);
    // The reason is the text.
    if (!isRefused) return context.skip('this system has no filters of system calls');
    assert.equal(abs, 5);
    assert.notEqual(engine, 'v8');
    assert.ok(
      made.every((one) => one === true || one === 'ERR_FFI_NO_MEMORY'),
      made.join(),
    );
  });

  test('an import on another thread', async () => {
    const text = `${refuseCode}
      const inside = \`const { ffi, dlopen } = require(${JSON.stringify(join(dist, 'index.cjs'))});
        const { abs } = dlopen(null, { abs: { args: ['int'], returns: 'int' } }).symbols;
        console.log(ffi.engine !== 'v8', abs(-7));\`;
      new (require('worker_threads').Worker)(inside, { eval: true });`;
    assert.equal(exited(await node(['--jitless', '-e', text])).stdout, 'true 7\n');
  });

  test('a file of which no code may be mapped', async () => {
    const folder = install();
    const text = `${refuseCode}
      try { require(${JSON.stringify(join(folder, 'dist/index.cjs'))}) } catch ({ message }) { console.log(isRefused, message); }`;
    const { stdout } = exited(await node(['--jitless', '-e', text], { env: { ARKFFI_NATIVE_MODULE: '' } }));
    assert.match(stdout, /^false|\(the system refuses memory for code\)/);
  });
});

describe('Electron', { skip }, () => {
  const before = "Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '40.0.0' } });";

  test('a library in app.asar is opened in app.asar.unpacked', async () => {
    const library = `const { dlopen } = require(${JSON.stringify(join(dist, 'index.cjs'))});
      for (const path of ['/no/app.asar/a.so', new URL('file:///no/app.asar/a.so'), '/no/app.asar.unpacked/a.so'])
        try { dlopen(path, {}) } catch ({ message }) { console.log(message.includes('/no/app.asar.unpacked/a.so')); }`;
    assert.equal(exited(await node(['-e', `${before}${library}`])).stdout, 'true\n'.repeat(3));
    assert.equal(exited(await node(['-e', library])).stdout, 'false\nfalse\ntrue\n');
  });
});
