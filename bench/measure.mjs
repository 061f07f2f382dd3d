// Takes the samples of one suite: each in a process of its own, in rounds, each contender once in every round, so that
// other load on the machine affects all contenders alike.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { commandOf } from './contenders.mjs';
import { firstLine } from './prepare.mjs';

const TIMEOUT = 90_000; // milliseconds, after which a process is stopped

const child = fileURLToPath(new URL('child.mjs', import.meta.url));

/** Shows the progress of the run in one line that is overwritten, on a terminal only. */
function showProgress(progress) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${progress}`);
}

/** Runs one process; returns its version and samples, or a one-line `failure` that says why there are none. */
function run(contender, suite, row) {
  const { file, argv, env } = commandOf(contender, child, suite, row);
  const ended = spawnSync(file, argv, { encoding: 'utf8', env, timeout: TIMEOUT });
  const said = (ended.stdout ?? '').split('\n').filter((line) => line.startsWith('{'));
  const found = Object.assign({}, ...said.map((line) => JSON.parse(line)));
  return found.samples || found.failure ? found : { ...found, failure: howItEnded(ended) };
}

function howItEnded({ status, signal, stderr, error }) {
  if (error?.code === 'ETIMEDOUT') return `took over ${TIMEOUT / 1000} s`;
  if (signal) return `died of ${signal}`;
  const [, said] = /^.*Error(?: \[\w+\])?: (.*)$/m.exec(stderr) ?? [undefined, firstLine(stderr ?? '')];
  return said || `exit code ${status}`;
}

/** The contender that this one would only repeat: the one that has the same engine by default. */
function sameAs({ adapter, hostId, wantedEngine }, contenders) {
  if (!wantedEngine) return undefined;
  const ofHost = contenders.filter((one) => one.adapter === adapter && one.hostId === hostId && !one.wantedEngine);
  const same = ofHost.find(({ engine }) => engine === wantedEngine);
  return same && `the same as ${same.id}`;
}

/** Adds the samples of one process, or the reason why there are none, to the row's columns. */
function take(contender, columns, { version, engine, samples, failure }) {
  contender.version ??= version;
  contender.engine ??= engine;
  if (!contender.version) contender.excuse ??= failure; // it did not even start
  for (const [i, column] of columns.entries()) {
    const own = column.of[contender.id];
    if (failure) own.reason = failure;
    else own.values.push(...samples.map((sample) => sample[i]));
  }
}

/** Adds a failure to the recorded one of the same row and reason, or as a new one. */
function note(failures, id, title, reason) {
  const alike = failures.find((failure) => failure.title === title && failure.reason === reason);
  if (alike) alike.ids.push(id);
  else failures.push({ ids: [id], title, reason });
}

/** All rows and contenders to measure, in order. */
function* turns(rows, contenders, rounds) {
  const roundsOf = (row) => row.rounds ?? rounds;
  const last = Math.max(...rows.map(roundsOf));
  for (let round = 1; round <= last; round++) {
    for (const row of rows.filter((row) => round <= roundsOf(row))) {
      for (const contender of contenders) {
        showProgress(`round ${round} of ${last}: ${row.name}, ${contender.id}`);
        yield { row, contender };
      }
    }
  }
  showProgress('');
}

/** A row's columns without samples; what a contender is known to lack already has its reason. */
function emptyColumns({ name, columns }, contenders) {
  return columns.map((column) => {
    const cells = contenders.map(({ id, cannot }) => [id, { values: [], reason: cannot[name] }]);
    return { ...column, row: name, of: Object.fromEntries(cells) };
  });
}

/**
 * Returns `{ contenders, columns, failures }`: `columns[i].of[id]` has the `values`, or the `reason` why there are
 * none.
 */
export function measure({ name, rows, contenders }, rounds) {
  const failures = [];
  const columnsOf = new Map(rows.map((row) => [row, emptyColumns(row, contenders)]));
  for (const { row, contender } of turns(rows, contenders, rounds)) {
    const columns = columnsOf.get(row);
    contender.excuse ??= sameAs(contender, contenders);
    if (contender.excuse || columns[0].of[contender.id].reason) continue;
    const result = run(contender, name, row);
    take(contender, columns, result);
    if (result.failure && !contender.excuse) note(failures, contender.id, columns[0].title, result.failure);
  }
  return { contenders, columns: [...columnsOf.values()].flat(), failures };
}
