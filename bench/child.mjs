// Measures one row with one contender, in a process of its own: child.mjs SUITE ROW CONTENDER. Prints each finding as a
// line of JSON as soon as it is known, because a contender may crash.
const [suite, rowName, adapterName] = process.argv.slice(2);
const { rows } = await import(`./rows/${suite}.mjs`);
const adapter = await import(`./contenders/${adapterName}.mjs`);
const row = rows.find(({ name }) => name === rowName);

const print = (found) => console.log(`\n${JSON.stringify(found)}`);

try {
  const start = performance.now();
  const api = await adapter.load();
  const loadMilliseconds = performance.now() - start;
  const engine = adapter.engine?.(api);
  print({ engine, version: await adapter.version(api) });
  print({ samples: await row.measure({ ...adapter, api, loadMilliseconds }) });
} catch (error) {
  print({ failure: String(error.message).split('\n')[0] });
}
process.exit(0);
