// What the package has in it, and what happens where it is not complete. test/process/native-module.test.mjs has what arkffi
// says about each kind of broken file.
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfSources, recordSources } from '../../prebuilds/sources.mjs';
import { here } from '../pack.mjs';
import { PLATFORMS, prebuildOf } from '../platforms.mjs';
import { program } from '../case.mjs';

export const faults = [
  {
    name: 'what is in the package',
    isInSome: true,
    run(it) {
      const { files } = it.packed;
      const complain = (fault, list) => {
        if (list.length) throw new Error(`${fault}: ${list.join(', ')}`);
      };
      const needed = [
        'LICENSE',
        'README.md',
        'THIRD-PARTY-NOTICES.md',
        'bin/arkffi.mjs',
        'include/node-api/node_api.h',
      ];
      complain(
        'not in the package',
        [...needed, ...PLATFORMS.map(prebuildOf)].filter((path) => !files.includes(path)),
      );
      const natives = files.filter((path) => /\.(node|so|a|o|dll|dylib)(\.|$)/.test(path));
      complain(
        'compiled, and no prebuild',
        natives.filter((path) => !PLATFORMS.map(prebuildOf).includes(path)),
      );
      complain(
        'of no use to users',
        files.filter((path) => /^(test|bench|tools|build|node_modules)\/|\/test\/|\.tgz$/.test(path)),
      );
      const { scripts } = JSON.parse(readFileSync(join(it.packed.stage, 'package.json'), 'utf8'));
      complain(
        'run when the package is installed',
        ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => scripts[name]),
      );
    },
  },
  {
    name: 'npm pack refuses an incomplete set',
    async run(it) {
      cpSync(it.packed.stage, it.path('stage'), { recursive: true });
      const pack = () => it.run('npm', ['pack', '--dry-run'], { cwd: it.path('stage'), mayFail: true });
      for (const [remove, words] of [
        [prebuildOf('linux-arm64-musl'), /prebuilds\/linux-arm64-musl\/liblibrary\.node is not there/],
        ['dist/library.cjs', /dist\/library\.cjs is not there/],
      ]) {
        rmSync(it.path(`stage/${remove}`));
        const printed = await pack();
        it.expect(printed, /The package is not complete/);
        it.expect(printed, words);
      }
      const own = `${prebuildOf(here)} was not made from these sources`;
      recordSources(it.path('stage'), here, hashOfSources(it.path('stage')));
      if ((await pack()).includes(own)) throw new Error('npm pack refuses a native module of these sources');
      it.write({ 'stage/bridge/env/env.c': '/* changed */' });
      it.expect(await pack(), new RegExp(own));
      cpSync(it.path(`stage/${prebuildOf('linux-x64-glibc')}`), it.path(`stage/${prebuildOf('linux-arm64-musl')}`));
      it.expect(await pack(), /linux-arm64-musl\/liblibrary\.node is not made for arm64/);
    },
  },
  {
    name: 'a package without the file of the platform',
    async run(it) {
      await it.install();
      it.write({ 'a.cjs': program.cjs() });
      rmSync(it.path(`node_modules/arkffi/${prebuildOf(here)}`));
      const printed = await it.node(['a.cjs'], { mayFail: true });
      it.expect(printed, /is not there: this copy of arkffi is not complete; `npx arkffi build`/);
      it.expect(printed, /code: 'MODULE_NOT_FOUND'/);
    },
  },
];
