// Hosts, and ways in which programs load modules.
import { execFileSync } from 'node:child_process';
import { here } from '../pack.mjs';
import { hosts, isThere, node, program } from '../case.mjs';

const onHost = (name, args = []) => ({
  name: `on ${hosts[name].title}`,
  isInSome: name === 'node20',
  async run(it) {
    if (!isThere(name)) return 'this host could not be installed';
    await it.install();
    it.write({ 'a.cjs': program.cjs(), 'b.mjs': program.esm() });
    for (const file of ['a.cjs', 'b.mjs']) await it.calls(hosts[name].file, [...args, file]);
    it.write({ 'a.cjs': program.cjs('arkffi/preload'), 'b.mjs': program.esm('arkffi/preload') });
    for (const file of ['a.cjs', 'b.mjs']) await it.calls(hosts[name].file, [...args, file]);
  },
});

const workers = `
import { Worker, isMainThread } from 'node:worker_threads';
import { dlopen, ffi } from 'arkffi';
const { strlen } = dlopen(null, { strlen: { args: ['cstring'], returns: 'size_t' } }).symbols;
if (isMainThread) {
  const threads = [1, 2, 3].map(() => new Worker(new URL(import.meta.url)));
  await Promise.all(threads.map((one) => new Promise((resolve, reject) => one.on('exit', resolve).on('error', reject))));
  console.log('first call', strlen('naïve'), await strlen.async('four'), ffi.engine);
} else if (strlen('naïve') !== 6 || (await strlen.async('four')) !== 4) throw new Error('wrong');
`;

const oneInstance = `
import { createRequire } from 'node:module';
import all, { dlopen, ffi } from 'arkffi';
import * as entry from 'arkffi/${here}';
import * as preload from 'arkffi/preload';
const require = createRequire(import.meta.url);
const instances = [require('arkffi'), require('arkffi/${here}'), require('arkffi/preload')];
instances.push(all, entry, entry.default, preload, preload.default);
if (instances.some((one) => one.dlopen !== dlopen) || all !== ffi || entry.default !== ffi) throw new Error('two instances');
if (require('arkffi').default !== ffi || Object.keys(all).includes('dlopen')) throw new Error('wrong default export');
if (import.meta.resolve('arkffi/package.json') === '') throw new Error('no package.json');
const { strlen } = dlopen(null, { strlen: { args: ['cstring'], returns: 'size_t' } }).symbols;
console.log('first call', strlen('naïve'), await strlen.async('four'), ffi.engine);
`;

export const programs = [
  onHost('node20'),
  onHost('node22'),
  onHost('node24'),
  onHost('node26'),
  onHost('bun'),
  onHost('deno', ['run', '--quiet', '--allow-ffi']),
  {
    name: 'import, require and the entry point of the platform are one instance',
    isInSome: true,
    async run(it) {
      await it.install();
      it.write({ 'a.mjs': oneInstance });
      await it.calls(node, ['a.mjs']);
      if (isThere('bun')) await it.calls(hosts.bun.file, ['a.mjs']);
    },
  },
  {
    name: 'worker threads',
    isInSome: true,
    async run(it) {
      await it.install();
      it.write({ 'a.mjs': workers });
      await it.calls(node, ['a.mjs']);
    },
  },
  {
    name: 'node --permission --allow-addons',
    isInSome: true,
    async run(it) {
      await it.install();
      it.write({ 'a.cjs': program.cjs() });
      // The node that runs the case may be another than this one.
      const asked = ['-p', "process.allowedNodeEnvironmentFlags.has('--permission')"];
      const isStable = execFileSync(node, asked, { encoding: 'utf8' }).trim() === 'true';
      const option = isStable ? '--permission' : '--experimental-permission';
      await it.calls(node, [option, '--allow-addons', `--allow-fs-read=${it.folder}`, 'a.cjs']);
    },
  },
  {
    name: 'two versions in one process',
    async run(it) {
      await it.install();
      it.write({ 'other/package.json': { private: true, name: 'other' } });
      await it.run('npm', ['install', it.tarball, '--no-audit', '--no-fund', '--no-save'], { cwd: it.path('other') });
      it.write({
        'other/index.cjs': `module.exports = require('arkffi');`,
        'a.cjs': `const [one, two] = [require('arkffi'), require('./other/index.cjs')];
          if (one === two) throw new Error('one instance');
          const of = ({ dlopen }) => dlopen(null, { strlen: { args: ['cstring'], returns: 'size_t' } }).symbols.strlen;
          const calls = [of(one), of(two)];
          for (let i = 0; i < 20000; i++) for (const call of calls) if (call('naïve') !== 6) throw new Error('wrong');
          calls[1].async('four').then((n) => console.log('first call', calls[0]('naïve'), n, two.ffi.engine));`,
      });
      await it.calls(node, ['a.cjs']);
    },
  },
  {
    name: 'npx arkffi build',
    async run(it) {
      await it.install();
      it.write({ 'a.cjs': program.cjs() });
      await it.run('rm', ['-r', 'node_modules/arkffi/prebuilds']);
      const failed = await it.node(['a.cjs'], { mayFail: true });
      it.expect(failed, /this copy of arkffi is not complete; `npx arkffi build`/);
      it.expect(await it.run('npx', ['arkffi', 'build']), /arkffi: built .*dist\/liblibrary\.node/);
      await it.calls(node, ['a.cjs']);
    },
  },
];
