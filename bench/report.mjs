// The results as a table, and whether the targets were met.

/** Three digits that mean something, or all before the point. */
function round(number) {
  const digits = [0.1, 10, 100].findIndex((limit) => number < limit);
  return number.toFixed([3, 2, 1][digits] ?? 0);
}

export function best(values) {
  return Math.min(...values);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** `best (median)`, or why there is none. */
function cell({ values, excuse }) {
  return values.length ? `${round(best(values))} (${round(median(values))})` : (excuse ?? '–');
}

/** Columns of one width each, the first to the left and the others to the right. */
export function table(results, contenders) {
  const lines = [['best (median)', ...contenders.map(({ name }) => name)]];
  lines.push(['', ...contenders.map(({ version }) => version ?? '')]);
  for (const { title, unit, of } of results) {
    lines.push([`${title}, ${unit}`, ...contenders.map(({ id }) => cell(of[id]))]);
  }
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const pad = (text, i) => (i ? text.padStart(widths[i]) : text.padEnd(widths[i]));
  return lines.map((line) => line.map(pad).join('   ').trimEnd()).join('\n');
}

/** One line for each target of the first contender, by the best values. */
export function targets(results, contenders) {
  const [own] = contenders;
  const lines = [];
  for (const { title, unit, most, timesFaster, of } of results) {
    if (!of[own.id].values.length) continue;
    const reached = best(of[own.id].values);
    if (most !== undefined) {
      const verdict = reached <= most ? 'met' : `missed by ${round(reached - most)} ${unit}`;
      lines.push(`${title}: ${round(reached)} ${unit}, at most ${most} wanted: ${verdict}`);
    }
    const peers = contenders.filter(({ id, isPeer }) => isPeer && of[id].values.length);
    if (timesFaster === undefined || !peers.length) continue;
    const [fastest] = peers.sort((a, b) => best(of[a.id].values) - best(of[b.id].values));
    const times = best(of[fastest.id].values) / reached;
    const verdict = times >= timesFaster ? 'met' : `missed by ${round(timesFaster - times)} times`;
    lines.push(`${title}: ${round(times)} times faster than ${fastest.name}, ${timesFaster} wanted: ${verdict}`);
  }
  return lines;
}
