// What Node.js itself has for the jobs of rows/jobs.mjs: its modules in C++, and JavaScript.

export const name = "Node's own";
export const isPeer = true;
export const notes = {
  jobs:
    "Node's own modules use the SQLite, zlib and OpenSSL that Node.js contains, the FFI libraries the SQLite of " +
    'better-sqlite3 and the zlib and OpenSSL of the system',
};
export const cannot = {};

/** node:sqlite is not in every version. */
const optional = (name) => import(name).catch(() => undefined);

export async function load() {
  const [crypto, zlib] = await Promise.all([import('node:crypto'), import('node:zlib')]);
  return { crypto, zlib, sqlite: await optional('node:sqlite') };
}

export const version = () => process.versions.node;
