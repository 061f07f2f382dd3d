// The performance targets of arkffi, and whether they are met. A target is declared with its row; `ids` are the
// contenders that it applies to.
import { contenderWith } from './contenders.mjs';
import { figure, times as inTimes } from './report.mjs';

/** At most `most`, in the column's unit. */
export function atMost(most, ids) {
  return { text: `at most ${most}`, ids, isMet: (value) => value <= most, detail: () => '' };
}

/** `times` times as fast as the best peer, of the peers on V8 or of all. */
export function timesFaster(times, whom, ids) {
  const asFast = times === 1 ? 'as fast as' : `${times} times as fast as`;
  return relative(times, ids, `${asFast} the best peer${whom === 'V8' ? ' on V8' : ''}`, (_, peer) => {
    return peer.isPeer && (whom === 'all' || peer.host.isV8);
  });
}

export function koffiTimes(times, ids) {
  return relative(times, ids, `${times} times as fast as koffi`, (_, { adapter }) => adapter === 'koffi');
}

/** At most `times` times the time of the host's own calls, on hosts whose name is also that of their engine. */
export function ownCallsTimes(times, host) {
  const text = `at most ${times} times the time of ${host}'s own calls`;
  return relative(1 / times, [`arkffi@${host}`], text, (_, { adapter }) => adapter === `${host}-ffi`);
}

/** At most `times` times the time of a typed array's element on the same host. */
export function elementTimes(times, ids) {
  return relative(1 / times, ids, `at most ${times} times a typed array's element`, (own, other) => {
    return other.adapter === 'elements' && other.hostId === own.hostId;
  });
}

/** The portable engine compared with the plain Node-API call on the same host; a tenth is within the noise. */
export function notSlowerThanPlain(hosts) {
  const ids = hosts.map((host) => `arkffi-portable@${host}`);
  return relative(0.9, ids, 'the portable engine not slower than the plain one', (own, other) => {
    return other.adapter === 'arkffi' && other.hostId === own.hostId && other.engine === 'napi';
  });
}

function relative(times, ids, text, isRival) {
  const bestRival = (own, column, contenders) => {
    const rivals = contenders.filter((other) => isRival(own, other));
    return Math.min(...rivals.map(({ id }) => figure(column, id) ?? Infinity));
  };
  return {
    text,
    ids,
    isMet: (value, ...where) => bestRival(...where) / value >= times,
    detail: (value, ...where) => ` (${inTimes(bestRival(...where) / value)})`,
    isKnown: (...where) => Number.isFinite(bestRival(...where)),
  };
}

/** The verdicts on all targets of a column that has samples for them: `{ text, id, value, detail, isMet }`. */
export function verdicts(column, contenders) {
  const found = [];
  for (const target of column.targets ?? []) {
    for (const id of target.ids) {
      const own = contenderWith(id, contenders);
      const value = own && figure(column, own.id);
      if (value === undefined || !(target.isKnown?.(own, column, contenders) ?? true)) continue;
      const where = [value, own, column, contenders];
      found.push({ text: target.text, id, value, detail: target.detail(...where), isMet: target.isMet(...where) });
    }
  }
  return found;
}
