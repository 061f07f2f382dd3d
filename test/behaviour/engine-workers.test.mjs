// The engine in use in several threads at once, and in workers that end in the middle of calls that are made often. Has a
// file of its own, because a crash would end the process.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { dlopen } from 'arkffi';
import { copiesInFlight } from './hosts.mjs';
import { Gate, ownFixture } from './lifetimes.mjs';

const OFTEN = 3000;

const definitions = {
  echo_i32: { args: ['i'], returns: 'i' },
  gate_echo_f64: { args: ['p', 'd'], returns: 'd' },
  buffer_sum: { args: ['p', 'L'], returns: 'L' },
};

/** A worker that runs the statements, which have the functions `s`, `send` and the message `given`. */
async function start(path, statements, given) {
  const source = `
    import { parentPort } from 'node:worker_threads';
    import { dlopen } from ${JSON.stringify(import.meta.resolve('arkffi'))};
    const s = dlopen(${JSON.stringify(path)}, ${JSON.stringify(definitions)}).symbols;
    const send = (message) => parentPort.postMessage(message);
    parentPort.once('message', (given) => { ${statements} });
    send('ready');`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
  const next = () => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await next();
  const answer = next();
  worker.postMessage(given);
  return { worker, answer };
}

/** Calls each function often; the sum of what they return. */
const work = `(s) => {
  let sum = 0;
  const bytes = Uint8Array.of(1, 2, 3);
  for (let i = 0; i < ${OFTEN}; i++) sum += s.echo_i32(i) + s.buffer_sum(bytes, 3);
  return sum;
}`;
const expected = (OFTEN * (OFTEN - 1)) / 2 + 6 * OFTEN;
const workHere = new Function(`return ${work}`)();

test('threads that call the same functions at the same time get their own results', async () => {
  const path = ownFixture();
  const { symbols, close } = dlopen(path, definitions);
  const workers = await Promise.all([1, 2, 3].map(() => start(path, `send((${work})(s))`)));
  assert.equal(workHere(symbols), expected);
  assert.deepEqual(await Promise.all(workers.map(({ answer }) => answer)), [expected, expected, expected]);
  await Promise.all(workers.map(({ worker }) => worker.terminate()));
  assert.equal(workHere(symbols), expected);
  close();
});

test('a worker is terminated while it calls without end', async () => {
  const path = ownFixture();
  const { symbols, close } = dlopen(path, definitions);
  for (let i = 0; i < 5; i++) {
    const { worker, answer } = await start(path, `for (let i = 0; ; i++) { (${work})(s); if (i === 2) send(1); }`);
    await answer;
    assert.equal(workHere(symbols), expected);
    await worker.terminate();
  }
  assert.equal(workHere(symbols), expected);
  close();
});

test('a worker is terminated while C runs in a call of a function that was called often', async () => {
  const path = ownFixture();
  for (let i = 0; i < 3; i++) {
    const [opened, closed] = [new Gate(), new Gate()];
    opened.open();
    const { worker } = await start(
      path,
      `for (let i = 0; i < ${OFTEN}; i++) s.gate_echo_f64(given.opened, i);
       s.gate_echo_f64(given.closed, 0.5);`,
      { opened: opened.ptr, closed: closed.ptr },
    );
    await closed.reached();
    const ended = worker.terminate();
    closed.open();
    await ended;
    // Deno says that a worker has ended before its thread has left C.
    if (!copiesInFlight) [opened, closed].forEach((gate) => gate.free());
  }
});
