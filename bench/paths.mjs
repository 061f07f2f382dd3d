// The paths that the benchmark uses.
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
/** The folder for results and other files that are not kept in the repository. */
export const built = `${root}build/bench`;
/** The library that all contenders call: measured.c, compiled by prepare.mjs. */
export const library = `${built}/library.so`;
/** The SQLite that the FFI libraries call: the sources of better-sqlite3's, compiled by prepare.mjs. */
export const sqlite = `${built}/sqlite.so`;
/** The hand-written addon: contenders/addon.c, compiled by prepare.mjs. */
export const addon = `${built}/addon.node`;
