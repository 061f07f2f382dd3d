// Package managers.
import { hosts, isThere, node, program, tool } from '../case.mjs';

const FILES = { 'a.cjs': program.cjs(), 'b.mjs': program.esm() };

/** Runs both programs by Node.js. */
async function runBoth(it) {
  await it.calls(node, ['a.cjs']);
  await it.calls(node, ['b.mjs']);
}

/** A project that depends on the tarball. */
function project(it, more = {}) {
  it.write({ ...FILES, 'package.json': { private: true, dependencies: { arkffi: `file:${it.tarball}` }, ...more } });
}

const pnpm = tool('pnpm/bin/pnpm.mjs');
const classic = tool('yarn/bin/yarn.js');
const berry = tool('@yarnpkg/cli-dist/bin/yarn.js');

export const managers = [
  {
    name: 'npm install',
    isInSome: true,
    async run(it) {
      await it.install();
      it.write(FILES);
      await runBoth(it);
    },
  },
  {
    name: 'npm ci --ignore-scripts --omit=optional',
    async run(it) {
      project(it);
      await it.npm('install', '--package-lock-only');
      await it.npm('ci', '--ignore-scripts', '--omit=optional');
      await runBoth(it);
    },
  },
  {
    name: 'pnpm install',
    isInSome: true,
    async run(it) {
      project(it);
      await it.run(node, [pnpm, 'install', `--store-dir=${it.path('store')}`]);
      await runBoth(it);
    },
  },
  {
    name: 'yarn 1 install',
    async run(it) {
      project(it);
      await it.run(node, [classic, 'install', '--no-progress', `--cache-folder=${it.path('cache')}`]);
      await runBoth(it);
    },
  },
  {
    name: 'yarn PnP',
    async run(it) {
      project(it);
      it.write({
        'yarn.lock': '',
        '.yarnrc.yml': 'nodeLinker: pnp\nenableGlobalCache: false\nenableTelemetry: false\n',
      });
      await it.run(node, [berry, 'install', '--no-immutable']);
      await it.calls(node, ['--require', './.pnp.cjs', 'a.cjs']);
      await it.calls(node, ['--require', './.pnp.cjs', '--loader', './.pnp.loader.mjs', 'b.mjs']);
    },
  },
  {
    name: 'bun install',
    async run(it) {
      if (!isThere('bun')) return 'Bun could not be installed';
      project(it);
      await it.run(hosts.bun.file, ['install', `--cache-dir=${it.path('cache')}`]);
      await runBoth(it);
      await it.calls(hosts.bun.file, ['b.mjs']);
    },
  },
  {
    name: 'deno install',
    async run(it) {
      if (!isThere('deno')) return 'Deno could not be installed';
      // Deno installs no tarballs, so it takes the unpacked package from a folder.
      await it.run('tar', ['-xzf', it.tarball]);
      it.write({ ...FILES, 'deno.json': { nodeModulesDir: 'manual' }, 'package.json': { private: true } });
      await it.npm('install', './package', '--install-links');
      await it.calls(hosts.deno.file, ['run', '--quiet', '--allow-ffi', 'b.mjs']);
    },
  },
];
