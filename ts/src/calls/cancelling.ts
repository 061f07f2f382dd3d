/**
 * Calls that a signal or a timeout may end. One listener serves all calls of a signal, and one timer of the host all
 * calls that start in the same millisecond with the same timeout.
 */

import type { CancelGroups } from '../host/bridge';
import { ffiError } from '../base/errors';
import { native } from '../base/native';
import { assignOwn } from '../base/own';
import { then } from '../base/promises';
import type { AbortSignalLike, CancelOptions } from '../signatures/answers';

declare function setTimeout(callback: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;

/**
 * The calls that are cancelled together. The native module keeps them, in the order in which they began, and gives a
 * Promise that resolves when there are none any more, so that no JavaScript has to run for each call.
 */
abstract class Group {
  /** The group of the native module; 0 while there is none. */
  private handle = 0;
  private isWatched = false;
  private hasBegun = false;

  /** The handle for a call that is about to start. `watch` must follow. */
  open(): number {
    return (this.handle ||= native.openCancelGroup());
  }

  /** Begins with the first call that was not refused, and sees to it that the group ends with its last call. */
  watch(): void {
    if (this.handle && !this.isWatched) this.look();
    if (!this.handle || this.hasBegun) return;
    this.begin();
    this.hasBegun = true;
  }

  cancel(): void {
    if (this.handle) native.cancelCalls(this.handle, (name) => this.reasonFor(name));
  }

  private look(): void {
    const empty = native.closeCancelGroup(this.handle);
    this.isWatched = empty !== undefined;
    if (empty) {
      void then(empty, () => this.look());
      return;
    }
    this.handle = 0;
    if (this.hasBegun) this.end();
    this.hasBegun = false;
  }

  /** There is a call. */
  protected abstract begin(): void;

  /** The last call has left the group. */
  protected abstract end(): void;

  /** The reason for the rejection of a call of the function `name`. */
  protected abstract reasonFor(name: string): unknown;
}

/** The calls of one signal. There is a listener while there are calls. */
class SignalGroup extends Group {
  constructor(private readonly signal: AbortSignalLike) {
    super();
  }

  private readonly onAbort = (): void => this.cancel();

  protected override begin(): void {
    this.signal.addEventListener('abort', this.onAbort);
  }

  protected override end(): void {
    this.signal.removeEventListener('abort', this.onAbort);
  }

  protected override reasonFor(name: string): unknown {
    return abortReason(name, this.signal);
  }
}

const signalGroups = new WeakMap<AbortSignalLike, SignalGroup>();

function groupOfSignal(signal: AbortSignalLike): SignalGroup {
  let group = signalGroups.get(signal);
  if (!group) signalGroups.set(signal, (group = new SignalGroup(signal)));
  return group;
}

/**
 * A timer of the host. When its group has ended it is kept for a moment, for a group that follows at once: some hosts
 * take longer to set and clear a timer than for a whole call.
 */
class Timer {
  private handle: unknown;
  private group: TimerGroup | undefined;
  /** By how many milliseconds it comes too early for the group, which began after it was set. */
  private early = 0;
  private hasFired = false;
  /** A program may replace the clock, for tests. */
  private readonly setTimeout = setTimeout;

  constructor(
    private readonly timeout: number,
    /** The time `timeout` before it fires. */
    private start: number,
  ) {
    this.set(timeout);
  }

  /** A timer for a group that begins now. */
  static start(group: TimerGroup): Timer {
    const { timeout, start } = group;
    const isReused = spare !== undefined && spare.timeout === timeout && spare.setTimeout === setTimeout;
    const timer = isReused ? (spare as Timer) : new Timer(timeout, start);
    if (isReused) spare = undefined;
    timer.group = group;
    timer.early = Math.min(start - timer.start, timeout); // the system's time may have been changed
    return timer;
  }

  /** The group has ended. */
  release(): void {
    this.group = undefined;
    if (this.hasFired) return;
    if (spare !== undefined) spare.clear();
    spare = this;
    this.wait(TURNS);
  }

  private set(milliseconds: number): void {
    this.handle = setTimeout(() => this.fire(), milliseconds);
  }

  private fire(): void {
    const { early } = this;
    if (early > 0 && this.group) {
      this.early = 0;
      this.start += early;
      this.set(early);
      return;
    }
    this.hasFired = true;
    if (spare === this) spare = undefined;
    if (this.group) this.group.cancel();
  }

  private wait(turns: number): void {
    if (spare !== this) return;
    if (turns > 0) void then(Promise.resolve(), () => this.wait(turns - 1));
    else this.clear();
  }

  private clear(): void {
    spare = undefined;
    clearTimeout(this.handle);
  }
}

/** For how many reactions to Promises a timer is kept. The call after an `await` needs one to three. */
const TURNS = 6;

/** The timer that is kept. It is cleared before the event loop goes on, so it does not keep the process alive. */
let spare: Timer | undefined;

/** The calls that one timer ends. */
class TimerGroup extends Group {
  private timer: Timer | undefined;

  constructor(
    readonly timeout: number,
    readonly start: number,
  ) {
    super();
  }

  protected override begin(): void {
    this.timer = Timer.start(this);
  }

  protected override end(): void {
    if (newest === this) newest = undefined;
    if (this.timer) this.timer.release();
    this.timer = undefined;
  }

  protected override reasonFor(name: string): unknown {
    return timeoutError(name, this.timeout);
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

/** The groups of the call that is about to start: that of its signal and that of its timeout, or 0. */
const groups: CancelGroups = new Float64Array(2);

/**
 * Starts a call, and cancels it when the signal is aborted or the timeout expires. `begin` must call the native module
 * with what it gets as `this`, before any code of the program runs.
 */
export function follow(
  name: string,
  { signal, timeout }: CancelOptions,
  begin: (groups: CancelGroups) => Promise<unknown>,
): Promise<unknown> {
  if (signal && signal.aborted) return Promise.reject(abortReason(name, signal));
  const signalled = signal && groupOfSignal(signal);
  const timed = timeout === undefined ? undefined : groupOfTimeout(timeout);
  try {
    groups[0] = signalled ? signalled.open() : 0;
    groups[1] = timed ? timed.open() : 0;
    return begin(groups);
  } finally {
    // A getter among the arguments may have aborted it.
    if (signalled && signal.aborted) signalled.cancel();
    if (signalled) signalled.watch();
    if (timed) timed.watch();
  }
}

function abortReason(name: string, signal: AbortSignalLike): unknown {
  if (signal.reason !== undefined) return signal.reason;
  return assignOwn(ffiError('ERR_FFI_ABORTED', `${name}: the call was aborted`), { name: 'AbortError' });
}

function timeoutError(name: string, timeout: number): Error {
  const error = ffiError('ERR_FFI_TIMEOUT', `${name}: the call took longer than ${timeout} ms`);
  return assignOwn(error, { name: 'TimeoutError' });
}
