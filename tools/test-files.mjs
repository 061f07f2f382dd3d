// Runs test files by any JavaScript host, each in a process of its own, so that a crash does not affect the other files.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { watch } from './watch.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

/** What a test runner has counted: that of Node.js prints `ℹ pass 12`, and Bun's ` 12 pass`. */
function countsIn(printed) {
  const count = (...words) =>
    words.reduce((sum, word) => {
      const found = printed.match(new RegExp(`^(?:ℹ ${word} (\\d+)| *(\\d+) ${word})$`, 'm'));
      return sum + Number(found?.[1] ?? found?.[2] ?? 0);
    }, 0);
  return { passed: count('pass'), failed: count('fail'), skipped: count('skipped', 'skip') };
}

/** Runs a file; resolves with what it printed, and whether it succeeded. */
function run([command, ...args], env, file) {
  return new Promise((resolve) => {
    const child = spawn(command, [...args, `./${file}`], { cwd: root, env });
    let printed = '';
    const keep = (text) => (printed += text);
    const stop = watch(child.pid, (line) => keep(`${line}\n`));
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => resolve({ isGood: false, printed: String(error) }));
    child.on('close', (code, signal) => {
      stop();
      // Node.js 22 exits with 0 where the body of a suite has thrown.
      const isGood = code === 0 && !/^✖ /m.test(printed);
      resolve({ isGood, printed: `${printed}\n${signal ?? ''}` });
    });
  });
}

/**
 * Runs the files, as many at a time as there are processors, by a command that takes the file as its last argument. Prints
 * what a file that failed has printed; `onFile` is called after each file. Resolves with the number of files that failed, and
 * with the tests that passed, failed and were skipped.
 */
export async function runFiles({ title, argv, env }, files, onFile = () => {}) {
  const left = [...files];
  const sum = { broken: 0, passed: 0, failed: 0, skipped: 0 };
  const work = async () => {
    for (let file = left.shift(); file; file = left.shift()) {
      const { isGood, printed } = await run(argv, env, file);
      const counts = countsIn(printed);
      for (const key of Object.keys(counts)) sum[key] += counts[key];
      if (!isGood) {
        sum.broken++;
        // A file can end in another way than by a failed test.
        if (counts.failed === 0) sum.failed++;
        console.log(`✖ ${title}: ${file}\n${printed}`);
      }
      onFile(file, counts, printed);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return sum;
}
