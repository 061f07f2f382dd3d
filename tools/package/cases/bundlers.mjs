// Bundlers, and programs that are a single file. The options here are those of docs/bundling.md.
import { chmodSync, copyFileSync, readFileSync, rmSync } from 'node:fs';
import { here } from '../pack.mjs';
import { hosts, isThere, node, ownTool, program, tool } from '../case.mjs';

const entry = `arkffi/${here}`;

/** Makes a bundle in `out/`, and runs it where arkffi is installed no more. */
function bundles(name, { files, build, run = 'out/a.cjs', isInSome = false, keeps = false }) {
  return {
    name,
    isInSome,
    async run(it) {
      if (name.startsWith('bun ') && !isThere('bun')) return 'Bun could not be installed';
      await it.install();
      it.write(files);
      await build(it);
      if (!keeps) rmSync(it.path('node_modules'), { recursive: true });
      if (run) await it.calls(node, [run]);
    },
  };
}

const esbuild = ownTool('esbuild/bin/esbuild');
const esbuildArgs = ['--bundle', '--platform=node', '--loader:.node=copy'];
const banner =
  "--banner:js=import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** For Rollup, Rolldown and Vite: the plugin of docs/bundling.md. */
const page = readFileSync(new URL('../../../docs/bundling.md', import.meta.url), 'utf8');
const plugin = /```js\n([^]*?)```/.exec(page)[1];

const webpackConfig = (rules) => `module.exports = {
  mode: 'production', target: 'node', entry: './a.cjs',
  output: { path: __dirname + '/out', filename: 'a.cjs' },
  module: { rules: ${rules} },
};`;

const seaConfig = { main: 'out/a.cjs', output: 'sea.blob', disableExperimentalSEAWarning: true };

