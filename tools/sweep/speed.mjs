// Measures how long `cdef` takes to read the largest headers, in CPU time, and whether that is more than it should be.
//
//   node tools/sweep/speed.mjs [--root FOLDER] [SET…]
//
// FOLDER is as for sweep.mjs. Without names the sets are those with a limit. The figures are the least of 20 runs: CPU time
// of all threads of the process, so that other programs on the machine change them little.
import { parseArgs } from 'node:util';
import { cdef, parseDeclarations } from '../../dist/index.mjs';
import { textOf } from './headers.mjs';
import { sets } from './sets.mjs';

/** The most milliseconds. */
const LIMITS = { sqlite: 10, gtk3: 200 };
const RUNS = 20;

const { values: options, positionals } = parseArgs({
  options: { root: { type: 'string', default: '/' } },
  allowPositionals: true,
});

function leastTime(run) {
  const times = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

const wanted = positionals.length ? positionals : Object.keys(LIMITS);
for (const set of sets.filter(({ name }) => wanted.includes(name))) {
  const { text, why } = textOf(set, options.root);
  if (text === undefined) {
    console.log(`${set.name}: not measured: ${why}`);
    continue;
  }
  const open = (declarations) => cdef(null, declarations, { lazy: true }).close();
  const kept = parseDeclarations(text);
  const time = leastTime(() => open(text));
  const limit = LIMITS[set.name];
  const verdict = limit === undefined ? '' : time <= limit ? `, at most ${limit}: ok` : `, at most ${limit}: FAIL`;
  if (time > limit) process.exitCode = 1;
  const rest = `kept as JSON ${leastTime(() => open(kept)).toFixed(1)} ms`;
  console.log(`${set.name}: ${text.length >> 10} KB in ${time.toFixed(1)} ms${verdict}; ${rest}`);
}
