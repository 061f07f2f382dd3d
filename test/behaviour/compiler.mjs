// The C compiler of the platform that the tests run on, for tests that compare arkffi with it.
import { execFileSync } from 'node:child_process';
import { emulator } from './hosts.mjs';

/** Whether libraries beside those of the compiler are missing, since the machine has only those of its own processor. */
export const hasNoOthers = emulator.length > 0 && 'the libraries of this machine are for another processor';

// The sanitizer that may be preloaded is not for them.
const run = (program, args, input) =>
  execFileSync(program, args, { input, encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, LD_PRELOAD: '' } });

/** Runs the compiler, and returns what it printed. */
export const compile = (args, input) => run('gcc', args, input);

/** Runs a program that the compiler has made, and returns what it printed. */
export function runProgram(program) {
  const [command, ...args] = [...emulator, program];
  return run(command, args);
}
