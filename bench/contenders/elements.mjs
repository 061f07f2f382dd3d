// Elements of typed arrays, which are what the fields of structs are measured by.
export const name = 'typed arrays';
const OWN = 'lies in memory of JavaScript';
export const cannot = {
  create: 'has no structs',
  'create-in-turn': 'has no structs',
  'c-field-read': OWN,
  'c-field-write': OWN,
  'pointee-read': OWN,
  'pointee-write': OWN,
  'element-read': OWN,
  'element-write': OWN,
};

export const load = () => ({});

export const version = () => globalThis.Bun?.version ?? globalThis.Deno?.version.deno ?? process.versions.node;

/** The first number of an object: what makes objects with it, and the text that reads it. */
export const first = { maker: () => (value) => Float64Array.of(value, 0), text: '[0]' };
