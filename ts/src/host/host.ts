/**
 * The JavaScript host that this build is for. Support for another host is another file like `node.ts`, with the same
 * exports, that this file names instead. No other file depends on the host.
 */

export { INSPECT, isElectron, loadNative, NotLoaded, pathForLoader, wantedEngine } from './node';
