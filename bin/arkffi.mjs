#!/usr/bin/env node
// The command `arkffi`. Nothing runs it by itself. `arkffi build` builds the native module from the sources in this package,
// for machines that the package has no build for, and `arkffi bind` makes a module with types of a C header.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const usage = `usage: arkffi bind [OPTION]... HEADER...

Makes a module with TypeScript types of a C header: arkffi bind --help

usage: arkffi build [--output FILE] [-D<name>=<value>]...

Builds arkffi's native module for this machine, with a C compiler and CMake (on Debian: gcc make cmake), and with
libffi on other processors than x64 and arm64 (libffi-dev).
It is put into arkffi's package, where arkffi finds it. With --output it is put elsewhere, for the environment variable
ARKFFI_NATIVE_MODULE. Arguments that begin with -D are passed on to CMake: -DCMAKE_C_COMPILER=clang`;

function fail(text) {
  console.error(`arkffi: ${text}`);
  process.exit(1);
}

/** Runs a command and shows its output only if it fails. */
function run(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error?.code === 'ENOENT') fail(`${command} is not installed; on Debian: apt-get install gcc make cmake`);
  if (error) fail(`${command}: ${error.message}`);
  if (status !== 0) fail(`${command} failed:\n${stdout}${stderr}`);
}

function build(words) {
  const options = words.filter((word) => word.startsWith('-D'));
  const rest = words.filter((word) => !word.startsWith('-D'));
  const hasOutput = rest[0] === '--output' && rest.length === 2;
  if (rest.length > 0 && !hasOutput) fail(usage);
  // Hosts read a file of any other name as JavaScript.
  if (hasOutput && !rest[1].endsWith('.node')) fail(`the name of the file must end in .node: ${rest[1]}`);
  const output = hasOutput ? resolve(rest[1]) : join(root, 'dist/liblibrary.node');
  const folder = mkdtempSync(join(tmpdir(), 'arkffi-build-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const settings = ['-DCMAKE_BUILD_TYPE=Release', '-DARKFFI_TESTS=OFF', `-DARKFFI_OUTPUT=${folder}`, ...options];
  run('cmake', ['-S', root, '-B', join(folder, 'build'), ...settings]);
  run('cmake', ['--build', join(folder, 'build'), '--target', 'arkffi', '--parallel']);
  const built = join(folder, 'liblibrary.node');
  run(process.execPath, ['-e', `require(${JSON.stringify(built)})`]);
  try {
    mkdirSync(dirname(output), { recursive: true });
    // A program that runs may have the old file in use, so it is replaced and not written over.
    copyFileSync(built, `${output}.new`);
    renameSync(`${output}.new`, output);
  } catch ({ message }) {
    fail(`${message}; \`arkffi build --output FILE\` puts the native module elsewhere`);
  }
  console.log(`arkffi: built ${output}`);
  if (hasOutput) console.log(`arkffi: to use it, set the environment variable ARKFFI_NATIVE_MODULE to this path`);
}

/** The native module is loaded only here: `arkffi build` is for machines that have none. */
async function bind(words) {
  try {
    const command = await import('./bind/command.mjs');
    await command.bind(words);
  } catch (error) {
    if (error?.code === undefined) throw error;
    fail(`${error.message} [${error.code}]`);
  }
}

const [command, ...words] = process.argv.slice(2);
if (command === 'build') build(words);
else if (command === 'bind') await bind(words);
else if (command === '--help' || command === '-h') console.log(usage);
else fail(usage);
