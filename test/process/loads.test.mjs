// arkffi loaded more than once in a process, and C that comes back to JavaScript by other ways than arkffi's callbacks.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { output } from './support.mjs';

const flags = ['--expose-gc'];
const engines = ['', 'portable', 'napi'];
const nameOf = (engine) => (engine === '' ? '' : `, engine ${engine}`);
const well = async (name, args, engine = '') =>
  assert.equal(await output('loads', name, args, { flags, env: { ARKFFI_ENGINE: engine } }), 'well\n');

const ways = {
  evaluateAgain: 'evaluated again over the same native module',
  loadAgain: 'whose native module is loaded again',
  loadCopy: 'installed twice',
};

for (const [way, title] of Object.entries(ways)) {
  describe(`arkffi ${title}`, () => {
    for (const engine of engines) {
      test(`both instances work${nameOf(engine)}`, () => well('both', [way], engine));
    }

    test('optimised functions of one call callbacks of the other', () => well('callbacks', [way]));
  });
}

describe('a native module that calls JavaScript from C', () => {
  for (const when of ['before', 'after', 'late']) {
    test(`optimised functions call back through it; it is loaded ${when}`, () => well('addon', [when]));
  }

  for (const engine of engines) {
    test(`it may call callbacks of arkffi in a call of arkffi${nameOf(engine)}`, () => well('between', [], engine));
  }

  test('the function that loads it seems unchanged', () => well('replaced', []));
});

test('optimised calls of functions of the host may turn the event loop', () => well('loop', []));
