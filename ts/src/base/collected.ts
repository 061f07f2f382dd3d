/** What happens when an object has been collected. */

/** Tells what has been kept beside an object when the object has been collected. */
export interface Collected<Held> {
  register(owner: object, held: Held, token?: object): void;
  unregister(token: object): void;
}
declare const FinalizationRegistry: (new <Held>(collected: (held: Held) => void) => Collected<Held>) | undefined;

/** Calls `collected` for each registered object; undefined where a JavaScript engine does not report that. */
export function whenCollected<Held>(collected: (held: Held) => void): Collected<Held> | undefined {
  return typeof FinalizationRegistry === 'function' ? new FinalizationRegistry(collected) : undefined;
}
