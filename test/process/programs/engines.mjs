// What ARKFFI_ENGINE does, which is read once in a process.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Prints the engine in use and a sum by it, or the code and the message of what the import throws. */
export async function sum() {
  try {
    const { dlopen, ffi } = require('arkffi');
    const { symbols } = dlopen('libffi_target.so', { add: { args: ['d', 'd'], returns: 'd' } });
    console.log(`${ffi.engine} ${symbols.add(2, 3)}`);
  } catch ({ code, message }) {
    console.log(`${code} ${message}`);
  }
}
