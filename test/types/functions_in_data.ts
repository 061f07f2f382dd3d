// The types that TypeScript infers for pointers to functions in data.
import { dlopen, JSCallback, out, pointerTo, Struct } from '../../ts/src';
import type { PointedFunction } from '../../ts/src';
import type { Equal, Expect } from './equal';

const binary = { args: ['i', 'i'], returns: 'i' } as const;
const Operations = Struct({
  add: binary,
  name: { returns: 's' },
  log: { args: ['s', 'L'] },
  choose: [{ args: ['d'], returns: 'd' }, 2],
});
const { symbols } = dlopen('x', {
  get: { returns: pointerTo(Operations) },
  apply: { args: [pointerTo(Operations), Operations] },
  find: { args: [out(binary)], returns: 'b' },
  current: { type: binary },
});

const operations = symbols.get()!;
const { log, choose } = operations;
export type Readings = [
  Expect<Equal<typeof operations.add, PointedFunction<[number, number], number> | null>>,
  Expect<Equal<typeof operations.name, PointedFunction<[], string | null> | null>>,
  Expect<Equal<ReturnType<NonNullable<typeof log>>, void>>,
  Expect<Equal<ReturnType<NonNullable<(typeof choose)[0]>['async']>, Promise<number>>>,
  Expect<Equal<ReturnType<typeof operations.toObject>['add'], number>>,
  Expect<Equal<ReturnType<typeof symbols.find>['out'], [PointedFunction<[number, number], number> | null]>>,
  Expect<Equal<typeof symbols.current.value, PointedFunction<[number, number], number> | null>>,
];
operations.add?.(1, 2).toFixed();
// @ts-expect-error a string is not a number
operations.add?.('1', 2);
// @ts-expect-error it may be NULL
operations.add(1, 2);

Operations.create({ add: (a, b) => a + b, log: (text, n) => void (text?.length === Number(n)), name: null });
Operations.create({ add: new JSCallback((a, b) => a + b, binary), choose: [(x) => x / 2, null] });
symbols.apply({ add: (a, b) => a * b }, { add: null, name: () => 'text', log: 4096, choose: [null, null] });
// @ts-expect-error the result is a number
Operations.create({ add: () => 'text' });
// @ts-expect-error the parameter is a text
Operations.create({ log: (text: number) => void text });
// @ts-expect-error unknown key
Struct({ x: { args: ['i'], return: 'i' } });
// @ts-expect-error unknown type
Struct({ x: { args: ['nope'] } });
