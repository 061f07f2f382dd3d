// Prints which of arkffi's files are loaded, and what the functions look like that load them.
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';

const require = createRequire(import.meta.url);
const arkffi = require('arkffi');

const programs = {
  nothing: () => undefined,
  struct: () => arkffi.Struct({ x: 'i' }).create({ x: 1 }),
  declarations: () => arkffi.parseDeclarations('int abs(int);'),
};

export function loadedBy(program) {
  programs[program]();
  const files = Object.keys(require.cache).filter((file) => basename(dirname(file)) === 'library');
  console.log(JSON.stringify(files.map((file) => basename(file))));
}

export function trace() {
  try {
    (function program() {
      arkffi.Struct({});
    })();
  } catch ({ stack }) {
    console.log(/^ *at (\w+)/m.exec(stack)[1]);
  }
}

export function shapes() {
  const functions = [arkffi.cdef, arkffi.enumType, arkffi.parseDeclarations, arkffi.pointerTo, arkffi.readText];
  console.log(functions.map(({ name, length }) => `${name} ${length}`).join(', '));
}
