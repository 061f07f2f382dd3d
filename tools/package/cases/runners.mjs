// Test runners, which evaluate arkffi anew for each test file.
import { node, tool } from '../case.mjs';

const test = (load) => `${load}
test('a call', async () => {
  const { strlen } = dlopen(null, { strlen: { args: ['cstring'], returns: 'size_t' } }).symbols;
  for (let i = 0; i < 20000; i++) if (strlen('naïve') !== 6) throw new Error('wrong');
  expect(await strlen.async('four')).toBe(4);
  expect(() => strlen(1)).toThrow(TypeError);
  const sum = new JSCallback((a) => a + 1, { args: ['int'], returns: 'int' });
  expect(typeof sum.ptr).toBe('number');
  sum.close();
});
`;

const jest = (name, args, isInSome) => ({
  name,
  isInSome,
  async run(it) {
    await it.install();
    const file = test("const { dlopen, JSCallback } = require('arkffi');");
    it.write({ 'a.test.cjs': file, 'b.test.cjs': file, 'c.test.cjs': file });
    it.write({ 'jest.config.cjs': "module.exports = { testMatch: ['**/*.test.cjs'], transform: {} };" });
    const printed = await it.node([tool('jest/bin/jest.js'), ...args]);
    it.expect(printed, /Tests: +3 passed, 3 total/);
  },
});

/**
 * Runs vitest, again where its own `import()` fails, before a test runs: in its VM pools Node.js 20 may have collected the
 * script that says how to import.
 */
async function unlessVitestFails(run, times = 5) {
  try {
    return await run();
  } catch (error) {
    const isOwn = /importModuleDynamicallyCallback[^]*? setupCommonEnv .*vitest/;
    if (times === 1 || !isOwn.test(error.message)) throw error;
    return unlessVitestFails(run, times - 1);
  }
}

const vitest = (pool, isInSome = false) => ({
  name: `vitest, ${pool}`,
  isInSome,
  async run(it) {
    await it.install();
    const file = test("import { dlopen, JSCallback } from 'arkffi';");
    it.write({ 'a.test.mjs': file, 'b.test.mjs': file, 'c.test.mjs': file });
    const args = [tool('vitest/vitest.mjs'), 'run', '--globals', `--pool=${pool}`, '--maxWorkers=1'];
    it.expect(await unlessVitestFails(() => it.node(args)), /Tests +3 passed \(3\)/);
  },
});

export const runners = [
  jest('jest, three files', ['--maxWorkers=2']),
  jest('jest --runInBand, three files', ['--runInBand'], true),
  vitest('forks'),
  vitest('threads', true),
  vitest('vmForks'),
  vitest('vmThreads'),
];
