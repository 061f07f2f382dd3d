// Runs programs in processes of their own, so that crashes, hangs, exit codes and uncaught exceptions can be tested.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSanitized } from '../sanitized.mjs';

// A separate process is always cold, so the warmed run would only take time.
if (process.env.ARKFFI_WARM) process.exit();

const folder = new URL('programs/', import.meta.url);
const main = fileURLToPath(new URL('main.mjs', folder));

export { isSanitized };

/**
 * Why tools/watch.mjs has ended the process, if it hung; otherwise undefined. Without the runner of tools/test.mjs no
 * process is ended.
 */
function hangOf(pid) {
  const record = join(process.env.ARKFFI_HUNG ?? '/nowhere', String(pid));
  return existsSync(record) ? readFileSync(record, 'utf8') : undefined;
}

/**
 * Runs node with `argv` until it ends. The process inherits the environment, including a preloaded sanitizer, and `env`
 * is added to it. `onOutput` is called with the whole standard output so far and the child process, and `onError` with
 * the whole standard error. The standard input is empty, unless `keepInput` keeps it open.
 */
export async function node(argv, { env = {}, onOutput, onError, keepInput = false } = {}) {
  const child = spawn(process.execPath, argv, { env: { ...process.env, ...env }, cwd: fileURLToPath(folder) });
  let [stdout, stderr] = ['', ''];
  if (!keepInput) child.stdin.end();
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    onOutput?.(stdout, child);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
    onError?.(stderr, child);
  });
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (...how) => resolve(how));
  });
  return { code, signal, stdout, stderr, hung: hangOf(child.pid) };
}

/** The arguments of node that run an exported function of a file in programs/; `args` are passed to it as strings. */
export const program = (file, name, args = []) => [main, file, name, ...args.map(String)];

/** Runs an exported function of a file in programs/. `flags` are those of node. */
export function run(file, name, args = [], { flags = [], env } = {}) {
  return node([...flags, ...program(file, name, args)], { env });
}

/** Asserts that a process ended by itself with that exit code. */
export function exited(result, code = 0) {
  const { stdout, stderr, signal, hung } = result;
  const outputs = `\n--- stdout:\n${stdout}\n--- stderr:\n${stderr}`;
  assert.equal(hung, undefined, `the process hangs: ${hung}${outputs}`);
  assert.equal(signal, null, `the process was killed by ${signal}${outputs}`);
  assert.equal(result.code, code, `the process exited with ${result.code}, not ${code}${outputs}`);
  return result;
}

/**
 * The standard error of a process that opens libraries which the program contains as well. A sanitizer replaces malloc,
 * so that they cannot be opened deep and a warning says so.
 */
export const withoutWarnings = (stderr) =>
  isSanitized
    ? stderr.replace(/^arkffi: \S+: this program has a function .* cannot be opened deep .*\n/gm, '')
    : stderr;

/** Runs a program that must exit with code 0, and returns what it printed. */
export async function output(file, name, args, options) {
  return exited(await run(file, name, args, options)).stdout;
}
