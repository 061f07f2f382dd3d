// Callbacks whose C addresses are in the native module: where no memory can be made executable, and where the program's
// environment asks for them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSanitized, output } from './support.mjs';

const COUNT = 4096;
const QUARANTINE = 256; // closed ones that keep their addresses however many are open
const message = `all ${COUNT} callbacks that a process can have without executable memory are open: close some`;

const refusing = (name) => ({
  env: { LD_PRELOAD: process.env.ARKFFI_FIXTURE.replace('_fixture.so', `_${name}.so`), ARKFFI_CLOSURES: '' },
});

const ways = {
  // With MALLOC_PERTURB_ glibc overwrites memory that is freed.
  'that ARKFFI_CLOSURES asks for': { env: { ARKFFI_CLOSURES: 'static', MALLOC_PERTURB_: '165' } },
  'where the system lets arkffi make no memory executable': refusing('noexec'),
  'where the system lets no memory be made executable': { ...refusing('noexec_everywhere'), flags: ['--jitless'] },
};

for (const [way, options] of Object.entries(ways)) {
  const skip = isSanitized && options.env.LD_PRELOAD && 'a sanitizer must be loaded first';
  const run = (name) => output('static-callbacks', name, [], options);

  describe(`callbacks ${way}`, { skip }, () => {
    test('are used up with an error that says what to do', async () =>
      assert.equal(
        await run('used'),
        `${COUNT} ERR_FFI_NO_MEMORY ${message}\n${COUNT} ${COUNT + 1}\nERR_FFI_NO_MEMORY\nfalse false 42\nERR_FFI_NO_MEMORY\n`,
      ));

    test('keep the address of a closed one until all others have been used', async () =>
      assert.equal(await run('reused'), `${COUNT + QUARANTINE - 1} 7\n`));

    test('keep the address of a closed one for some time although nearly all are open', async () =>
      assert.equal(await run('reusedAmongMany'), `${QUARANTINE} true\n`));

    test('are given back when the function or the library is closed that took a plain function', async () =>
      assert.equal(
        await run('closedFunctions'),
        ['library', 'functionAtAnAddress', 'variant', 'whileItRuns', 'libraryWhileItRuns', 'async']
          .map((way) => `${way} ERR_FFI_CALLBACK_CLOSED\n`)
          .join(''),
      ));

    test('are shared by the threads of the process', async () =>
      assert.equal(await run('workers'), `${COUNT}\n${COUNT}\n`));

    test('stay in memory while a thread waits for them, though they are closed and others have their addresses', async () =>
      assert.equal(await run('closedWhileAwaited'), 'done\n'));

    test('give the result of one that closes itself', async () =>
      assert.equal(await run('replaced'), '4 3 2 1 ERR_FFI_NO_MEMORY\nno error\n'));
  });
}
