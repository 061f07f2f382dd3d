// Hostile arguments to every function end in an error with a code, or in a right value: test/fuzz/hostile.mjs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as arkffi from 'arkffi';
import { exported, noConstructors, noFunctions, raw } from './hostile/targets.mjs';
import { fuzz } from './support.mjs';

test('every function of the package and of the raw bridge is attacked', () => {
  assert.deepEqual(
    Object.keys({ ...arkffi }).sort(),
    [...Object.keys(exported), ...noConstructors, ...noFunctions].sort(),
  );
  // The functions of the native module that only the package itself calls are no part of the API.
  const declared = readFileSync(new URL('../../ts/src/host/bridge.ts', import.meta.url), 'utf8');
  const [body] = /(?<=interface RawBridge \{)[^]*?(?=\n\})/.exec(declared);
  const names = [...body.matchAll(/^  (\w+)(?:<[^>]*>)?\(/gm)].map(([, name]) => name);
  assert.deepEqual(Object.keys(raw).sort(), names.sort());
});

fuzz('hostile.mjs', { seeds: [1, 1], steps: [8000, 2000] });
