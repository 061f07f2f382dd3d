// `using` closes objects that have a close method; it needs a compiler of version 5.2 or later.

import { CFunction, dlopen, JSCallback } from '../../ts/src';

export function closed(): number {
  using lib = dlopen('library', { add: { args: ['d', 'd'], returns: 'd' } });
  using add = CFunction({ args: ['d', 'd'], returns: 'd', ptr: lib.symbols.add });
  using callback = new JSCallback((n) => n + 1, { args: ['i'], returns: 'i' });
  return lib.symbols.add(add(1, 2), callback.call(3));
}
