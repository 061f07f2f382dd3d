// Has V8 optimise one JavaScript function for each row, so that it can print the machine code of a call:
//
//   node --allow-natives-syntax --print-opt-code --print-opt-code-filter=row_* scripts.mjs LIBRARY
//
// `LIBRARY` is measured.c, compiled.
import { dlopen, Struct } from '../../dist/index.mjs';

const Point = Struct({ x: 'd', y: 'd' });
const { symbols } = dlopen(process.argv[2], {
  add: { args: ['d', 'd'], returns: 'd' },
  mix: { args: ['i', 'd', 'i', 'd'], returns: 'd' },
  sum8: { args: Array(8).fill('l'), returns: 'l' },
  first_of_text: { args: ['s'], returns: 'i' },
});
const { add, mix, sum8, first_of_text } = symbols;
const point = Point.create({ x: 1, y: 2 });

// What follows `row_` is the name of the row in check.mjs.
const rows = [
  function row_doubles(i) {
    return add(i, 1);
  },
  function row_mixed(i) {
    return mix(i, 1, i, 2);
  },
  function row_int64s(i) {
    return sum8(i, 1, 2, 3, 4, 5, 6, 7);
  },
  function row_text(i) {
    return first_of_text(i & 1 ? 'hello' : 'jello');
  },
  function row_field(i) {
    point.x = i;
    return point.x + point.y;
  },
];

// A text, because it is JavaScript only with --allow-natives-syntax.
const prepare = new Function('row', '%PrepareFunctionForOptimization(row)');
const optimise = new Function('row', '%OptimizeFunctionOnNextCall(row)');

for (const row of rows) {
  prepare(row);
  for (let i = 0; i < 5000; i++) row(i);
  optimise(row);
  row(1);
}
