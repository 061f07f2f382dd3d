// Values of structs: their fields, beside the elements of typed arrays, and making them. Each contender runs in a process
// of its own, so that no loop is slower for what another one has taught the JavaScript engine.
import { LEAD } from '../contenders.mjs';
import { perCall } from '../sampling.mjs';
import { atMost, elementTimes } from '../targets.mjs';

const HOST_IDS = ['node20', 'node22', 'node24', 'node26', 'bun', 'deno'];
const HOSTS = HOST_IDS.map((host) => `arkffi@${host}`);

export const title = 'Values of structs';
export const lead = LEAD;
export const contenders = [...HOSTS, ...HOST_IDS.map((host) => `elements@${host}`)];

const TYPES = 10;

/** A row. `make(contender)` returns a loop as `perCall` takes it, each turn of which counts `each` times. */
function row(name, description, targets, make, each = 1) {
  return {
    name,
    columns: [{ title: description, unit: 'ns', targets }],
    measure: (contender) => perCall(make(contender)).map((ns) => [ns / each]),
  };
}

/** A loop with this body, written out for its objects, so that each is read at a place of its own. */
const loopOver = (objects, body, expected) => ({
  loop: new Function(
    ...objects.map((_, i) => `v${i}`),
    `return (count) => { let sum = 0; for (let i = 0; i < count; i++) { ${body} } return sum; }`,
  )(...objects),
  expected,
});

/** Four objects of one type. */
const four = ({ first, api }) => [1, 2, 3, 4].map(first.maker(api));
/** Ten objects, each of a type of its own. */
const ten = ({ first, api }) => Array.from({ length: TYPES }, (_, i) => first.maker(api)(i));

export const rows = [
  row('field-read', 'reading a double', [elementTimes(1.5, HOSTS)], (contender) =>
    loopOver([four(contender)], `sum += v0[i & 3]${contender.first.text};`, (count) => (count / 4) * 10),
  ),
  row('field-write', 'writing a double', [elementTimes(1.5, HOSTS)], (contender) =>
    loopOver([four(contender)], `v0[i & 3]${contender.first.text} = sum = i;`, (count) => count - 1),
  ),
  row(
    'fields-in-turn',
    'reading doubles of ten types',
    [atMost(2.5, HOSTS)], // what one type costs
    (contender) => {
      const objects = ten(contender);
      const all = objects.map((_, i) => `v${i}${contender.first.text}`);
      return loopOver(objects, `sum += ${all.join(' + ')};`, (count) => count * 45);
    },
    TYPES,
  ),
  row(
    'writes-in-turn',
    'writing doubles of ten types',
    [atMost(2.5, HOSTS)], // what one type costs
    (contender) => {
      const objects = ten(contender);
      const all = objects.map((_, i) => `v${i}${contender.first.text} =`);
      return loopOver(objects, `${all.join(' ')} sum = i;`, (count) => count - 1);
    },
    TYPES,
  ),
  row('create', 'create({ re, im })', [atMost(150, HOSTS)], ({ structs, api }) => {
    const [Complex] = structs(api, 1);
    return loopOver([Complex], 'sum += v0.create({ re: i, im: 1 }).im;', (count) => count);
  }),
  row(
    'create-in-turn',
    'create of ten types',
    [atMost(150, HOSTS)],
    ({ structs, api }) => {
      const types = structs(api, TYPES);
      const all = types.map((_, i) => `v${i}.create({ re: i, im: 1 }).im`);
      return loopOver(types, `sum += ${all.join(' + ')};`, (count) => count * TYPES);
    },
    TYPES,
  ),
];
