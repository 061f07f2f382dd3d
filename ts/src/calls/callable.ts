/** The JavaScript function that calls a C function: an engine's, with what its types need around it. */

import type { BoundFunction } from '../host/bridge';
import { assignOwn } from '../base/own';
import type { Declaration } from '../signatures/declaration';
import type { Releases } from '../signatures/out';
import type { Signature } from '../signatures/signature';
import { fastest } from '../engines/engine';
import { batchOfPointers, hasPointerColumns, noBatch } from './batch_pointers';
import { preparesStructs } from './by_value';
import { withOptions } from './options';
import { hasOut, preparesOut } from './out_call';
import { structCall } from './struct_call';
import { preparesVariadic } from './variadic';
import { asIs, wrapped } from './wrapped';
import type { Wrappable } from './wrapped';

/**
 * Makes the JavaScript function for a C function, with the properties that all of them have. `fast` is false if each
 * call must take the slow path. `releases` frees its result, if C allocates it.
 */
export function callable(bound: BoundFunction, declaration: Declaration, fast: boolean, releases: Releases): Wrappable {
  const { args, signature } = declaration;
  const isVariadic = signature.args.includes('.');
  const make = declaration.converts ? converting(declaration, releases) : plain;
  const fn = make(bound, signature, fast && !isVariadic);
  if (!isVariadic) return hasOut(args) ? wrapped(fn, preparesOut(fn, declaration), noBatch(fn, declaration)) : fn;
  const outs = preparesOut(fn, declaration);
  const extras = preparesVariadic(fn, bound, (shape) => make(shape, signature, false));
  return wrapped(
    fn,
    (given) => {
      const { args: passed, finish } = outs(given);
      const prepared = extras(passed);
      if (finish === asIs) return prepared;
      return { ...prepared, finish: (answer, isPair) => finish(prepared.finish(answer, isPair), isPair) };
    },
    noBatch(fn, declaration),
  );
}

function converting(declaration: Declaration, releases: Releases): typeof plain {
  const { hasStructs, hasPointers } = declaration;
  return (bound, signature, fast) => {
    const fn = plain(bound, signature, fast && !hasStructs);
    const short = hasPointers ? undefined : structCall(bound, declaration, fast);
    const batch = hasPointerColumns(declaration) ? batchOfPointers(fn, declaration) : noBatch(fn, declaration);
    return wrapped(fn, preparesStructs(fn, declaration, releases.pointer), batch, short);
  };
}

/** The function with the types that the native module knows. */
function plain(bound: BoundFunction, signature: Signature, fast: boolean): Wrappable {
  const call = fast ? fastest(bound, signature) : bound.call;
  return assignOwn(withOptions(call, bound), { ptr: bound.ptr, signature }) as Wrappable;
}
