// Measures arkffi and its peers: `make bench` builds arkffi and runs this.
//
//   node bench/run.mjs                         all rows of all suites: rows/*.mjs
//   node bench/run.mjs async                   one suite
//   node bench/run.mjs noop struct             some rows
//   node bench/run.mjs noop koffi arkffi@bun   ... with some contenders, by id, host (bun) or adapter (arkffi)
//   node bench/run.mjs --rounds=1 calls        faster, but less reliable
//
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { contenderOf, isNamedBy } from './contenders.mjs';
import { measure } from './measure.mjs';
import { built } from './paths.mjs';
import { picture } from './picture.mjs';
import { prepare } from './prepare.mjs';
import { comparison, hostsAndEngines, targetLines } from './report.mjs';
import { verdicts } from './targets.mjs';

const ORDER = ['calls', 'structs', 'async', 'resources', 'jobs'];

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const rounds = Number(process.argv.find((word) => word.startsWith('--rounds='))?.slice('--rounds='.length) ?? 3);

async function loadSuites() {
  const names = readdirSync(new URL('rows/', import.meta.url)).map((file) => file.replace('.mjs', ''));
  names.sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return Promise.all(
    names.map(async (name) => {
      const suite = await import(`./rows/${name}.mjs`);
      return { ...suite, name, contenders: await Promise.all(suite.contenders.map(contenderOf)) };
    }),
  );
}

/** The elements that the command line names, or all where it names none of them. */
function chosen(all, isNamedBy) {
  const named = all.filter((one) => words.some((word) => isNamedBy(one, word)));
  return named.length ? named : all;
}

/** The suites, reduced to the rows and contenders that the command line asks for. */
function narrowed(suites) {
  const known = (word) =>
    suites.some(({ name, rows, contenders }) => {
      return name === word || rows.some((row) => row.name === word) || contenders.some((one) => isNamedBy(one, word));
    });
  const unknown = words.find((word) => !known(word));
  if (unknown) throw new Error(`neither a suite nor a row nor a contender: ${unknown}`);
  const hasRow = ({ rows }, word) => rows.some(({ name }) => name === word);
  return chosen(suites, (suite, word) => suite.name === word || hasRow(suite, word)).map((suite) => {
    const rows = chosen(suite.rows, ({ name }, word) => name === word);
    const contenders = chosen(suite.contenders, isNamedBy);
    const own = contenders.filter(({ adapter }) => adapter === 'arkffi');
    const lead = own.find(({ id }) => id === suite.lead) ?? own[0];
    return { ...suite, rows, contenders, lead: lead?.id };
  });
}

/** The record of one suite that is written to its JSON file. */
function record({ name: suite, title, lead }, { contenders, columns }, load) {
  return {
    suite,
    title,
    lead,
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0].model.trim(), processors: availableParallelism(), load },
    contenders: contenders.map(({ id, name, adapter, isPeer, host, version, engine, excuse, notes }) => {
      return {
        id,
        name,
        adapter,
        isPeer,
        host: { title: host.title, isV8: host.isV8 },
        version,
        engine,
        excuse,
        note: notes[suite],
      };
    }),
    columns: columns.map((column) => {
      return { ...column, targets: undefined, verdicts: verdicts(column, contenders) };
    }),
  };
}

/** The contenders that were left out and why, one line for each reason. */
function leftOut(contenders) {
  const isReported = (excuse) => excuse && !excuse.startsWith('the same as');
  const reasons = [...new Set(contenders.map(({ excuse }) => excuse).filter(isReported))];
  return reasons.map((reason) => {
    const ids = contenders.filter(({ excuse }) => excuse === reason).map(({ id }) => id);
    return `left out: ${ids.join(', ')}: ${reason}`;
  });
}

function asText({ title, date, machine, contenders, columns, lead }, failures) {
  const there = contenders.filter(({ excuse }) => !excuse);
  const load = machine.load.map((value) => value.toFixed(1)).join(' before, ');
  return [
    `${title}: ${date.slice(0, 10)}, ${machine.cpu}, ${machine.processors} processors, load ${load} after`,
    comparison(columns, there, lead),
    hostsAndEngines(columns, there),
    [
      ...there.flatMap(({ note }) => note ?? []),
      ...leftOut(contenders),
      ...failures.map(({ ids, title, reason }) => `failed: ${ids.join(', ')}: ${title}: ${reason}`),
    ].join('\n'),
    targetLines(columns).join('\n'),
  ]
    .filter((part) => part)
    .join('\n\n');
}

const failed = prepare(); // first, because isInstalled() looks at its result
const suites = narrowed(await loadSuites());
if (failed) console.log(failed);
mkdirSync(built, { recursive: true });
const records = [];
for (const suite of suites) {
  const before = loadavg()[0];
  const measured = measure(suite, rounds);
  const written = record(suite, measured, [before, loadavg()[0]]);
  records.push(written);
  const text = asText(written, measured.failures);
  console.log(`${text}\n`);
  writeFileSync(`${built}/${suite.name}.txt`, `${text}\n`);
  writeFileSync(`${built}/${suite.name}.json`, `${JSON.stringify(written, null, 1)}\n`);
}
const drawn = picture(records);
if (drawn) writeFileSync(`${built}/performance.svg`, drawn);
