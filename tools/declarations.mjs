// Writes the types of the package, file by file.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Writes them into a folder of the checkout. Returns the compiler's exit code. */
export function writeDeclarations(folder) {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'ts', '--outDir', folder], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) return status ?? 1;
  const entry = "export * from './index.js';\nexport { ffi as default } from './index.js';\n";
  writeFileSync(`${root}${folder}/index.d.mts`, entry);
  // The types of one file say where those of another are as if this were CommonJS.
  writeFileSync(`${root}${folder}/package.json`, `${JSON.stringify({ type: 'commonjs' })}\n`);
  return 0;
}
