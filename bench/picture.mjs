// Draws the results: for each row, a mark for each contender on a logarithmic axis. The result is an SVG without
// scripts that brings its own background, light or dark by the reader's preference.
import { LEAD, PEERS } from './contenders.mjs';
import { figure, ratio } from './report.mjs';

/** What is left when everything that an FFI does is taken away: one mark in each row. */
const LIMITS = ['bare@node26', 'promise@node26'];
const SHOWN = [[LEAD], ...PEERS.filter((id) => !LIMITS.includes(id)).map((id) => [id]), LIMITS];

const WIDTH = 1010;
const PLOT = { left: 310, right: 730 };
const TOP = 140;
const STEP = 25; // distance between two rows

const IN_NANOSECONDS = { ns: 1, µs: 1000 };

const light = {
  ...{ paper: '#ffffff', ink: '#1f2328', faint: '#6e7781', line: '#d8dee4' },
  marks: ['#0550ae', '#6e7781', '#bc4c00', '#7d4e00', '#1a7f37', '#bf3989', '#8250df', '#1f2328'],
};
const dark = {
  ...{ paper: '#0d1117', ink: '#e6edf3', faint: '#9198a1', line: '#30363d' },
  marks: ['#58a6ff', '#9198a1', '#f0883e', '#d4a72c', '#3fb950', '#f778ba', '#bc8cff', '#e6edf3'],
};

// Each colour is written out, because few viewers other than browsers support CSS variables.
function coloured({ paper, ink, faint, line, marks }) {
  return `.paper { fill: ${paper}; } text { fill: ${ink}; } .faint { fill: ${faint}; } .line { stroke: ${line}; }
${marks.map((colour, i) => `.s${i} { fill: ${colour}; }`).join(' ')} .s1 { fill: ${paper}; stroke: ${marks[1]}; }`;
}

const style = `
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
text.title { font-size: 16px; font-weight: 600; } text.faint { font-size: 12px; } text.own { font-weight: 600; }
.end { text-anchor: end; } .middle { text-anchor: middle; } .s1 { stroke-width: 1.5; }
${coloured(light)}
@media (prefers-color-scheme: dark) {
${coloured(dark)}
}`;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const text = (x, y, content, classes = '') => `<text x="${x}" y="${y}" class="${classes}">${escaped(content)}</text>`;

/** Each contender has a mark of its own shape, so that the picture can be read without its colours. */
function mark(i, x, y) {
  const polygon = (...points) => {
    const at = points.map(([dx, dy]) => `${(x + dx).toFixed(1)},${y + dy}`);
    return `<polygon class="s${i}" points="${at.join(' ')}"/>`;
  };
  switch (i) {
    case 0:
      return `<circle class="s0" cx="${x.toFixed(1)}" cy="${y}" r="6.5"/>`;
    case 1:
      return `<circle class="s1" cx="${x.toFixed(1)}" cy="${y}" r="4"/>`;
    case 2:
      return polygon([-4, -4], [4, -4], [4, 4], [-4, 4]);
    case 3:
      return polygon([-4, -4], [0, -1.5], [4, -4], [1.5, 0], [4, 4], [0, 1.5], [-4, 4], [-1.5, 0]);
    case 4:
      return polygon([0, -5.5], [5.5, 0], [0, 5.5], [-5.5, 0]);
    case 5:
      return polygon([0, -5], [5, 4], [-5, 4]);
    case 6:
      return polygon([0, 5], [5, -4], [-5, -4]);
    default:
      return polygon([-1.25, -9], [1.25, -9], [1.25, 9], [-1.25, 9]);
  }
}

function amount(nanoseconds) {
  const [value, unit] = nanoseconds < 1000 ? [nanoseconds, 'ns'] : [nanoseconds / 1000, 'µs'];
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
}

/** The title, values in nanoseconds, and ratio of one row. */
function lineOf(column, { contenders, lead }) {
  return {
    title: column.title,
    values: SHOWN.map((ids) => {
      const [value] = ids.map((id) => figure(column, id)).filter((found) => found !== undefined);
      return value && value * IN_NANOSECONDS[column.unit];
    }),
    ratio: ratio(column, contenders, lead, ({ host }) => host.isV8),
  };
}

