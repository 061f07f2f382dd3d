// The C compiler of the platform that the tests run on, for tests that compare arkffi with it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emulator } from './hosts.mjs';

/** Whether libraries beside those of the compiler are missing, since the machine has only those of its own processor. */
export const hasNoOthers = emulator.length > 0 && 'the libraries of this machine are for another processor';

// The sanitizer that may be preloaded is not for them.
const run = (program, args, input) =>
  execFileSync(program, args, { input, encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, LD_PRELOAD: '' } });

/** Where tools/platforms/compile-service.mjs compiles, because no compiler can be started from here. */
const service = process.env.ARKFFI_COMPILE_SERVICE;
let requests = 0;

function ask(compiler, args, input = '') {
  const name = `${process.pid}-${++requests}`;
  const written = join(service, `${name}.part`);
  writeFileSync(written, JSON.stringify({ compiler, args, input }));
  renameSync(written, join(service, `${name}.json`));
  const answer = join(service, `${name}.answer.json`);
  const clock = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(answer)) Atomics.wait(clock, 0, 0, 20);
  const { status, stdout, stderr } = JSON.parse(readFileSync(answer, 'utf8'));
  rmSync(answer);
  if (status !== 0) throw new Error(`the compiler exited with ${status}: ${stderr}`);
  return stdout;
}

/**
 * Runs the compiler, and returns what it printed. It is the one that has the headers of the platform, or `cc`, the one whose
 * structs arkffi's are compared with.
 */
export const compile = (args, input, compiler = 'gcc') =>
  service ? ask(compiler, args, input) : run(compiler, args, input);

/** Runs a program that the compiler has made, and returns what it printed. */
export function runProgram(program) {
  const [command, ...args] = [...emulator, program];
  return run(command, args);
}
