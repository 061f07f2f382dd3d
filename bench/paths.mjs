// Where things are.
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
/** What is made here and not kept. */
export const built = `${root}build/bench`;
/** The library that all call. */
export const target = `${root}dist/libffi_target.so`;
