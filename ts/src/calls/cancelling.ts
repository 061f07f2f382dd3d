/**
 * Calls that a signal or a timeout may end. One listener serves all calls of a signal, and one timer of the host all
 * calls that start in the same millisecond with the same timeout.
 */

import { ffiError } from '../base/errors';
import { native } from '../base/native';
import { assignOwn } from '../base/own';
import { then } from '../base/promises';
import type { AbortSignalLike, CancelOptions } from '../signatures/answers';

declare function setTimeout(callback: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** The calls that end together, in the order in which they began. */
class Group {
  count = 0;
  private first?: Member;
  private last?: Member;

  add(call: number, name: string): Member {
    const member: Member = { group: this, call, name, previous: this.last, next: undefined };
    if (this.last) this.last.next = member;
    else this.first = member;
    this.last = member;
    this.count++;
    return member;
  }

  remove({ previous, next }: Member): void {
    if (previous) previous.next = next;
    else this.first = next;
    if (next) next.previous = previous;
    else this.last = previous;
    this.count--;
  }

  /** Ends all calls. A call leaves the group when its Promise has settled, which is later. */
  cancel(reasonFor: (name: string) => unknown): void {
    for (let member = this.first; member; member = member.next) native.cancelCall(member.call, reasonFor(member.name));
  }
}

/** A call in a group. */
interface Member {
  readonly group: Group;
  readonly call: number;
  readonly name: string;
  previous: Member | undefined;
  next: Member | undefined;
}

/** The calls of one signal. There is a listener while there are calls. */
class SignalGroup extends Group {
  constructor(private readonly signal: AbortSignalLike) {
    super();
  }

  private readonly onAbort = (): void => this.cancel((name) => abortReason(name, this.signal));

  override add(call: number, name: string): Member {
    if (!this.count) this.signal.addEventListener('abort', this.onAbort);
    return super.add(call, name);
  }

  override remove(member: Member): void {
    super.remove(member);
    if (!this.count) this.signal.removeEventListener('abort', this.onAbort);
  }
}

const signalGroups = new WeakMap<AbortSignalLike, SignalGroup>();

function groupOfSignal(signal: AbortSignalLike): SignalGroup {
  let group = signalGroups.get(signal);
  if (!group) signalGroups.set(signal, (group = new SignalGroup(signal)));
  return group;
}

/** The calls that one timer ends. */
class TimerGroup extends Group {
  private readonly timer: unknown;

  constructor(
    readonly timeout: number,
    readonly start: number,
  ) {
    super();
    this.timer = setTimeout(() => this.cancel((name) => timeoutError(name, timeout)), timeout);
  }

  override remove(member: Member): void {
    super.remove(member);
    if (this.count) return;
    if (newest === this) newest = undefined;
    clearTimeout(this.timer);
  }
}

/**
 * The group that a call may join: none but calls of the same turn of the event loop, because a program may have stopped
 * the clock.
 */
let newest: TimerGroup | undefined;

function groupOfTimeout(timeout: number): TimerGroup {
  const now = Date.now();
  if (newest && newest.timeout === timeout && newest.start === now) return newest;
  const group = (newest = new TimerGroup(timeout, now));
  void then(Promise.resolve(), () => {
    if (newest === group) newest = undefined;
  });
  return group;
}

/** Starts a call, and cancels it when the signal is aborted or the timeout expires. */
export function follow(
  name: string,
  { signal, timeout }: CancelOptions,
  begin: () => [promise: Promise<unknown>, call: number],
): Promise<unknown> {
  if (signal && signal.aborted) return Promise.reject(abortReason(name, signal));
  const { 0: promise, 1: call } = begin();
  if (!call || (!signal && timeout === undefined)) return promise;
  const timed = timeout === undefined ? undefined : groupOfTimeout(timeout).add(call, name);
  const signalled = signal && groupOfSignal(signal).add(call, name);
  // A getter among the arguments may have aborted it.
  if (signal && signal.aborted) native.cancelCall(call, abortReason(name, signal));
  return then(
    promise,
    (value) => {
      leave(timed);
      leave(signalled);
      return value;
    },
    (error) => {
      leave(timed);
      leave(signalled);
      throw error;
    },
  );
}

function leave(member: Member | undefined): void {
  if (member) member.group.remove(member);
}

function abortReason(name: string, signal: AbortSignalLike): unknown {
  if (signal.reason !== undefined) return signal.reason;
  return assignOwn(ffiError('ERR_FFI_ABORTED', `${name}: the call was aborted`), { name: 'AbortError' });
}

function timeoutError(name: string, timeout: number): Error {
  const error = ffiError('ERR_FFI_TIMEOUT', `${name}: the call took longer than ${timeout} ms`);
  return assignOwn(error, { name: 'TimeoutError' });
}
