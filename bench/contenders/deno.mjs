// Deno's own FFI, run by Deno: its `nonblocking` calls.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { target } from '../paths.mjs';

export const name = 'Deno';
export const isPeer = true;

export function command(script) {
  const found = createRequire(import.meta.url).resolve('@deno/linux-x64-glibc/package.json');
  return [join(dirname(found), 'deno'), 'run', '--no-config', '--allow-all', script];
}

export async function open() {
  const { symbols } = Deno.dlopen(target, {
    addNow: { name: 'add', parameters: ['f64', 'f64'], result: 'f64' },
    add: { parameters: ['f64', 'f64'], result: 'f64', nonblocking: true },
    sleep_ms: { parameters: ['i32'], result: 'i32', nonblocking: true },
  });
  return { version: Deno.version.deno, addNow: symbols.addNow, add: symbols.add, sleep: symbols.sleep_ms };
}
