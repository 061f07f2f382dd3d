// Runs the demonstration, examples/demo, in the hosts of another platform: the topics whose libraries that platform has.
//
//   node tools/platforms/demo.mjs PLATFORM [TOPIC]...
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { buildForScript } from './build.mjs';
import { hostsFor } from './host.mjs';
import { pathOn } from './script.mjs';
import { PLATFORMS, root } from './targets.mjs';

const [name, ...topics] = process.argv.slice(2);
if (!PLATFORMS[name]?.script) throw new Error(`no platform with a JavaScript host: ${name}`);

const { module } = buildForScript(name);
const folders = PLATFORMS[name].script.libraries ?? [];
const separator = name === 'windows' ? ';' : ':';
let good = true;
for (const { argv, env } of hostsFor(name)) {
  const [command, ...args] = [...argv, '--no-warnings', './examples/demo/main.mjs', ...topics];
  const variables = {
    ...process.env,
    ARKFFI_NATIVE_MODULE: pathOn(name, module),
    ARKFFI_LIBRARY_PATH: [dirname(module), ...folders].map((folder) => pathOn(name, folder)).join(separator),
    ...env,
  };
  good = spawnSync(command, args, { cwd: root, env: variables, stdio: 'inherit' }).status === 0 && good;
}
process.exitCode = good ? 0 : 1;
