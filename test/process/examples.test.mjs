// Runs the examples of the C library and of zlib's stream as a user does.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exited, node } from './support.mjs';

const example = (name) => fileURLToPath(new URL(`../../examples/${name}/main.mjs`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'arkffi-test-'));
after(() => rmSync(folder, { recursive: true }));

test('the libc example reports the same file status, time and address as Node.js', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'x'.repeat(12_345), { mode: 0o640 });
  const { size, mode, mtimeNs } = statSync(file, { bigint: true });
  const before = Date.now();
  const { stdout, stderr } = exited(await node([example('libc'), file]));
  assert.equal(stderr, '');
  const [stat, time, names] = stdout.trimEnd().split('\n');
  const [seconds, fraction] = [mtimeNs / 10n ** 9n, String(mtimeNs % 10n ** 9n).padStart(9, '0')];
  assert.equal(stat, `stat: ${size} bytes, mode ${mode.toString(8)}, changed ${seconds}.${fraction}`);
  const now = 1000 * Number(/^gettimeofday: (\d+\.\d{6})$/.exec(time)[1]);
  assert.ok(now >= before - 1 && now <= Date.now() + 1, time);
  assert.equal(names, 'getaddrinfo: 127.0.0.1:8080');
});

test('the libc example reports errno for a missing file', async () => {
  const { stderr } = exited(await node([example('libc'), join(folder, 'none')]), 1);
  assert.match(stderr, /none: errno is 2\n$/);
});

test('the zlib example compresses a file in pieces, with memory that JavaScript allocates', async () => {
  const file = join(folder, 'large');
  writeFileSync(file, Array.from({ length: 50_000 }, (_, i) => `line ${(i * 7919) % 50_021}\n`).join(''));
  for (const argv of [[], [file]]) {
    const { stdout, stderr } = exited(await node([example('zlib-stream'), ...argv]));
    if (stdout.startsWith('skipped: ')) continue;
    assert.match(
      stdout,
      /^zlib asked JavaScript for \d{6} bytes\n(\d+) bytes became \d+\nnode:zlib decompresses it to the same bytes\n$/,
    );
    assert.equal(stderr, '');
  }
});
