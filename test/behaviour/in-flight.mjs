// Async calls that wait at a gate while their buffer is changed.
import { after } from 'node:test';
import { dlopen } from 'arkffi';
import { collectGarbage } from './hosts.mjs';
import { fixture } from './support.mjs';

export const { symbols } = dlopen(fixture, {
  gate_new: { returns: 'p' },
  gate_free: { args: ['p'] },
  gate_open: { args: ['p'] },
  gate_buffer_sum: { args: ['p', 'p', 'L'], returns: 'L' },
  gate_buffer_fill: { args: ['p', 'p', 'L', 'C'] },
});

const gates = [];
after(() => gates.forEach((gate) => symbols.gate_free(gate)));

/**
 * Starts a call with a closed gate by `start`, runs `change`, collects garbage, opens the gate, and returns the call's
 * result.
 */
export async function meanwhile(start, change) {
  const gate = symbols.gate_new();
  gates.push(gate);
  const pending = start(gate);
  await change();
  collectGarbage();
  symbols.gate_open(gate);
  return pending;
}
