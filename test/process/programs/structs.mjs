// Valid and invalid struct arguments for compare.mjs.
import { Arena, Struct } from 'arkffi';

const Complex = Struct({ re: 'd', im: 'd' }, { name: 'Complex' });
const Large = Struct({ numbers: ['l', 5] }, { name: 'Large' });
const Pair = Struct({ first: Complex, second: Complex, rest: Large }, { name: 'Pair' });

/** Signatures in the form that compare.mjs uses. */
export const signaturesWithStructs = [
  ['complex_multiply', [Complex, Complex], Complex],
  ['complex_weigh', ['d', Complex, 'p', 'i'], 'd'],
  ['large_add', [Large, 'i'], Large],
];

export function isStruct(value) {
  return typeof value === 'object' && value !== null && 'schema' in value;
}

const pairs = Pair.arrayOf(4);

/** Ways to make a valid argument from the struct's `fields`. */
const right = [
  (Type, fields) => Type.create(fields),
  (Type, fields) => Type.fromPtr(Type.create(fields)),
  (Type, fields) => fields,
  (Type, fields) => Object.assign(Object.create(fields), fields),
  (Type, fields) => new Proxy(fields, {}),
  (Type, fields) => new Proxy(Type.create(fields), {}),
  (Type, fields) => new Uint8Array(Type.create(fields).buffer),
  (Type, fields) => Type.create(fields).buffer,
  (Type, fields, random) => {
    const pair = pairs[Math.floor(random() * 4)];
    const part = Type === Large ? 'rest' : random() < 0.5 ? 'first' : 'second';
    pair[part] = fields;
    return pair[part];
  },
  // A view of C memory, which the array keeps alive.
  (Type, fields, random) => {
    const pair = pairs[Math.floor(random() * 4)];
    const part = Type === Large ? 'rest' : 'second';
    pair[part] = fields;
    return Type.at(pair[part].ptr);
  },
];

/** Ways to make an argument that is invalid or whose memory is gone. */
const wrong = [
  (Type, fields) => Object.create(Type.create(fields)),
  (Type, fields) => ({ ...fields, more: 1 }),
  (Type) => ({ [Object.keys(Type.fields)[0]]: 'text' }),
  (Type) => new Uint8Array(Type.size - 1),
  (Type) => (Type === Large ? Complex : Large).create(),
  (Type, fields) => {
    const value = Type.create(fields);
    structuredClone(value.buffer, { transfer: [value.buffer] });
    return value;
  },
  (Type, fields) => {
    const arena = new Arena();
    const value = arena.struct(Type, fields);
    arena.close();
    return value;
  },
  (Type, fields) =>
    new Proxy(fields, {
      get() {
        throw new RangeError('a trap');
      },
    }),
];

/** A random argument for a struct of the same type as `like`, valid or not. */
export function anyStruct(random, { schema }) {
  const number = () => Math.floor(random() * 100);
  const fields = schema === Large ? { numbers: Array.from({ length: 5 }, number) } : { re: number(), im: number() };
  const ways = random() < 0.75 ? right : wrong;
  return ways[Math.floor(random() * ways.length)](schema, fields, random);
}
