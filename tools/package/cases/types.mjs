// TypeScript, and what checks a package's declarations.
import { readFileSync } from 'node:fs';
import { here } from '../pack.mjs';
import { node, ownTool, tool } from '../case.mjs';

const text = `import arkffi, { dlopen, Struct, type FfiError } from 'arkffi';
import * as platform from 'arkffi/${here}';
import preloaded, * as preload from 'arkffi/preload';
const { symbols } = dlopen(null, { strlen: { args: ['cstring'], returns: 'size_t' } });
const length: number | bigint = symbols.strlen('text');
const point = Struct({ x: 'i', y: 'd' });
const y: number = point.create({ x: 1, y: 2 }).y;
const handle: bigint = arkffi.load(null);
const others: (typeof dlopen)[] = [platform.dlopen, preload.dlopen];
export const all = [length, y, handle, others, preloaded.load, undefined as FfiError | undefined];
// @ts-expect-error a boolean is no string
symbols.strlen(true);
`;

/** One of each thing whose type the compiler infers: it declares their types if the package exports all that they are made of. */
const inferred = readFileSync(new URL('../../../test/declarations/exports.ts', import.meta.url), 'utf8');

function compiles(name, compiler, options, { isInSome = false, type = 'commonjs' } = {}) {
  return {
    name: `TypeScript, ${name}`,
    isInSome,
    async run(it) {
      await it.install();
      it.write({
        'package.json': { private: true, type },
        'a.ts': text,
        'exports.ts': inferred,
        'tsconfig.json': {
          compilerOptions: {
            ...{
              strict: true,
              declaration: true,
              outDir: 'out',
              skipLibCheck: false,
              types: [],
              lib: ['es2020'],
              target: 'es2020',
            },
            ...{ esModuleInterop: true, ...options },
          },
          files: ['a.ts', 'exports.ts'],
        },
      });
      await it.run(node, [compiler, '-p', '.']);
    },
  };
}

const five = tool('typescript-5.9/lib/tsc.js');
const seven = ownTool('typescript/bin/tsc');

export const types = [
  compiles('node10', five, { module: 'commonjs', moduleResolution: 'node10' }),
  compiles('node16', five, { module: 'node16' }, { type: 'module' }),
  compiles('node20', five, { module: 'node20' }, { type: 'module' }),
  compiles('nodenext', five, { module: 'nodenext' }),
  compiles('bundler', five, { module: 'esnext', moduleResolution: 'bundler' }),
  compiles('7, nodenext', seven, { module: 'nodenext' }, { type: 'module', isInSome: true }),
  {
    name: 'publint',
    isInSome: true,
    async run(it) {
      const printed = await it.run(node, [tool('publint/src/cli.js'), it.tarball, '--strict']);
      it.expect(printed, /All good/);
    },
  },
  {
    name: 'attw (are the types wrong)',
    async run(it) {
      await it.run(node, [tool('@arethetypeswrong/cli/dist/index.js'), it.tarball]);
    },
  },
];
