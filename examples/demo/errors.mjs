// Typical mistakes: every error has a code, and its message says where the error is and what was expected.
import { dlopen, Struct } from 'arkffi';
import { check, showError } from './report.mjs';

export const title = 'Errors: what typical mistakes look like';
export const shows = 'A typo, a number that does not fit, a call after close: errors, not crashes.';

export async function run() {
  const mistyped = showError(() => dlopen('libffi_target.so', { getVersoin: { returns: 'cstring' } }));

  const Colour = Struct({ red: 'uint8_t', green: 'uint8_t', blue: 'uint8_t' }, { name: 'Colour' });
  const tooLarge = showError(() => Colour.create({ red: 300 }));

  const lib = dlopen('libffi_target.so', { add: { args: ['double', 'double'], returns: 'double' } });
  lib.close();
  const tooLate = showError(() => lib.symbols.add(2, 3));

  const codes = [mistyped, tooLarge, tooLate].map(({ code }) => code);
  const expected = ['ERR_FFI_SYMBOL_NOT_FOUND', 'ERR_FFI_OUT_OF_RANGE', 'ERR_FFI_LIBRARY_CLOSED'];
  check('each is the error that was expected', `${codes}` === `${expected}`);
}
