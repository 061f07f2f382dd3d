/** A type that makes the compiler refuse unknown keys, which it accepts in objects whose types it infers. */

/** The keys of a type, or of all members of a union. */
type KeysOf<T> = T extends unknown ? keyof T : never;

/** A type that an object has only if it has no other keys than those. An object of any keys has it too. */
export type Only<T, Known extends PropertyKey> =
  string extends KeysOf<T> ? unknown : { readonly [Key in Exclude<KeysOf<T>, Known>]?: never };
