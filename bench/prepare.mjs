// Prepares a measurement: installs what package.json names, once, into bench/node_modules, and compiles the library
// that all contenders call and the hand-written addon. Runtimes that cannot be installed are left out.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addon, built, library, root, sqlite } from './paths.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Installs and compiles everything; returns one line where something could not be installed. */
export function prepare() {
  compile();
  const problem = install();
  compileSqlite();
  return problem;
}

/** Compiles what contenders call, and the addon. */
export function compile() {
  mkdirSync(built, { recursive: true });
  const shared = ['-O2', '-std=c11', '-shared', '-fPIC'];
  const source = join(here, 'measured.c');
  execFileSync('cc', [...shared, '-o', library, source]);
  const headers = [`-I${join(root, 'node_modules/node-api-headers/include')}`, `-I${here}`];
  execFileSync('cc', [...shared, ...headers, '-o', addon, join(here, 'contenders/addon.c'), source]);
}

/**
 * Compiles the SQLite that better-sqlite3 contains, once for each of its versions. It is optimised alike, but has the options of
 * Node's own SQLite where these cost time: threads may share a connection, so that each call locks.
 */
function compileSqlite() {
  const sources = join(here, 'node_modules/better-sqlite3/deps/sqlite3');
  const stamp = `${sqlite}.h`;
  const header = existsSync(sources) ? readFileSync(join(sources, 'sqlite3.h'), 'utf8') : undefined;
  if (!header || (existsSync(stamp) && readFileSync(stamp, 'utf8') === header)) return;
  const options = ['-DSQLITE_THREADSAFE=1', '-DSQLITE_DEFAULT_MEMSTATUS=0', '-DSQLITE_DQS=0'];
  execFileSync('cc', ['-O3', '-shared', '-fPIC', '-w', ...options, '-o', sqlite, join(sources, 'sqlite3.c'), '-lm']);
  writeFileSync(stamp, header);
}

/** Installs what the package.json of a folder names; returns one line where something could not be installed. */
export function install(folder = here) {
  const stamp = join(folder, 'node_modules/.arkffi-setup');
  const wanted = ['package.json', 'package-lock.json'].map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  const argv = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status, stderr, error } = spawnSync('npm', argv, { cwd: folder, encoding: 'utf8' });
  if (status === 0) writeFileSync(stamp, wanted);
  return status === 0 ? undefined : `npm: ${firstLine(stderr || String(error))}`;
}

export const firstLine = (text) => text.trim().split('\n')[0];
