// Options of calls: the functions that `with` returns, and options that it refuses. This file is only compiled.

import { AsyncCFunction, dlopen } from '../../ts/src';
import type { AbortSignalLike, WithErrno } from '../../ts/src';
import type { Equal, Expect } from './equal';

declare const signal: AbortSignalLike;

const lib = dlopen('library', {
  open: { args: ['s', 'i'], returns: 'i' },
  slow: { args: [], returns: 'v', fast: false },
});
const { open, slow } = lib.symbols;
const asyncOpen = AsyncCFunction({ args: ['s', 'i'], returns: 'i', ptr: open });

const results = {
  pair: open.with({ errno: true })('path', 0),
  plain: open.with({})('path', 0),
  asyncPair: open.async.with({ errno: true, timeout: 1 })('path', 0),
  asyncPlain: open.async.with({ timeout: 5 })('path', 0),
  nothing: slow.async.with({ signal })(),
  fromAddress: asyncOpen.with({ signal })('path', 0),
  pairFromAddress: asyncOpen.async.with({ errno: true })('path', 0),
};
type Results = typeof results;
export type Inferred = [
  Expect<Equal<Results['pair'], WithErrno<number>>>,
  Expect<Equal<Results['plain'], number>>,
  Expect<Equal<Results['asyncPair'], Promise<WithErrno<number>>>>,
  Expect<Equal<Results['asyncPlain'], Promise<number>>>,
  Expect<Equal<Results['nothing'], Promise<void>>>,
  Expect<Equal<Results['fromAddress'], Promise<number>>>,
  Expect<Equal<Results['pairFromAddress'], Promise<WithErrno<number>>>>,
];

// @ts-expect-error a synchronous call cannot be aborted
open.with({ signal });
// @ts-expect-error a timeout is a number
open.async.with({ timeout: '5' });
// @ts-expect-error a signal is not a number
open.async.with({ signal: 5 });
// @ts-expect-error the arguments are still checked
open.with({ errno: true })(true, 0);

export const setBefore: number = open.with({ errno: { set: 0 } })('path', 0).errno;
export const setBeforeLater: Promise<{ readonly errno: number }> = open.async.with({ errno: { set: 5 } })('path', 0);
// @ts-expect-error errno is a number
open.with({ errno: { set: '5' } });
