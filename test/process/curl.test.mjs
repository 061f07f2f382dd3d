// Runs the example of libcurl as a user does. tools/setup.sh installs the library.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exited, node, withoutWarnings } from './support.mjs';

const main = fileURLToPath(new URL('../../examples/curl/main.mjs', import.meta.url));

test('the libcurl example fetches, posts, fetches four files at once, and reports a failure', async () => {
  const { stdout, stderr } = exited(await node([main]));
  const [hello, echo, large, failure, ...rest] = stdout.split('\n');
  assert.equal(hello, 'GET /hello: 200, text/plain; charset=utf-8: Grüße von node:http');
  assert.equal(echo, 'POST /echo: 200, text/echo: posted by libcurl');
  assert.equal(large, 'GET /large, four at once: 5000000 bytes each, all as sent');
  assert.match(failure, /^GET \/nothing: .*error/);
  assert.deepEqual(rest, ['']);
  assert.equal(withoutWarnings(stderr), '');
});
