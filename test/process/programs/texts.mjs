// Text that is longer than V8's strings can be. The C library has it in 1 MB of memory, which is mapped many times.
import assert from 'node:assert/strict';
import { CString, dlopen, ffi } from 'arkffi';
import { path } from './fixture.mjs';

export function longest() {
  const longestAs = (returns) => dlopen(path, { string_longest: { returns } }).symbols.string_longest;
  const address = longestAs('pointer')();
  assert.ok(address > 0);
  const tooLong = (function_) => ({
    name: 'RangeError',
    code: 'ERR_FFI_OUT_OF_RANGE',
    message: `${function_}: the text has 536870912 units, which is more than a string of this JavaScript engine can have`,
  });
  const asText = longestAs('cstring');
  for (let i = 0; i < 2; i++) assert.throws(() => asText(), tooLong('string_longest'));
  assert.throws(() => ffi.readCString(address), tooLong('readCString'));
  assert.throws(() => ffi.readCString(address, 2 ** 29), tooLong('readCString'));
  assert.throws(() => String(new CString(address)), { code: 'ERR_FFI_OUT_OF_RANGE' });
  assert.equal(ffi.readCString(address, 2 ** 20).length, 2 ** 20);
  console.log('well');
}
