// Reports of what another thread did wrong, in programs that end the process themselves.
// test/behaviour/reports-at-the-end.test.mjs has those that do not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exited, run } from './support.mjs';

const error = 'ERR_FFI_WRONG_THREAD: callback: C called the callback from another thread; create it as threadsafe';
const notice = `arkffi: not raised, because the program has ended: ${error}\n`;

for (const [when, left] of [
  ['now', 2],
  ['beforeExit', 2],
  ['uncaughtException', 1], // the listener ends the process when it gets the first of two reports
]) {
  test(`process.exit leaves reports to the standard error: ${when}`, async () => {
    const { stdout, stderr } = exited(await run('reports', 'exits', [when, 'twice']), 3);
    assert.equal(stderr, notice.repeat(left));
    assert.equal(stdout, '');
  });
}

// Node.js prints nothing of an uncaught exception if a listener of 'exit' ends the process.
test("a listener of 'exit' that ends the process once more decides on the exit code", async () => {
  const { stderr } = exited(await run('reports', 'exits', ['exit', 'twice']), 3);
  assert.equal(stderr, notice);
});

test("a report in a listener of 'exit' is left to the standard error", async () => {
  const { stderr } = exited(await run('reports', 'whileExiting', ['ownThread']));
  assert.equal(stderr, notice);
});

test('without a listener the first report ends the process, and the others are not lost', async () => {
  const { stderr } = exited(await run('reports', 'uncaught', ['twice']), 1);
  assert.ok(stderr.startsWith(notice), stderr);
  assert.match(stderr, /Error: callback: C called .*\n[^]*code: 'ERR_FFI_WRONG_THREAD'/);
});
