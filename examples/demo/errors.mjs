// What a mistake looks like: every error has a code, and says where it is and what would have been right.
import { dlopen, Struct } from 'arkffi';
import { check, showError } from './report.mjs';

export const title = 'Mistakes, as you meet them';
export const shows = 'A mistyped name, a number that does not fit, and a call too late: errors, never a crash.';

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
