// The package for OpenHarmony: what is in it, and that one which is not complete is not packed. The native modules are
// stand-ins here, which have the head of one.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { listOf, pack } from '../../tools/openharmony/har/archive.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
mkdirSync(join(root, 'build'), { recursive: true });
const folder = mkdtempSync(join(root, 'build/har-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const archive = join(folder, 'arkffi.har');
const libs = join(folder, 'libs');
const machines = { 'arm64-v8a': 183, x86_64: 62 };

/** A file with the head of a shared library for a processor. */
function standIn(machine, needed = 'libace_napi.z.so') {
  const head = Buffer.alloc(64);
  head.write('\x7fELF\x02\x01\x01', 'latin1');
  head.writeUInt16LE(3, 16);
  head.writeUInt16LE(machine, 18);
  head.writeUInt16LE(64, 58);
  return Buffer.concat([head, Buffer.from(`\0${needed}\0`)]);
}

function write(abi, bytes) {
  mkdirSync(join(libs, abi), { recursive: true });
  writeFileSync(join(libs, abi, 'liblibrary.so'), bytes);
}

function writeAll() {
  for (const [abi, machine] of Object.entries(machines)) write(abi, standIn(machine));
}

const below = (folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(join(root, folder).length + 1));

const examples = below('packages/ohos/examples').map((path) => `package/examples/${path}`);

/** The sources that are the same on every host, as paths in the HAR. */
const shared = below('ts/src')
  .filter((path) => path.endsWith('.ts') && !path.startsWith('host/') && path !== 'base/late_file.ts')
  .map((path) => `package/src/main/ets/${path}`);

describe('the archive', () => {
  test('has the files of a HAR, and no others', () => {
    writeAll();
    assert.deepEqual(pack(libs, archive), []);
    assert.deepEqual(
      listOf(archive).sort(),
      [
        'package/CHANGELOG.md',
        'package/Index.ets',
        'package/LICENSE',
        'package/README.md',
        'package/README.zh-CN.md',
        'package/consumer-rules.txt',
        ...examples,
        'package/libs/arm64-v8a/liblibrary.so',
        'package/libs/x86_64/liblibrary.so',
        'package/obfuscation.txt',
        'package/oh-package.json5',
        'package/src/main/cpp/types/liblibrary/Index.d.ts',
        'package/src/main/cpp/types/liblibrary/bridge.d.ts',
        'package/src/main/cpp/types/liblibrary/oh-package.json5',
        ...shared,
        'package/src/main/ets/host/bridge.ts',
        'package/src/main/ets/host/build.ts',
        'package/src/main/ets/host/calls.ts',
        'package/src/main/ets/host/host.ts',
        'package/src/main/ets/host/version.generated.ts',
        'package/src/main/module.json',
        'package/src/main/module.json5',
      ].sort(),
    );
  });

  test('is the same each time', () => {
    const first = readFileSync(archive);
    assert.deepEqual(pack(libs, archive), []);
    assert.ok(first.equals(readFileSync(archive)));
  });

  const textOf = (path) => execFileSync('tar', ['-xzOf', archive, `package/${path}`], { encoding: 'utf8' });

  test('loads the native module by its name, and no file of another host', () => {
    assert.match(textOf('src/main/ets/host/host.ts'), /^import library from 'liblibrary\.so';$/m);
    const sources = shared.map((path) => textOf(path.slice('package/'.length))).join('\n');
    assert.doesNotMatch(sources, /\brequire\(|\bprocess\.(env|versions|platform|arch|cwd|getBuiltinModule)|__dirname/);
    assert.doesNotMatch(sources, /@throws/);
  });

  test('keeps the names that cross a border from being obfuscated', () => {
    const rules = textOf('obfuscation.txt');
    assert.equal(rules, textOf('consumer-rules.txt'));
    const [, properties, globals] = /-keep-property-name\n([^]*)-keep-global-name\n([^]*)/.exec(rules);
    const kept = new Set(properties.split('\n'));
    for (const name of [
      ...['args', 'returns', 'ptr', 'threadsafe', 'callbacks', 'optional', 'errno', 'signal', 'timeout', 'threads'],
      ...['openLibrary', 'finishErrors', 'placeKey', 'callBySig', 'layoutOf', 'offsets', 'bits'],
      ...['symbols', 'create', 'fromPtr', 'func', 'asyncFunc', 'addressOf', 'close', 'code', 'double', 'int32_t'],
      ...['Nothing', 'Float', 'Bool'], // members of enums
    ]) {
      assert.ok(kept.has(name), name);
    }
    assert.ok(!kept.has('editDistance'));
    for (const name of ['dlopen', 'NativeLibrary', 'FFIType']) assert.ok(globals.split('\n').includes(name), name);
  });
});

describe('the source form', () => {
  const own = join(root, 'packages/ohos');
  const made = join(folder, 'sources');
  const command = [join(root, 'tools/openharmony/har.mjs'), 'sources', made];

  test('gets from the shared sources what git does not keep of it', () => {
    cpSync(own, made, { recursive: true });
    execFileSync(process.execPath, command, { env: { ...process.env, LD_PRELOAD: '' } });
    const ignored = readFileSync(join(own, '.gitignore'), 'utf8').split('# What ohpm')[0];
    const paths = ignored.split('\n').filter((line) => line.startsWith('/'));
    assert.ok(paths.length >= 5);
    for (const path of paths) assert.ok(existsSync(join(made, path)), path);
    assert.match(readFileSync(join(made, 'Index.ets'), 'utf8'), /'\.\/src\/main\/ets\/index'/);
    assert.ok(existsSync(join(made, 'src/main/ets/index.ts')));
  });

  test('has descriptions that can be read, and that name files which are there', () => {
    const read = (path) => JSON.parse(readFileSync(join(made, path), 'utf8'));
    for (const path of below('packages/ohos').filter((name) => name.endsWith('.json5'))) read(path);
    const { main, dependencies, nativeComponents } = read('oh-package.json5');
    const { externalNativeOptions, arkOptions } = read('build-profile.json5').buildOption;
    for (const path of [
      main,
      externalNativeOptions.path,
      ...arkOptions.obfuscation.consumerFiles,
      dependencies['liblibrary.so'].replace('file:', ''),
    ]) {
      assert.ok(existsSync(join(made, path)), path);
    }
    assert.deepEqual(
      nativeComponents.map(({ name }) => name),
      ['liblibrary.so'],
    );
    assert.deepEqual(externalNativeOptions.abiFilters, Object.keys(machines));
  });
});

describe('an incomplete package is not packed', () => {
  const refused = (message) => {
    const faults = pack(libs, archive);
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0], message);
    assert.ok(!existsSync(archive));
    writeAll();
  };

  test('one without a native module', () => {
    writeAll();
    rmSync(join(libs, 'x86_64/liblibrary.so'));
    refused(/^x86_64\/liblibrary\.so is not there: `make ohos` builds it$/);
  });

  test('one with a native module for another processor', () => {
    write('arm64-v8a', standIn(machines.x86_64));
    refused(/^arm64-v8a\/liblibrary\.so is for the processor with ELF's number 62$/);
  });

  test('one with a native module for another system', () => {
    write('x86_64', standIn(machines.x86_64, 'libc.so.6'));
    refused(/^x86_64\/liblibrary\.so is not linked against libace_napi\.z\.so/);
  });

  test('one with a file that is no native module, or only a part of one', () => {
    write('x86_64', Buffer.alloc(100));
    refused(/is not a 64-bit, little-endian ELF file/);
    const cut = standIn(machines.x86_64);
    cut.writeBigUInt64LE(100_000n, 40);
    write('x86_64', cut);
    refused(/is cut off/);
  });
});
