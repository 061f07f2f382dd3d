// What V8 leaves of a call: arkffi's functions of V8, called with the address of a C function and without checks of any
// kind. The engine `v8` is at the limit where it is as fast as this.
import { createRequire } from 'node:module';
import { library, root } from '../paths.mjs';

const UNSUPPORTED = 'is not one call of V8';

export const name = 'bare V8';
export const cannot = Object.fromEntries(
  [
    ...['text', 'text-1k', 'text-latin', 'text-wide', 'text-result', 'bytes', 'struct', 'field', 'callback'],
    ...['batch', 'batch-async'],
  ].map((row) => [row, UNSUPPORTED]),
);

const letters = { void: 'v', f64: 'd', i32: 'i', i64: 'l', u8: 'C', bool: 'b', pointer: 'p' };

let v8;

export function load() {
  const native = createRequire(import.meta.url)(`${root}dist/liblibrary.node`);
  native.openSlots(); // the engine writes results of 64 bits there
  v8 = native.openV8();
  return native;
}

export const version = () => `V8 ${process.versions.v8.split('-')[0]}`;

/** The results of types that are not just what V8's function gives: of a narrow integer, C sets only the low bits. */
const results = { void: 'undefined', u8: 'r & 255' };

/** V8's function gives undefined until V8 has optimised its caller. */
function textOf(parameters, returns) {
  const result = results[returns] ?? 'r';
  return `(function (fast, target, call) {
    return function (${parameters}) {
      const r = fast(${parameters.concat('target')});
      return r === undefined ? call(${parameters}) : ${result};
    };
  })`;
}

export function open(native, declarations) {
  const handle = native.load(library);
  const functions = {};
  for (const [symbol, { args, returns }] of Object.entries(declarations)) {
    const bound = native.bind(handle, symbol, args.map((type) => letters[type]).join(''), letters[returns]);
    const parameters = args.map((_, i) => `a${i}`);
    if (v8.gateOf(bound.number) === undefined) throw new Error(`V8 does not call ${symbol}`);
    const make = native.evaluate(textOf(parameters, returns));
    functions[symbol] = make(v8.fastOf(bound.number), bound.ptr, bound.call);
  }
  return functions;
}

export const bool = Number;
