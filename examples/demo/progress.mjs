// A long C function on a worker thread that reports its progress and can be stopped. ../progress is a separate program.
import { dlopen, JSCallback } from 'arkffi';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progressBar } from '../progress/bar.mjs';
import { check, show } from './report.mjs';

export const title = 'Progress: C on a worker thread calls JavaScript';
export const shows = 'The SHA-256 of a 64 MB file. The result of the callback may stop the work.';

const MB = 2 ** 20;
const SIZE = 64 * MB;

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'arkffi-demo-'));
  try {
    const file = join(folder, 'bytes');
    writeFileSync(file, Buffer.alloc(SIZE, 'All work and no play. '));
    await hash(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function hash(file) {
  const lib = dlopen('libffi_target.so', {
    hash_file: { args: ['cstring', 'buffer', 'callback'], returns: 'int64' },
  });
  const { hash_file } = lib.symbols;
  const types = { args: ['int64', 'int64'], returns: 'int', threadsafe: true };
  const digits = Buffer.alloc(65);

  let ticks = 0;
  let reports = 0;
  const timer = setInterval(() => ticks++, 5);
  const bar = progressBar(process.stdout, '  ');
  const draw = new JSCallback((done, total) => {
    reports++;
    bar.draw(done, total, `${ticks} ticks of a timer`);
    if (done === total) bar.end();
    return 0;
  }, types);
  const hashed = await show(
    () => hash_file.async(file, digits, draw),
    (bytes, ms) => `${bytes} bytes in ${ms.toFixed(0)} ms, ${reports} calls of draw`,
  );
  const ticksMeanwhile = ticks;
  clearInterval(timer);

  const stopAtHalf = new JSCallback((done, total) => (done >= total / 2 ? 1 : 0), types);
  const half = await show(() => hash_file.async(file, Buffer.alloc(65), stopAtHalf));

  const expected = createHash('sha256').update(readFileSync(file)).digest('hex');
  check('the hash is that of node:crypto', digits.toString('latin1', 0, 64) === expected && hashed === SIZE);
  check('C reported each hundredth while the event loop went on', reports >= 90 && ticksMeanwhile >= 5);
  check('a result of 1 ended the work at half', half >= SIZE / 2 && half < SIZE / 2 + 2 * MB);

  draw.close();
  stopAtHalf.close();
  lib.close();
}
