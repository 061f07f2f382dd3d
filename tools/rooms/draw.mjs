// Draws the rooms of the house and the arrows between them into docs/rooms.svg, from the same arrows that check.mjs reads. An
// arrow that other arrows imply is left out, so that the picture stays readable.
//
//   node tools/rooms/draw.mjs [--check]    --check: writes nothing; exits 1 where the picture is not up to date
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readHouse } from './arrows.mjs';
import { LAYERS } from './layout.mjs';

const PICTURE = 'docs/rooms.svg';
const BOX = { width: 118, height: 40 };
const GAP = { x: 22, y: 38 };
const MARGIN = 28;
const HEAD = 92; // above the uppermost floor

const WHAT = {
  ts: 'the API in TypeScript',
  bridge: 'Node-API in C',
  cdef: 'C declarations as text',
  core: 'calls, closures, libraries',
};

const palette = ({ paper, ink, faint, line, box, edge }) =>
  `.paper { fill: ${paper}; } text { fill: ${ink}; } .faint { fill: ${faint}; } .arrow { stroke: ${line}; } ` +
  `.head { fill: ${line}; } .box { fill: ${box}; stroke: ${edge}; }`;
const light = { paper: '#ffffff', ink: '#1f2328', faint: '#6e7781', line: '#8c959f', box: '#ddf4ff', edge: '#54aeff' };
const dark = { paper: '#0d1117', ink: '#e6edf3', faint: '#9198a1', line: '#656c76', box: '#121d2f', edge: '#316dca' };
const STYLE = `
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; text-anchor: middle; }
text.title { font-size: 16px; font-weight: 600; } text.room { font-weight: 600; } text.faint { font-size: 11px; }
.arrow { fill: none; stroke-width: 1.3; }
${palette(light)}
@media (prefers-color-scheme: dark) {
${palette(dark)}
}`;

const { arrows } = readHouse();
const roomsOf = (layer) => layer.floors.flat();
const key = (layer, room) => `${layer.name}/${room}`;

/** Which rooms of a layer a room uses, without those that it reaches through others. */
function arrowsOf(layer) {
  const targets = new Map(roomsOf(layer).map((room) => [room, new Set()]));
  for (const { from, to } of arrows) {
    if (from.layer === layer && to.layer === layer && from.room !== to.room) targets.get(from.room)?.add(to.room);
  }
  const reaches = (from, to) => targets.get(from).has(to) || [...targets.get(from)].some((next) => reaches(next, to));
  return [...targets].flatMap(([from, rooms]) =>
    [...rooms]
      .filter((to) => ![...rooms].some((other) => other !== to && reaches(other, to)))
      .map((to) => ({ from, to })),
  );
}

const widest = (layer) => Math.max(...layer.floors.map((rooms) => rooms.length));
const widthOf = (layer) => widest(layer) * (BOX.width + GAP.x) - GAP.x;
const tallest = Math.max(...LAYERS.map(({ floors }) => floors.length));
const yOf = (floor) => HEAD + (tallest - 1 - floor) * (BOX.height + GAP.y);

/** Where each room's box is. The layers stand side by side, the lowest at the right. */
function placeRooms() {
  const boxes = new Map();
  const titles = [];
  let left = MARGIN;
  for (const layer of [...LAYERS].reverse()) {
    const middle = left + widthOf(layer) / 2;
    titles.push({ layer, x: middle });
    layer.floors.forEach((rooms, floor) => {
      const start = middle - (rooms.length * (BOX.width + GAP.x) - GAP.x) / 2;
      rooms.forEach((room, i) =>
        boxes.set(key(layer, room), { layer, room, floor, x: start + i * (BOX.width + GAP.x), y: yOf(floor) }),
      );
    });
    left += widthOf(layer) + 72;
  }
  return { boxes, titles, width: left - 72 + MARGIN };
}

/** Whether a vertical line at `x` meets a box on the floors between two boxes. */
function isBlocked(x, from, to, boxes) {
  return [...boxes.values()].some(
    (box) => box.floor < from.floor && box.floor > to.floor && x > box.x - 4 && x < box.x + BOX.width + 4,
  );
}

/**
 * From the bottom of one box to the top of another. An arrow that passes other floors goes straight down beside their boxes:
 * above its end, where that is free, or else below its beginning.
 */
function drawArrow(from, to, boxes) {
  const [x1, y1] = [from.x + BOX.width / 2, from.y + BOX.height];
  const [x2, y2] = [to.x + BOX.width / 2, to.y - 5];
  const path = (d) => `<path class="arrow" marker-end="url(#head)" d="${d}"/>`;
  if (from.floor - to.floor === 1) return path(`M${x1},${y1} L${x2},${y2}`);
  const side = x2 > x1 ? 1 : -1;
  if (!isBlocked(x2, from, to, boxes)) {
    const [start, y] = [x1 + (side * BOX.width) / 2, from.y + BOX.height / 2];
    return path(`M${start},${y} Q${x2},${y} ${x2},${y + 30} L${x2},${y2}`);
  }
  const [end, y] = [x2 - side * (BOX.width / 2 + 5), to.y + BOX.height / 2];
  return path(`M${x1},${y1} L${x1},${y - 18} Q${x1},${y} ${x1 + side * 10},${y} L${end},${y}`);
}

function drawBox({ room, x, y }) {
  return (
    `<rect class="box" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>` +
    `<text class="room" x="${x + BOX.width / 2}" y="${y + 25}">${room}</text>`
  );
}

const { boxes, titles, width } = placeRooms();
const height = HEAD + tallest * (BOX.height + GAP.y);
const drawn = [
  ...titles.map(
    ({ layer, x }) =>
      `<text class="title" x="${x}" y="34">${layer.root.replace(/\/src$/, '')}/</text>` +
      `<text class="faint" x="${x}" y="52">${WHAT[layer.name]}</text>`,
  ),
  ...LAYERS.flatMap((layer) =>
    arrowsOf(layer).map(({ from, to }) => drawArrow(boxes.get(key(layer, from)), boxes.get(key(layer, to)), boxes)),
  ),
  ...[...boxes.values()].map(drawBox),
];
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>The rooms of each layer: an arrow leads from a room to one that it uses</title>
<style>${STYLE}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0,0 L8,4 L0,8 z"/></marker></defs>
<rect width="100%" height="100%" class="paper"/>
${drawn.join('\n')}
</svg>
`;

if (process.argv.includes('--check')) {
  if (!existsSync(PICTURE) || readFileSync(PICTURE, 'utf8') !== svg) {
    console.log(`${PICTURE} is not what 'make generate' draws`);
    process.exitCode = 1;
  }
} else {
  writeFileSync(PICTURE, svg);
}
