// The demonstration: calls real C libraries from JavaScript. `make demo` builds arkffi and runs this program.
//
//   node examples/demo/main.mjs            all topics
//   node examples/demo/main.mjs zlib libm  only these topics
import * as eventLoop from './event-loop.mjs';
import * as progress from './progress.mjs';
import * as libm from './libm.mjs';
import * as libc from './libc.mjs';
import * as zlib from './zlib.mjs';
import * as sqlite from './sqlite.mjs';
import * as errors from './errors.mjs';
import { bold, dim, finish, section } from './report.mjs';

const topics = { 'event-loop': eventLoop, progress, libm, libc, zlib, sqlite, errors };

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(topics, name));
if (unknown) {
  console.error(`There is no topic '${unknown}': choose from ${Object.keys(topics).join(', ')}.`);
  process.exit(2);
}

console.log(`${bold('arkffi')} ${dim(`on Node.js ${process.versions.node}, ${process.platform} ${process.arch}`)}`);
for (const [name, topic] of Object.entries(topics)) {
  if (!wanted.length || wanted.includes(name)) await section(topic);
}
process.exitCode = finish();
