// https://github.com/WiseLibs/better-sqlite3: SQLite as an addon, for the jobs with SQLite only.

export const name = 'better-sqlite3';
export const isPeer = true;
export const notes = {};

const OTHER_JOBS = ['checksum', 'compress', 'hash', 'sort', 'hypot'];
export const cannot = Object.fromEntries(OTHER_JOBS.map((row) => [row, 'is for SQLite only']));

export async function load() {
  return (await import('better-sqlite3')).default;
}

export async function version() {
  return (await import('../node_modules/better-sqlite3/package.json', { with: { type: 'json' } })).default.version;
}
