// A long C function on a worker thread that reports its progress: the SHA-256 of a large file. Run `make build` before.
//
//   node examples/progress/main.mjs [FILE]    without FILE, a file of 512 MB is made, and removed at the end
//
// The event loop continues to run, as the ticks of a timer show. Ctrl-C stops C at the next hundredth.
import { dlopen, JSCallback } from 'arkffi';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progressBar } from './bar.mjs';

const MB = 2 ** 20;
const INTERRUPTED = 130; // the exit code that shells expect after Ctrl-C: 128 + SIGINT

let [file] = process.argv.slice(2);
let folder;
if (!file) {
  folder = mkdtempSync(join(tmpdir(), 'arkffi-progress-'));
  file = join(folder, 'zeros');
  writeFileSync(file, '');
  truncateSync(file, 512 * MB); // a sparse file, which needs no space on the disk
}

const lib = dlopen('libffi_target.so', {
  hash_file: { args: ['cstring', 'buffer', 'callback'], returns: 'int64' },
});

let ticks = 0;
const timer = setInterval(() => ticks++, 10);

const stop = new AbortController();
process.once('SIGINT', () => stop.abort()); // a second Ctrl-C ends the process at once

// C calls this callback from the worker thread, which waits for the result. A result of 1 stops C.
const bar = progressBar();
const progress = new JSCallback(
  (done, total) => {
    bar.draw(done, total, `${(done / MB).toFixed(1)} of ${(total / MB).toFixed(1)} MB, ${ticks} ticks of a timer`);
    return stop.signal.aborted ? 1 : 0;
  },
  { args: ['int64', 'int64'], returns: 'int', threadsafe: true },
);

try {
  const digits = Buffer.alloc(65);
  const { value: done, errno } = await lib.symbols.hash_file.async.with({ errno: true })(file, digits, progress);
  bar.end();
  if (done < 0) {
    console.error(`${file} cannot be read: errno is ${errno}`);
    process.exitCode = 1;
  } else if (stop.signal.aborted) {
    console.error(`stopped after ${(done / MB).toFixed(0)} MB`);
    process.exitCode = INTERRUPTED;
  } else {
    console.log(`${digits.toString('latin1', 0, 64)}  ${file}`);
  }
} finally {
  clearInterval(timer);
  progress.close();
  lib.close();
  if (folder) rmSync(folder, { recursive: true });
}
