// Measures one row with one contender, in a process of its own: child.mjs SUITE ROW CONTENDER. Prints JSON.
const [suite, rowName, contenderName] = process.argv.slice(2);
const { rows } = await import(`./rows/${suite}.mjs`);
const contender = await import(`./contenders/${contenderName}.mjs`);

const row = rows.find(({ name }) => name === rowName);
const opened = await contender.open();
const samples = await row.measure({ ...contender, ...opened });
console.log(JSON.stringify({ version: opened.version, samples }));
process.exit(0);
