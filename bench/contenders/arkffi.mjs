// arkffi as it was built last, and libffi_target.so beside it.
export const name = 'arkffi';

export async function open() {
  const { dlopen } = await import('../../dist/index.mjs');
  const { version } = (await import('../../package.json', { with: { type: 'json' } })).default;
  const add = { args: ['d', 'd'], returns: 'd' };
  const sleep_ms = { args: ['i'], returns: 'i' };
  const pool = dlopen('libffi_target.so', { add });
  const lane = dlopen('libffi_target.so', { sleep_ms }, { threads: 16 });
  return { version, addNow: pool.symbols.add, add: pool.symbols.add.async, sleep: lane.symbols.sleep_ms.async };
}
