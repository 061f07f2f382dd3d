// Measures one row with one contender, in a process of its own: child.mjs SUITE ROW CONTENDER. Prints one line of JSON.
const [suite, rowName, adapterName] = process.argv.slice(2);
const { rows } = await import(`./rows/${suite}.mjs`);
const adapter = await import(`./contenders/${adapterName}.mjs`);
const row = rows.find(({ name }) => name === rowName);

const result = {};
try {
  const start = performance.now();
  const api = await adapter.load();
  const loadMilliseconds = performance.now() - start;
  const engine = adapter.engine?.(api);
  Object.assign(result, { engine, version: await adapter.version(api) });
  result.samples = await row.measure({ ...adapter, api, loadMilliseconds });
} catch (error) {
  result.failure = String(error.message).split('\n')[0];
}
console.log(`\n${JSON.stringify(result)}`);
process.exit(0);