/** A scale on which each factor of ten has the same width, from the least of the values to the greatest. */
function scaleOf(values) {
  const [from, to] = [Math.log10(Math.min(...values) * 0.8), Math.log10(Math.max(...values) * 1.25)];
  const position = (value) => PLOT.left + ((Math.log10(value) - from) / (to - from)) * (PLOT.right - PLOT.left);
  const powers = Array.from({ length: Math.floor(to) - Math.ceil(from) + 1 }, (_, i) => 10 ** (Math.ceil(from) + i));
  return { position, powers };
}

function labelOf(ids, contenders) {
  if (ids === LIMITS) return 'V8 or Promise alone';
  const found = contenders.find(({ id, version }) => ids.includes(id) && version);
  if (!found) return undefined;
  const isHost = found.name.toLowerCase().includes(found.host.title.toLowerCase());
  return isHost ? found.name : `${found.name}, ${found.host.title}`;
}

function legend(contenders) {
  let x = 20;
  return SHOWN.map((ids, i) => {
    const label = labelOf(ids, contenders);
    if (!label) return '';
    const drawn = mark(i, x + 6, 60) + text(x + 18, 64, label, i ? '' : 'own');
    x += 33 + label.length * 6.6;
    return drawn;
  }).join('\n');
}

/** The picture of all rows that measure the time of a call, or undefined where there are none. */
export function picture(records) {
  const timed = records.filter(({ suite }) => suite === 'calls' || suite === 'async');
  const lines = timed.flatMap((record) => {
    return record.columns.filter(({ unit }) => unit in IN_NANOSECONDS).map((column) => lineOf(column, record));
  });
  const values = lines.flatMap((line) => line.values).filter((value) => value !== undefined);
  if (!values.length) return undefined;
  const { position, powers } = scaleOf(values);
  const bottom = TOP + STEP * (lines.length - 1);
  const [{ date, machine }] = timed;
  const drawn = [
    text(20, 30, 'Time of one call: further left is faster', 'title'),
    legend(timed.flatMap(({ contenders }) => contenders)),
    text(PLOT.left, TOP - 42, '← faster', 'faint'),
    text((PLOT.left + PLOT.right) / 2, TOP - 42, 'time, on a logarithmic scale', 'faint middle'),
    text(PLOT.right, TOP - 42, 'slower →', 'faint end'),
    text(PLOT.right + 80, TOP - 20, 'arkffi', 'faint end'),
    text(PLOT.right + 95, TOP - 37, 'how many times as fast', 'faint'),
    text(PLOT.right + 95, TOP - 20, 'as the best other FFI on V8', 'faint'),
  ];
  for (const power of powers) {
    const x = position(power).toFixed(1);
    drawn.push(`<line class="line" x1="${x}" x2="${x}" y1="${TOP - 12}" y2="${bottom + 12}"/>`);
    drawn.push(text(x, TOP - 20, amount(power).replace('.0', ''), 'faint middle'));
  }
  lines.forEach((line, row) => {
    const y = TOP + STEP * row;
    drawn.push(text(PLOT.left - 20, y + 4, line.title, 'end'));
    drawn.push(`<line class="line" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y}" y2="${y}"/>`);
    const marks = line.values.map((value, i) => (value === undefined ? '' : mark(i, position(value), y)));
    drawn.push(marks.reverse().join('')); // draws arkffi's mark above the others
    if (line.values[0] !== undefined) drawn.push(text(PLOT.right + 80, y + 4, amount(line.values[0]), 'own end'));
    drawn.push(text(PLOT.right + 95, y + 4, line.ratio));
  });
  drawn.push(text(20, bottom + 40, `${date.slice(0, 10)}, ${machine.cpu}, ${machine.processors} processors`, 'faint'));
  const size = `width="${WIDTH}" height="${bottom + 56}" viewBox="0 0 ${WIDTH} ${bottom + 56}"`;
  const paper = `<rect width="100%" height="100%" class="paper"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">
<title>Time of one call, arkffi beside its peers</title>
<style>${style}</style>
${paper}
${drawn.filter((part) => part).join('\n')}
</svg>
`;
}
