// The contenders: an adapter of contenders/ on a host of hosts.mjs; arkffi also with a named engine.
//
//   koffi@node26   arkffi@bun   arkffi-napi@node22
import { hosts, isInstalled } from './hosts.mjs';

/** The contender that the others are compared with. */
export const LEAD = 'arkffi@node26';
/** The other contenders, each on the newest host that it runs on. */
export const PEERS = [
  'bare@node26',
  'addon@node26',
  'koffi@node26',
  'ffi-rs@node26',
  'node-ffi@node26',
  'bun-ffi@bun',
  'deno-ffi@deno',
];

function parts(id) {
  const [, adapter, engine, hostId] = /^(arkffi(?=[-@])|[\w-]+?)(?:-(v8|bun|deno|portable|napi))?@(\w+)$/.exec(id);
  return { adapter, engine, hostId };
}

/** What is known of a contender before it has run. `excuse` says why it cannot run, if it cannot. */
export async function contenderOf(id) {
  const { adapter, engine, hostId } = parts(id);
  const host = hosts[hostId];
  const { name, isPeer = false, notes = {}, cannot = {} } = await import(`./contenders/${adapter}.mjs`);
  const excuse = isInstalled(host) ? undefined : 'not installed';
  return { id, adapter, name, isPeer, notes, cannot, host, hostId, wantedEngine: engine, excuse };
}

/** The command that runs a script as this contender: a file, its arguments, its environment. */
export function commandOf({ adapter, host, wantedEngine }, script, suite, row) {
  const env = { ...process.env, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' };
  delete env.ARKFFI_ENGINE;
  if (wantedEngine) env.ARKFFI_ENGINE = wantedEngine;
  return { file: host.file, argv: [...host.argv(row.v8Flags ?? []), script, suite, row.name, adapter], env };
}

/** The contender with that id, or the one that is identical to it because the engine is its host's default. */
export function contenderWith(id, contenders) {
  const { adapter, engine, hostId } = parts(id);
  const isSame = (one) =>
    one.adapter === adapter && one.hostId === hostId && one.engine === engine && !one.wantedEngine;
  return contenders.find((one) => one.id === id && !one.excuse) ?? (engine && contenders.find(isSame));
}

/** Whether a word of the command line names this contender: `koffi@node26`, `koffi` or `node26`. */
export function isNamedBy({ id, hostId }, word) {
  return word === id || word === hostId || word === id.split('@')[0];
}
