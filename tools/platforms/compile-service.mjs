// Compiles for tests that run in Windows' world, from which no program of Linux can be started. They ask by files in a folder:
// `test/behaviour/compiler.mjs` writes N.json, with the compiler, its arguments and its standard input, and waits for
// N.answer.json.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const INTERVAL = 20; // milliseconds between two looks

/** A path of Windows as Linux has it: wine's drive Z: is the root, and C: a folder of wine's own. */
const pathOf = (argument, drive) =>
  argument.replace(/(^|^-[IL])([CZ]):([\\/].*)$/i, (_, option, letter, rest) => {
    const within = rest.replaceAll('\\', '/');
    return `${option}${letter.toUpperCase() === 'C' ? drive : ''}${within}`;
  });

/**
 * Answers requests in a folder, which it makes, until the returned function is called. `compilers` has the command for each
 * name that is asked for, and `drive` is the folder that is C: to those who ask.
 */
export function startCompileService({ folder, compilers, drive }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });

  function answer(name) {
    const request = join(folder, name);
    const { compiler, args, input } = JSON.parse(readFileSync(request, 'utf8'));
    rmSync(request);
    const child = spawn(
      compilers[compiler],
      args.map((argument) => pathOf(argument, drive)),
    );
    const printed = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'])
      child[stream].setEncoding('utf8').on('data', (text) => (printed[stream] += text));
    child.stdin.on('error', () => {}); // the compiler has ended without reading it
    child.stdin.end(input);
    child.on('error', (error) => tell({ status: 127, stdout: '', stderr: error.message }));
    child.on('close', (status) => tell({ status: status ?? 128, ...printed }));

    const tell = (result) => {
      const written = join(folder, `${name}.part`);
      writeFileSync(written, JSON.stringify(result));
      renameSync(written, join(folder, name.replace('.json', '.answer.json')));
    };
  }

  const timer = setInterval(() => {
    for (const name of readdirSync(folder)) if (/^[\d-]+\.json$/.test(name)) answer(name);
  }, INTERVAL);
  return () => clearInterval(timer);
}
