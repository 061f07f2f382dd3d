/**
 * The host that this build is for. Another JavaScript host is another file beside `node.ts`, which exports the same, and
 * is named here instead: nothing else asks which host this is.
 */

export { INSPECT, loadNative, wantedEngine } from './node';
