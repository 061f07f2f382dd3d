// The benchmark's own contenders, those that are not a package of somebody else: every row of theirs can be measured. The
// rows compare what C gives with what it should give.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compile } from '../../bench/prepare.mjs';
import { exited, isSanitized, node } from './support.mjs';

const bench = new URL('../../bench/', import.meta.url);
const child = fileURLToPath(new URL('child.mjs', bench));
const SUITES = ['calls', 'structs', 'async', 'resources']; // jobs compare packages
const OWN = ['arkffi', 'bare', 'addon', 'elements', 'promise'];

const adapterOf = (id) => id.split('@')[0];

describe('the benchmark', { skip: isSanitized && 'measures memory and time' }, () => {
  before(() => compile());

  for (const suite of SUITES) {
    test(`measures all rows of ${suite}`, async () => {
      const { rows, contenders } = await import(`../../bench/rows/${suite}.mjs`);
      const own = OWN.filter((adapter) => contenders.some((id) => adapterOf(id) === adapter));
      assert.ok(own.includes('arkffi'));
      for (const adapter of own) {
        const { cannot = {} } = await import(`../../bench/contenders/${adapter}.mjs`);
        for (const { name, v8Flags = [], columns } of rows.filter(({ name }) => !cannot[name])) {
          const { stdout } = exited(await node([...v8Flags, child, suite, name, adapter]));
          const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
          const { failure, samples } = Object.assign({}, ...lines.map((line) => JSON.parse(line)));
          assert.equal(failure, undefined, `${name} of ${adapter}`);
          assert.ok(samples.length > 0 || adapter !== 'arkffi', `${name} has samples`); // others lack what some measure
          for (const sample of samples) assert.equal(sample.length, columns.length, `${name} of ${adapter}`);
        }
      }
    });
  }
});
