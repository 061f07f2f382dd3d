/** Out-parameters: pointers through which C writes a value that the call returns. */

import { brand } from '../base/brand';
import type { Address, LibraryHandle } from '../host/bridge';
import { ffiError } from '../base/errors';
import { assignOwn, defineOwn, has } from '../base/own';
import { native } from '../base/native';
import type { Codec } from '../memory/codec';
import { codecs } from '../memory/codecs';
import { Memory } from '../memory/memory';
import type { FieldType } from '../struct/fields';
import { codecOf } from '../struct/members';
import { Owned, ownedPointer, ownedValue, releaseIn, releaseOf } from './owned';
import type { Release } from './owned';

/** The type of the value of an out-parameter: that of a field, or of what C allocates. */
export type OutType = FieldType | Owned<any>;

/**
 * The type of a pointer parameter through which C writes a value. C may read a first value if the call takes one. Made
 * by `out` and `inout`.
 */
export class Out<T extends OutType = OutType, In extends boolean = boolean> {
  /** Reads and writes the value. @internal */
  readonly codec: Codec;
  /** The functions that free what is owned, by the library that their name is looked up in. @internal */
  private readonly releases = new Map<LibraryHandle | undefined, Release>();

  /** @internal */
  constructor(
    /** The type of the value. */
    readonly type: T,
    /** Whether the call takes a first value. */
    readonly takes: In,
  ) {
    this.codec = codecOf(type instanceof Owned ? type.type : type, takes ? 'inout' : 'out');
    defineOwn(this, 'codec', { enumerable: false });
    defineOwn(this, 'releases', { enumerable: false });
    Object.freeze(this);
  }

  /**
   * The function that frees what C allocates if it is owned, undefined if it is not. It stays usable when its library is
   * closed.
   * @throws as `releaseOf` does.
   */
  releaseIn(library: LibraryHandle | undefined, place: string): Release | undefined {
    const { type, releases } = this;
    if (!(type instanceof Owned)) return undefined;
    const key = typeof type.release === 'string' ? library : undefined;
    let release = releases.get(key);
    if (release === undefined) {
      release = releaseIn(type, place, library);
      releases.set(key, release);
    }
    return release;
  }
}

brand(Out.prototype, 'an out-parameter');

/** What frees the result of a function, if C allocates it. */
export interface Releases {
  /** The address of what frees a string, for the native module. */
  readonly text?: Address;
  /** What frees the memory that a pointer leads to. */
  readonly pointer?: Release;
}

/**
 * Looks up what frees what C allocates: for the out-parameters of a function, so that a wrong name is an error before
 * the first call, and for its result. `name` begins messages.
 */
export function releasesOf(
  { args, returns }: { readonly args: readonly unknown[]; readonly returns: unknown },
  name: string,
  library?: LibraryHandle,
): Releases {
  args.forEach((type, i) => type instanceof Out && type.releaseIn(library, `${name}: args[${i}]`));
  const place = `${name}: returns`;
  return ownedPointer(returns)
    ? { pointer: releaseIn(returns, place, library) }
    : { text: releaseOf(returns, place, library) };
}

/**
 * Makes an out-parameter that a program passes in a call say where it lies: in memory that is made for the call. The
 * native module calls these functions; bridge/calls/out_argument.h says when.
 */
defineOwn(Out.prototype, native.placeKey, {
  get(this: Out): object {
    return placeFor(this);
  },
});

function placeFor(out: Out): object {
  const { codec } = out;
  const memory = Memory.zeros(codec.size, codec.align);
  let release: Release | undefined;

  const drop = (): void => {
    if (release === undefined) return;
    const address = codecs.p.read(memory, 0);
    codecs.p.write(memory, 0, 0, '');
    if (address !== 0) release(address);
  };
  const begin = function (this: object, name: string, argument: string, library?: LibraryHandle): Uint8Array {
    const place = `${name}${argument}`;
    if (has(this, 'first') !== out.takes) {
      const expected = out.takes ? '[inout(type), value]' : 'out(type), which takes no value';
      throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: expected ${expected}`);
    }
    release = out.releaseIn(library, place);
    if (out.takes) codec.write(memory, 0, (this as { first?: unknown }).first, place);
    return memory.bytes(0, codec.size);
  };
  const read = (): unknown => {
    const pointer = ownedPointer(out.type);
    if (release !== undefined && pointer !== undefined) {
      const address = codecs.p.read(memory, 0) as Address;
      codecs.p.write(memory, 0, 0, '');
      return ownedValue(pointer, address, release);
    }
    try {
      return codec.read(memory, 0);
    } finally {
      drop();
    }
  };
  return assignOwn(read, { begin, drop });
}

/**
 * A pointer parameter through which C writes a value of that type. In `args`, the call takes no argument for it; or it
 * is passed in the call, for any pointer. The call returns what C has written: `{ value, out: [...] }`, in the order of
 * the parameters. The value is zero if C writes nothing. A string that C allocates for the caller is
 * `out(owned('cstring', 'free'))`, and `out(owned(pointerTo(Point), 'free'))` a struct.
 *
 * @example
 * const { frexp } = dlopen('libm.so.6', { frexp: { args: ['d', out('i')], returns: 'd' } }).symbols;
 * frexp(40); // { value: 0.625, out: [6] }
 * const { time } = dlopen(null, { time: { args: ['p'], returns: 'l' } }).symbols;
 * time(out('l')).out[0]; // what time(null) returns
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for an unknown type.
 */
export function out<T extends OutType>(type: T): Out<T, false> {
  return new Out<T, false>(type, false);
}

/**
 * An out-parameter with a first value, which C may read. In `args`, the call takes an argument for it. Passed in the
 * call, it is `[inout(type), value]`.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for an unknown type, and for an owned one, which C could not free.
 */
export function inout<T extends FieldType>(type: T): Out<T, true> {
  if ((type as unknown) instanceof Owned) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', "inout: what is owned is C's from the beginning: only out has it");
  }
  return new Out<T, true>(type, true);
}
