// What one writes by hand: a Node-API addon with one napi_async_work for each call.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { built, root } from '../paths.mjs';

export const name = 'addon';

const binary = join(built, 'addon.node');

/** Runs once, before anything is measured. */
export function prepare() {
  const source = fileURLToPath(new URL('addon.c', import.meta.url));
  const headers = join(root, 'node_modules/node-api-headers/include');
  mkdirSync(built, { recursive: true });
  execFileSync('cc', ['-O2', '-shared', '-fPIC', `-I${headers}`, '-o', binary, source]);
}

export async function open() {
  const { add, sleep } = createRequire(import.meta.url)(binary);
  return { version: 'one work per call', add, sleep };
}
