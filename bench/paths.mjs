// Where things are.
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
/** What is made here and not kept. */
export const built = `${root}build/bench`;
/** The library that all call: library.c, made by prepare.mjs. */
export const library = `${built}/library.so`;
/** The hand-written addon: contenders/addon.c, made by prepare.mjs. */
export const addon = `${built}/addon.node`;
