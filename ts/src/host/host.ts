/**
 * The JavaScript host that this build is for. Support for another host is another file like `node.ts`, with the same
 * exports, that takes the place of this one: `ohos.ts` does in the package for OpenHarmony. No other file depends on the
 * host.
 */

export { bunCalls as hostCalls } from './bun';
export { denoCalls as symbolCalls } from './deno';
export {
  compressesPointers,
  INSPECT,
  loadNative,
  NotLoaded,
  pathForLoader,
  pathInUrl,
  suffix,
  wantedEngine,
} from './node';
