// Checks that the sources keep to the layout of the house (layout.mjs). Prints a line for each file in no room, each arrow that
// goes up or sideways, each circle, and exits 1 where there is one.
//
//   node tools/rooms/check.mjs [--count]    --count: prints how many there are, layer by layer, and always exits 0
import { circlesOf, floorOf, readHouse } from './arrows.mjs';
import { LAYERS } from './layout.mjs';

const { modules, arrows, missing } = readHouse();

/** Why an arrow is against the layout, or undefined. */
function faultOf({ from, to, isCall }) {
  if (from.layer !== to.layer) {
    if (LAYERS.indexOf(to.layer) > LAYERS.indexOf(from.layer)) return 'goes up to another layer';
    // A call needs a declaration, and so the header that declares it decides. The file that implements it may be another one.
    return isCall || to.isPublic ? undefined : 'reaches into another layer past its public headers';
  }
  if (from.room === to.room) return undefined;
  const [start, end] = [floorOf(from), floorOf(to)];
  if (start < 0 || end < 0) return undefined; // reported as a file in no room
  if (end > start) return 'goes up';
  return end === start ? 'goes sideways, to a room on the same floor' : undefined;
}

const homeless = modules.filter((module) => floorOf(module) < 0);
const wrong = arrows.map((arrow) => ({ ...arrow, fault: faultOf(arrow) })).filter(({ fault }) => fault);
const circles = circlesOf(modules, arrows).filter(([{ layer, room }, ...others]) => {
  const isInOneRoom = others.every((other) => other.layer === layer && other.room === room);
  return !(isInOneRoom && layer.circles?.includes(room));
});

if (process.argv.includes('--count')) {
  for (const layer of LAYERS) {
    const inLayer = ({ from }) => from.layer === layer;
    const own = circles.filter(([module]) => module.layer === layer);
    const sizes = own.map((circle) => circle.length).join(', ');
    console.log(
      `${layer.name}: ${modules.filter((module) => module.layer === layer).length} modules, ` +
        `${arrows.filter(inLayer).length} arrows, ${wrong.filter(inLayer).length} against the layout, ` +
        `${homeless.filter((module) => module.layer === layer).length} modules in no room, ` +
        `${own.length} circles${sizes && ` (of ${sizes})`}`,
    );
  }
} else {
  const faults = [
    ...missing,
    ...homeless.map(({ files }) => `${files[0]}: is in no room of tools/rooms/layout.mjs`),
    ...wrong.map(({ from, to, why, fault }) => `${from.id} -> ${to.id}: ${fault}: ${why}`),
    ...circles.map((circle) => `use each other in a circle: ${circle.map(({ id }) => id).join(', ')}`),
  ];
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
