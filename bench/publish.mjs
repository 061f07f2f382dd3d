// Writes the results of the last run from build/bench/ into docs/: the picture, and the tables of performance.md.
//
//   make bench && node bench/publish.mjs
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { built, root } from './paths.mjs';
import { picture } from './picture.mjs';
import { figureText } from './report.mjs';

const page = `${root}docs/performance.md`;
const [OPENING, CLOSING] = ['<!-- measured: by bench/publish.mjs -->', '<!-- measured: end -->'];

const ENGINES = ['v8', 'bun', 'deno', 'portable', 'napi'];

const saved = ['calls', 'structs', 'async', 'resources', 'jobs']
  .map((suite) => `${built}/${suite}.json`)
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')));

/** A row of a Markdown table. */
const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function where({ name, adapter, host }) {
  const isOnlyThere = name.toLowerCase().includes(host.title.toLowerCase());
  return isOnlyThere && adapter !== 'arkffi' ? name : `${name}, ${host.title}`;
}

function table({ columns }, contenders, headings) {
  const figures = (column) => contenders.map(({ id }) => figureText(column, id));
  return [
    line(['', ...headings]),
    line(['---', ...headings.map(() => '--:')]),
    ...columns.map((column) => line([`${column.title}, ${column.unit}`, ...figures(column)])),
  ].join('\n');
}

/** The tables of one suite: arkffi compared with its peers, then arkffi on each host and engine. */
function section(record) {
  const { title, lead, date, machine } = record;
  const there = record.contenders.filter(({ excuse }) => !excuse);
  const own = there.filter(({ adapter }) => adapter === 'arkffi');
  // What is measured on several hosts is shown on that of arkffi in the first table.
  const { host } = there.find(({ id }) => id === lead);
  const isThere = (adapter) => there.some((one) => one.adapter === adapter && one.host.title === host.title);
  const isShown = (one) => one.host.title === host.title || !isThere(one.adapter);
  const beside = there.filter((one) => (one.adapter === 'arkffi' ? one.id === lead : isShown(one)));
  beside.sort((a, b) => (b.id === lead) - (a.id === lead));
  const versions = beside.map(({ name, version }) => `${name} ${version}`).join(', ');
  const load = machine.load.map((value) => value.toFixed(1)).join(' before and ');
  return [
    `### ${title}`,
    `${date.slice(0, 10)}, ${machine.cpu}, ${machine.processors} processors, load ${load} after; ${versions}. Each figure is the best of all samples; for memory and for async calls one after the other, the median.`,
    table(record, beside, beside.map(where)),
    ...ENGINES.flatMap((engine) => {
      const those = own.filter((one) => one.engine === engine);
      const headings = those.map(({ host }) => host.title);
      return those.length ? [`arkffi's engine \`${engine}\`:`, table(record, those, headings)] : [];
    }),
  ].join('\n\n');
}

const text = readFileSync(page, 'utf8');
const [before, after] = [text.indexOf(OPENING) + OPENING.length, text.indexOf(CLOSING)];
const updated = [text.slice(0, before), ...saved.map(section), text.slice(after)].join('\n\n');
writeFileSync(page, await format(updated, { ...(await resolveConfig(page)), parser: 'markdown' }));
writeFileSync(`${root}docs/performance.svg`, picture(saved));
