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

/** A row of a double in C's memory, which is 1 while it is read. `object` is its name in the contender's `inC`. */
const inC = (name, description, object, body) =>
  row(name, description, [atMost(80, HOSTS)], (contender) => {
    const all = contender.inC(contender.api);
    all.elements.set(0, 1);
    all.elements.set(1, 1);
    return loopOver([all[object]], body, (count) => (body.includes('sum +=') ? count : count - 1));
  });

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
  inC('c-field-read', "reading a struct's double in C's memory", 'struct', 'sum += v0.re;'),
  inC('c-field-write', "writing a struct's double in C's memory", 'struct', 'v0.re = sum = i;'),
  inC('pointee-read', "reading a pointer's value", 'pointee', 'sum += v0.value;'),
  inC('pointee-write', "writing a pointer's value", 'pointee', 'v0.value = sum = i;'),
  inC('element-read', 'get(i) at a pointer', 'elements', 'sum += v0.get(i & 1);'),
  inC('element-write', 'set(i, …) at a pointer', 'elements', 'v0.set(i & 1, (sum = i));'),
];