export const bundlers = [
  bundles('esbuild, cjs', {
    isInSome: true,
    files: { 'a.cjs': program.cjs() },
    build: (it) => it.run(esbuild, ['a.cjs', ...esbuildArgs, '--outfile=out/a.cjs']),
  }),
  bundles('esbuild, cjs, one platform, minified', {
    files: { 'a.cjs': program.cjs(entry) },
    build: (it) => it.run(esbuild, ['a.cjs', ...esbuildArgs, '--minify', '--outfile=out/a.cjs']),
  }),
  bundles('esbuild, cjs, all files loaded at once', {
    files: { 'a.cjs': program.cjs('arkffi/preload') },
    build: (it) => it.run(esbuild, ['a.cjs', ...esbuildArgs, '--outfile=out/a.cjs']),
  }),
  bundles('esbuild, esm', {
    isInSome: true,
    files: { 'a.mjs': program.esm() },
    build: (it) => it.run(esbuild, ['a.mjs', ...esbuildArgs, '--format=esm', banner, '--outfile=out/a.mjs']),
    run: 'out/a.mjs',
  }),
  bundles('esbuild, external', {
    files: { 'a.mjs': program.esm() },
    build: (it) =>
      it.run(esbuild, ['a.mjs', '--bundle', '--platform=node', '--external:arkffi', '--outfile=out/a.cjs']),
    keeps: true,
  }),
  {
    name: 'esbuild without the option says which loader is missing',
    async run(it) {
      await it.install();
      it.write({ 'a.cjs': program.cjs() });
      const printed = await it.run(esbuild, ['a.cjs', '--bundle', '--platform=node', '--outfile=a.js'], {
        mayFail: true,
      });
      it.expect(printed, /No loader is configured for "\.node" files/);
    },
  },
  bundles('rollup, external', {
    files: { 'a.mjs': program.esm() },
    build: (it) => it.node([tool('rollup/dist/bin/rollup'), 'a.mjs', '--external=arkffi', '--file=out/a.mjs']),
    run: 'out/a.mjs',
    keeps: true,
  }),
  bundles('rollup, one platform, with a plugin', {
    files: {
      'plugin.mjs': plugin,
      'a.mjs': program.esm(entry),
      'rollup.config.mjs': `import commonjs from '${tool('@rollup/plugin-commonjs/dist/es/index.js')}';
        import { nodeResolve } from '${tool('@rollup/plugin-node-resolve/dist/es/index.js')}';
        import { nativeModules } from './plugin.mjs';
        const plugins = [nativeModules, nodeResolve({ preferBuiltins: true }), commonjs()];
        export default { input: 'a.mjs', output: { file: 'out/a.mjs' }, plugins };`,
    },
    build: (it) => it.node([tool('rollup/dist/bin/rollup'), '--config']),
    run: 'out/a.mjs',
  }),
  bundles('rolldown, external', {
    files: { 'a.mjs': program.esm() },
    build: (it) =>
      it.node([tool('rolldown/bin/cli.mjs'), 'a.mjs', '--platform=node', '--external=arkffi', '--file=out/a.mjs']),
    run: 'out/a.mjs',
    keeps: true,
  }),
  bundles('rolldown, one platform, with a plugin', {
    files: {
      'plugin.mjs': plugin,
      'a.mjs': program.esm(entry),
      'rolldown.config.mjs': `import { nativeModules } from './plugin.mjs';
        export default { input: 'a.mjs', platform: 'node', output: { file: 'out/a.mjs' }, plugins: [nativeModules] };`,
    },
    build: (it) => it.node([tool('rolldown/bin/cli.mjs'), '--config', 'rolldown.config.mjs']),
    run: 'out/a.mjs',
  }),
  bundles('vite build --ssr', {
    files: { 'a.mjs': program.esm() },
    build: (it) => it.node([tool('vite/bin/vite.js'), 'build', '--ssr', 'a.mjs', '--outDir=out']),
    run: 'out/a.mjs',
    keeps: true,
  }),
  bundles('vite build --ssr, noExternal, one platform, with a plugin', {
    files: {
      'plugin.mjs': plugin,
      'a.mjs': program.esm(entry),
      'vite.config.mjs': `import { nativeModules } from './plugin.mjs';
        const plugins = [{ ...nativeModules, enforce: 'pre' }];
        export default { plugins, ssr: { noExternal: ['arkffi'] }, build: { ssrEmitAssets: true } };`,
    },
    build: (it) => it.node([tool('vite/bin/vite.js'), 'build', '--ssr', 'a.mjs', '--outDir=out']),
    run: 'out/a.mjs',
  }),
  bundles('webpack, with node-loader', {
    files: {
      'a.cjs': program.cjs(),
      'webpack.config.cjs': webpackConfig(`[{ test: /\\.node$/, loader: '${tool('node-loader')}' }]`),
    },
    build: (it) => it.node([tool('webpack/bin/webpack.js'), '--config', 'webpack.config.cjs']),
  }),
  bundles('ncc', {
    files: { 'a.cjs': program.cjs() },
    build: (it) => it.node([tool('@vercel/ncc/dist/ncc/cli.js'), 'build', 'a.cjs', '-o', 'out']),
    run: 'out/index.cjs',
  }),
  bundles('bun build', {
    files: { 'a.mjs': program.esm() },
    async build(it) {
      await it.run(hosts.bun.file, ['build', 'a.mjs', '--target=bun', '--outdir=out']);
      rmSync(it.path('node_modules'), { recursive: true });
      await it.calls(hosts.bun.file, ['out/a.js']);
    },
    run: null,
    keeps: true,
  }),
  bundles('bun build --compile', {
    files: { 'a.mjs': program.esm() },
    async build(it) {
      await it.run(hosts.bun.file, ['build', 'a.mjs', '--compile', '--outfile=program']);
      rmSync(it.path('node_modules'), { recursive: true });
      await it.calls(it.path('program'), []);
    },
    run: null,
    keeps: true,
  }),
  {
    name: 'single executable of Node.js 24',
    async run(it) {
      if (!isThere('node24')) return 'Node.js 24 could not be installed';
      await it.install();
      it.write({ 'a.cjs': program.cjs(entry), 'sea.json': seaConfig });
      await it.run(esbuild, ['a.cjs', '--bundle', '--platform=node', '--external:*.node', '--outfile=out/a.cjs']);
      await it.node(['--experimental-sea-config', 'sea.json']);
      copyFileSync(node, it.path('program'));
      chmodSync(it.path('program'), 0o755);
      const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
      await it.node([tool('postject/dist/cli.js'), 'program', 'NODE_SEA_BLOB', 'sea.blob', '--sentinel-fuse', fuse]);
      copyFileSync(it.path(`node_modules/arkffi/prebuilds/${here}/liblibrary.node`), it.path('liblibrary.node'));
      rmSync(it.path('node_modules'), { recursive: true });
      await it.calls(it.path('program'), []);
      rmSync(it.path('liblibrary.node'));
      const failed = await it.run(it.path('program'), [], { mayFail: true });
      it.expect(failed, /a single executable needs liblibrary\.node beside it/);
    },
  },
];
