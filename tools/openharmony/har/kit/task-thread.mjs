// A thread of the task pool in arkts.mjs.
import { parentPort } from 'node:worker_threads';

parentPort.on('message', async ({ module, name, args }) => {
  try {
    const { [`concurrent_${name}`]: task } = await import(module);
    parentPort.postMessage({ result: await task(...args) });
  } catch (error) {
    parentPort.postMessage({ error });
  }
});
