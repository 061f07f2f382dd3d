// Compares the signatures and the layouts that `cdef` finds in the headers of many libraries with those of libclang.
//
//   node tools/sweep/types.mjs [--root FOLDER] [--clang LIBRARY] [--report FILE] [SET…]
//
// FOLDER is as for sweep.mjs. What arkffi refuses, because it has no type for it, is counted, and so is what only one of
// the two compilers' headers has. The report has everything that differs or is refused.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cdef, parseDeclarations } from '../../dist/index.mjs';
import { openClang } from './clang.mjs';
import { includesOf, preambleOf, textOf } from './headers.mjs';
import { sets } from './sets.mjs';

const { values: options, positionals } = parseArgs({
  options: {
    root: { type: 'string', default: '/' },
    clang: { type: 'string', default: 'libclang-14.so.1' },
    report: { type: 'string' },
  },
  allowPositionals: true,
});
const read = openClang(options.clang);
const TEXTS = new Set(['s', 'S', 'w', 'k', 'char *']);

/** A type of a description as clang.mjs has it. */
function letterOf(type, types) {
  if (typeof type === 'number') {
    const { kind, size, align } = types[type];
    return kind === undefined ? 'p' : `{${size} ${align}}`;
  }
  return TEXTS.has(type) ? 'p' : type;
}

const signatureOf = ({ args = [], returns = 'v' }, types) =>
  `(${args.map((type) => letterOf(type, types)).join(',')})${letterOf(returns, types)}`;

const report = [];
const total = { signatures: 0, structs: 0, different: 0, refused: 0, 'of one compiler only': 0 };
let done = 0;
for (const set of positionals.length ? sets.filter(({ name }) => positionals.includes(name)) : sets) {
  const { text, why } = textOf(set, options.root);
  if (text === undefined) {
    console.log(`${set.name}: not compared: ${why}`);
    continue;
  }
  const count = { signatures: 0, structs: 0, different: 0, refused: 0, 'of one compiler only': 0 };
  const note = (kind, line) => {
    count[kind]++;
    if (kind !== 'of one compiler only') report.push(`${set.name}: ${line}`);
  };
  const description = JSON.parse(parseDeclarations(text));
  read(preambleOf(set), includesOf(set, options.root), (functions, layoutOf) => {
    for (const [name, symbol] of Object.entries(description.symbols)) {
      if (symbol.type !== undefined) continue;
      const truth = functions.get(name);
      if (symbol.unusable !== undefined) note('refused', `${name}: refused: ${symbol.unusable}`);
      else if (truth === undefined) note('of one compiler only');
      else if (truth === signatureOf(symbol, description.types)) count.signatures++;
      else note('different', `${name}: is ${truth}, got ${signatureOf(symbol, description.types)}`);
    }
    const { structs } = cdef(null, text, { lazy: true });
    for (const name of Object.keys(structs)) {
      let struct;
      try {
        struct = structs[name];
      } catch (error) {
        note('refused', error.message);
        continue;
      }
      const names = Object.keys(struct.offsets).filter((field) => !field.includes(' '));
      const { size, align } = struct;
      const own = JSON.stringify({ size, align, offsets: names.map((field) => struct.offsets[field]) });
      const layout = layoutOf(name, names);
      const truth = JSON.stringify(layout);
      // What a compiler's own header defines may have other names in that of the other one.
      if (layout === undefined || layout.offsets.some((offset) => offset < 0)) note('of one compiler only');
      else if (own === truth) count.structs++;
      else note('different', `${name}: is ${truth}, got ${own}`);
    }
  });
  for (const key of Object.keys(total)) total[key] += count[key];
  done++;
  console.log(
    `${set.name}: ${Object.entries(count)
      .map(([key, value]) => `${value} ${key}`)
      .join(', ')}`,
  );
}
if (options.report) writeFileSync(options.report, `${report.join('\n')}\n`);
const { signatures, structs, ...rest } = total;
const counts = Object.entries(rest).map(([key, value]) => `${value} ${key}`);
console.log(`${done} sets of headers: ${signatures} signatures and ${structs} structs equal; ${counts.join(', ')}`);
