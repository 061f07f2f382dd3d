// Runs programs in processes of their own, so that a crash, a hang, an exit code or an uncaught exception shows.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isSanitized } from '../sanitized.mjs';

// A process of its own is as cold however often it is started: the warmed run would add nothing but time.
if (process.env.ARKFFI_WARM) process.exit();

const folder = new URL('programs/', import.meta.url);
const main = fileURLToPath(new URL('main.mjs', folder));

export { isSanitized };

/** A process that has not ended by then hangs. Longer than any needs, also on a slow machine under a sanitizer. */
const PATIENCE = isSanitized ? 240_000 : 60_000;

/**
 * Runs node with `argv` until it ends. It inherits the environment, so that a sanitizer watches it too; `env` is added
 * to that. `onOutput` is called with all of its standard output so far, and the child process; `onError` likewise with its
 * standard error. Its standard input is empty, unless it is to be kept open.
 */
export async function node(argv, { env = {}, onOutput, onError, keepInput = false } = {}) {
  const child = spawn(process.execPath, argv, { env: { ...process.env, ...env }, cwd: fileURLToPath(folder) });
  let [stdout, stderr, hung] = ['', '', false];
  if (!keepInput) child.stdin.end();
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    onOutput?.(stdout, child);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
    onError?.(stderr, child);
  });
  const patience = setTimeout(() => (hung = child.kill('SIGKILL')), PATIENCE);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (...how) => resolve(how));
  });
  clearTimeout(patience);
  return { code, signal, stdout, stderr, hung };
}

/** The arguments of node for an exported function of a file in programs/, with those arguments as strings. */
export const program = (file, name, args = []) => [main, file, name, ...args.map(String)];

/** Runs such a function. `flags` are node's. */
export function run(file, name, args = [], { flags = [], env } = {}) {
  return node([...flags, ...program(file, name, args)], { env });
}

/** That a process ended by itself, with that exit code. */
export function exited(result, code = 0) {
  const { stdout, stderr, signal, hung } = result;
  const said = `\n--- stdout:\n${stdout}\n--- stderr:\n${stderr}`;
  assert.equal(hung, false, `it hangs${said}`);
  assert.equal(signal, null, `it was killed by ${signal}${said}`);
  assert.equal(result.code, code, `it exited with ${result.code}, not ${code}${said}`);
  return result;
}

/** Runs a program that must end well, and what it printed. */
export async function output(file, name, args, options) {
  return exited(await run(file, name, args, options)).stdout;
}
