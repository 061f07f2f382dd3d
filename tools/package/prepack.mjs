// Runs before npm packs the package: refuses to pack one that is not complete or has native
// modules of other sources, and copies the Node-API headers, which
// building from source needs and a package cannot take from another one without depending on it.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LATE } from './late.mjs';
import { faultIn, PLATFORMS, prebuildOf } from './platforms.mjs';

const root = new URL('../../', import.meta.url);
const faults = [];

for (const platform of PLATFORMS) {
  const fault = faultIn(fileURLToPath(root), platform);
  if (fault) faults.push(`${prebuildOf(platform)} ${fault}`);
}

const entries = ['dist', ...PLATFORMS.map((platform) => `dist/platforms/${platform}`)];
for (const entry of entries) {
  for (const name of ['index.cjs', 'index.mjs', 'index.d.ts', 'index.d.mts', 'load.cjs']) {
    if (!existsSync(new URL(`${entry}/${name}`, root))) faults.push(`${entry}/${name} is not there`);
  }
}
for (const name of [
  'library.cjs',
  'preload.cjs',
  'preload.mjs',
  ...Object.keys(LATE).map((file) => `library/${file}.cjs`),
]) {
  if (!existsSync(new URL(`dist/${name}`, root))) faults.push(`dist/${name} is not there`);
}

const headers = new URL('node_modules/node-api-headers/include/', root);
if (existsSync(headers)) {
  mkdirSync(new URL('include/node-api/', root), { recursive: true });
  for (const name of readdirSync(headers)) {
    if (name.endsWith('.h')) copyFileSync(new URL(name, headers), new URL(`include/node-api/${name}`, root));
  }
} else if (!existsSync(new URL('include/node-api/node_api.h', root))) {
  faults.push('the Node-API headers are not there: `npm ci` fetches them');
}

if (faults.length) {
  console.error(`The package is not complete:\n${faults.map((fault) => `  ${fault}\n`).join('')}`);
  console.error('`make build prebuilds` makes what belongs into it.');
  process.exit(1);
}
