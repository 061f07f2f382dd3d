// arkffi in contexts of node:vm, which have an Error, a Promise and so on of their own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { output } from './support.mjs';

describe('what arkffi makes belongs to the context in which it is evaluated', () => {
  for (const engine of ['', 'portable', 'napi']) {
    for (const when of ['early', 'late']) {
      const title = `${when === 'late' ? 'after' : 'before'} the main context${engine && `, engine ${engine}`}`;
      test(title, async () =>
        assert.equal(await output('realms', 'belongs', [when], { env: { ARKFFI_ENGINE: engine } }), 'well\n'),
      );
    }
  }
});
