// Measures arkffi beside its peers: `make bench` builds arkffi, installs them and runs this.
//
//   node bench/run.mjs                     every suite: rows/*.mjs
//   node bench/run.mjs async               one
//   node bench/run.mjs async burst arkffi  only these rows and contenders of it
//
// A sample is taken in a process of its own, in rounds, each contender once in every round, so that what else the machine
// does meets all of them alike. Prints the table, and leaves it in build/bench/ with all samples.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { firstLine, install } from './install.mjs';
import { built } from './paths.mjs';
import { table, targets } from './report.mjs';

const ROUNDS = 5;
const LONG = 10_000; // milliseconds: what takes longer is measured once
const PATIENCE = 60_000; // then it is stopped

const child = fileURLToPath(new URL('child.mjs', import.meta.url));
const [wantedSuite, ...only] = process.argv.slice(2);
const suites = readdirSync(new URL('rows/', import.meta.url)).map((file) => file.replace('.mjs', ''));

/** Where the run is: one line that is written over, on a terminal only. */
function say(where) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${where}`);
}

async function load(id) {
  const contender = await import(`./contenders/${id}.mjs`);
  const loaded = { id, ...contender, command: () => [process.execPath, child] };
  try {
    await contender.prepare?.();
    if (contender.command) {
      const command = contender.command(child);
      loaded.command = () => command;
    }
  } catch (error) {
    loaded.excuse = firstLine(error.message);
  }
  return loaded;
}

/** One process: its samples, or why there are none. */
function run(suite, row, contender) {
  const [file, ...argv] = [...contender.command(), suite, row.name, contender.id];
  const { status, stdout, stderr, error } = spawnSync(file, argv, { encoding: 'utf8', timeout: PATIENCE });
  if (error?.code === 'ETIMEDOUT') return { excuse: `over ${PATIENCE / 1000} s` };
  if (status === 0) return JSON.parse(stdout);
  return { failure: firstLine(/^.*Error.*$/m.exec(stderr)?.[0] ?? stderr) };
}

/** Whether the process is worth starting in this round. */
function isDue(round, row, contender, results) {
  if (contender.excuse || round >= (row.rounds ?? ROUNDS)) return false;
  return !results.some(({ of }) => of[contender.id].excuse || of[contender.id].isLong);
}

function runRow(suite, row, contenders, round, results) {
  for (const contender of contenders) {
    if (!isDue(round, row, contender, results)) continue;
    say(`round ${round + 1} of ${ROUNDS}: ${row.name}, ${contender.name}`);
    const start = performance.now();
    const { version, samples, excuse, failure } = run(suite, row, contender);
    contender.version ??= version;
    if (failure && contender.version) contender.note = `${contender.name}: ${row.name} failed: ${failure}`;
    else if (failure) contender.excuse = failure; // it did not even start
    results.forEach((result, i) => {
      const own = result.of[contender.id];
      own.excuse = failure ? 'failed' : excuse;
      own.isLong = performance.now() - start > LONG;
      if (samples) own.values.push(...samples.map((sample) => sample[i]));
    });
  }
}

/** Those that the command names, or all where it names none of them. */
function chosen(all, nameOf) {
  const named = all.filter((one) => only.includes(nameOf(one)));
  return named.length ? named : all;
}

async function runSuite(suite) {
  const wanted = await import(`./rows/${suite}.mjs`);
  const contenders = await Promise.all(chosen(wanted.contenders, (id) => id).map(load));
  const rows = chosen(wanted.rows, ({ name }) => name);
  const empty = () => Object.fromEntries(contenders.map(({ id }) => [id, { values: [] }]));
  const results = rows.map(({ columns }) => columns.map((column) => ({ ...column, of: empty() })));
  const loadBefore = loadavg()[0];
  for (let round = 0; round < ROUNDS; round++) {
    rows.forEach((row, i) => runRow(suite, row, contenders, round, results[i]));
  }
  say('');
  return { contenders, columns: results.flat(), load: [loadBefore, loadavg()[0]] };
}

function describe(suite, { contenders, columns, load }) {
  const there = contenders.filter(({ excuse }) => !excuse);
  const machine = `Node.js ${process.versions.node}, ${cpus()[0].model.trim()}, ${availableParallelism()} processors`;
  const busy = load.map((value) => value.toFixed(1)).join(' before, ');
  return [
    `${suite}: ${new Date().toISOString().slice(0, 10)}, ${machine}, load ${busy} after`,
    '',
    table(columns, there),
    '',
    ...contenders.flatMap(({ name, excuse, note }) => (excuse ? `${name}: skipped: ${excuse}` : (note ?? []))),
    ...targets(columns, there),
  ].join('\n');
}

const failed = install();
if (failed) console.log(failed);
for (const suite of wantedSuite ? [wantedSuite] : suites) {
  const results = await runSuite(suite);
  const text = describe(suite, results);
  console.log(text);
  mkdirSync(built, { recursive: true });
  writeFileSync(`${built}/${suite}.txt`, `${text}\n`);
  const { load, contenders, columns } = results;
  const versions = Object.fromEntries(contenders.map(({ id, version }) => [id, version]));
  writeFileSync(
    `${built}/${suite}.json`,
    `${JSON.stringify({ date: new Date(), load, versions, columns }, null, 1)}\n`,
  );
}
