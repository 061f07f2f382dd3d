// Formats the results as text.

function best(values) {
  return Math.min(...values);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Three significant digits, or all digits before the decimal point where there are more. */
export function round(number) {
  const digits = [0.1, 10, 100].findIndex((limit) => Math.abs(number) < limit);
  return number.toFixed([3, 2, 1][digits] ?? 0);
}

/**
 * The value by which a contender is compared: the best of its samples, or the median where the column says so.
 * Undefined without samples.
 */
export function figure({ of, isTypical }, id) {
  const values = of[id]?.values ?? [];
  if (!values.length) return undefined;
  return isTypical ? median(values) : best(values);
}

export function figureText(column, id) {
  const value = figure(column, id);
  return value === undefined ? '–' : round(value);
}

/** A factor such as `3.1×`. */
export function times(factor) {
  return `${factor < 10 ? factor.toFixed(factor < 0.1 ? 2 : 1) : factor.toFixed(0)}×`;
}

/** The fastest of the peers that `isWanted` accepts, if any has been measured. */
export function bestPeer(column, contenders, isWanted) {
  const measured = contenders.filter((peer) => peer.isPeer && isWanted(peer) && figure(column, peer.id) !== undefined);
  const [fastest] = measured.sort((a, b) => figure(column, a.id) - figure(column, b.id));
  return fastest;
}

/** Such as `1.4× koffi`: how many times as fast the lead is as the fastest of those peers. */
export function ratio(column, contenders, lead, isWanted) {
  const peer = bestPeer(column, contenders, isWanted);
  const own = figure(column, lead);
  if (!peer || own === undefined) return '–';
  return `${times(figure(column, peer.id) / own)} ${peer.name}`;
}

/** Aligns columns to one width each, the first to the left and the others to the right. */
function aligned(lines) {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const pad = (text, i) => (i ? text.padStart(widths[i]) : text.padEnd(widths[i]));
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

const cell = ({ values }) => (values.length ? `${round(best(values))} (${round(median(values))})` : '–');

/** A table of all contenders, and how many times as fast as the best of the peers arkffi is. */
export function comparison(columns, contenders, lead) {
  const isVariant = ({ adapter, id }) => adapter === 'arkffi' && id !== lead;
  const shown = contenders
    .filter((contender) => !isVariant(contender))
    .sort((a, b) => (b.id === lead) - (a.id === lead));
  const lines = [
    ['best (median)', ...shown.map(({ name }) => name), 'best on V8', 'best of all'],
    ['', ...shown.map((contender) => `${contender.version}`), '', ''],
    ['', ...shown.map(({ host }) => host.title), '', ''],
  ];
  for (const column of columns) {
    const ratios = [({ host }) => host.isV8, () => true].map((isWanted) => ratio(column, contenders, lead, isWanted));
    lines.push([`${column.title}, ${column.unit}`, ...shown.map(({ id }) => cell(column.of[id])), ...ratios]);
  }
  return aligned(lines);
}

/** A table of arkffi on each host and with each engine. */
export function hostsAndEngines(columns, contenders) {
  const shown = contenders.filter(({ adapter }) => adapter === 'arkffi');
  if (shown.length < 2) return '';
  const lines = [
    ['arkffi, best', ...shown.map(({ host }) => host.title)],
    ['', ...shown.map(({ engine }) => engine ?? '')],
  ];
  for (const column of columns) {
    const figures = shown.map(({ id }) => figureText(column, id));
    if (figures.some((text) => text !== '–')) lines.push([`${column.title}, ${column.unit}`, ...figures]);
  }
  return aligned(lines);
}

/** One line for each target of each column. */
export function targetLines(columns) {
  const lines = [];
  for (const { title, unit, verdicts } of columns) {
    for (const text of new Set(verdicts.map((verdict) => verdict.text))) {
      const own = verdicts.filter((verdict) => verdict.text === text);
      const each = own.map(({ id, value, detail, isMet }) => {
        return `${isMet ? '' : 'MISSED '}${id.replace(/^arkffi(-\w+)?@/, '')} ${round(value)}${detail}`;
      });
      lines.push(
        `${own.every(({ isMet }) => isMet) ? 'met   ' : 'missed'}  ${title}, ${unit}, ${text}: ${each.join(', ')}`,
      );
    }
  }
  return lines;
}
