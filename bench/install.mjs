// Installs what bench/package.json names, once, into bench/node_modules. What cannot be had is left out.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Gives one line where it failed. */
export function install() {
  const stamp = join(folder, 'node_modules/.arkffi-setup');
  const wanted = ['package.json', 'package-lock.json'].map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  const argv = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status, stderr, error } = spawnSync('npm', argv, { cwd: folder, encoding: 'utf8' });
  if (status === 0) writeFileSync(stamp, wanted);
  return status === 0 ? undefined : `npm: ${firstLine(stderr || String(error))}`;
}

export const firstLine = (text) => text.trim().split('\n')[0];
