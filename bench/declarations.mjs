// The functions of measured.c, declared once for all contenders. Each contender translates these type names into its
// own.

const i32s = (count) => Array(count).fill('i32');

export const declarations = {
  noop: { args: [], returns: 'void' },
  add: { args: ['f64', 'f64'], returns: 'f64' },
  add_int: { args: ['i32', 'i32'], returns: 'i32' },
  mix: { args: ['i32', 'f64', 'i32', 'f64'], returns: 'f64' },
  sum8: { args: Array(8).fill('i64'), returns: 'i64' },
  sum12: { args: i32s(12), returns: 'i32' },
  next: { args: ['u8', 'bool'], returns: 'u8' },
  ring_start: { args: [], returns: 'pointer' },
  ring_step: { args: ['pointer'], returns: 'pointer' },
  ring_position: { args: ['pointer'], returns: 'i32' },
  first_of_text: { args: ['string'], returns: 'i32' },
  length_of_text: { args: ['string'], returns: 'i32' },
  greeting: { args: [], returns: 'string' },
  first_of_bytes: { args: ['bytes'], returns: 'u8' },
  multiply: { args: ['complex', 'complex'], returns: 'complex' },
  repeat: { args: ['callback', 'i32'], returns: 'i32' },
  sleep_ms: { args: ['i32'], returns: 'i32' },
};

/** The declarations of the named functions. */
export function declared(names) {
  return Object.fromEntries(names.map((name) => [name, declarations[name]]));
}

/** The functions many_000 to many_999. */
export const many = Object.fromEntries(
  Array.from({ length: 1000 }, (_, i) => [`many_${String(i).padStart(3, '0')}`, declarations.add]),
);
