// Libraries that the program contains as well, such as libuv in Node.js.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { exited, isSanitized, output, run } from './support.mjs';

const folder = dirname(process.env.ARKFFI_FIXTURE);
const preloaded = { LD_PRELOAD: join(folder, 'libarkffi_failing.so') };
const skip = isSanitized && 'sanitizers forbid RTLD_DEEPBIND';

for (const name of ['libuv.so.1', 'libz.so.1', 'libcurl.so.4']) {
  test(`the system's ${name} is opened, called and closed, and the process goes on`, { skip }, async () =>
    assert.match(await output('replaced', 'open', [name]), /^\d[\w. ]*\n0\n$/),
  );
}

test('a warning says that a library of the program cannot be opened deep, unless deep: false is given', async () => {
  const { stdout, stderr } = exited(await run('replaced', 'status', [''], { env: isSanitized ? {} : preloaded }));
  assert.equal(stdout, '1\n');
  assert.match(stderr, /^arkffi: \S+homonym\.so: this program has a function napi_get_version of its own,.*\n$/);
  const quiet = exited(await run('replaced', 'status', ['shallow'], { env: isSanitized ? {} : preloaded }));
  assert.deepEqual([quiet.stdout, quiet.stderr], ['1\n', '']);
});
