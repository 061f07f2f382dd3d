/** A type that makes the compiler refuse unknown keys, which it accepts in objects whose types it infers. */

/** The keys of a type, or of all members of a union. */
type KeysOf<T> = T extends unknown ? keyof T : never;

/**
 * The type of a key that is not known where a program has written it. No value has it, so that the compiler's error is at the key
 * and says what is wrong.
 */
export interface UnknownKey<What extends string> {
  readonly unknownKey: What;
}

/**
 * A type that an object has only if it has no other keys than those. An object of any keys has it too. With `Named`, it names
 * the other keys in the compiler's errors. Without, no value at all is right for these: with `exactOptionalPropertyTypes` not even
 * one of type `any`.
 */
export type Only<T, Known extends PropertyKey, Named = false> =
  string extends KeysOf<T>
    ? unknown
    : {
        readonly [Key in Exclude<KeysOf<T>, Known>]?: Named extends true
          ? UnknownKey<`'${Key & string}' is unknown${Hint<Key & string, Known & string>}`>
          : never;
      };

/**
 * What makes the compiler refuse a value of type `T` with unknown keys: the type that names them, or `never` where that would
 * accept the value, because a key's own value is of type `any`.
 */
export type Refused<T, Naming> = [T] extends [Naming] ? never : Naming;

/** What is said of a key that another one begins with: of `return`, where there is `returns`. */
type Hint<Key extends string, Known extends string> =
  Extract<Known, `${Key}${string}`> extends infer Near extends string
    ? [Near] extends [never]
      ? ''
      : `; did you mean '${Near}'?`
    : '';
