// What a native module for OpenHarmony asks of the system and shows to it, as nm, readelf and objdump read it.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ABIS, folderOf } from './sandbox.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const REGISTRATION = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
const LIBRARIES = ['libace_napi.z.so', 'libhilog_ndk.z.so', 'libc.so'];
const SYSTEM_CALLS = ['process_vm_readv', 'process_vm_writev'];
const MACHINES = { 'arm64-v8a': 'AArch64', x86_64: 'Advanced Micro Devices X86-64' };

const run = (command, ...args) =>
  execFileSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 1 << 28 });

const namesOf = (file, ...options) =>
  run('nm', '-D', '--format=posix', ...options, file)
    .split('\n')
    .map((line) => line.split(' ')[0])
    .filter(Boolean);

/** The folders of the object files that the native module is linked from, below the build folder of an ABI. */
const OBJECTS = ['core/CMakeFiles/arkffi_core.dir', 'cdef/CMakeFiles/arkffi_cdef.dir', 'bridge/CMakeFiles/arkffi.dir'];

/**
 * What is wrong with the instructions for 64-bit ARM: the system keeps x18 for itself. The object files are read, because
 * the native module also has functions of the compiler's, for `long double`: those of OpenHarmony's compiler leave x18
 * alone, and those of Debian's do not.
 */
function complaintsOfCode(abi) {
  const objects = OBJECTS.flatMap((part) => {
    const folder = `${folderOf(abi)}/arkffi/${part}`;
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.o'))
      .map((name) => `${folder}/${name}`);
  });
  const lines = run('aarch64-linux-gnu-objdump', '-d', '--no-show-raw-insn', ...objects).split('\n');
  if (lines.length < 1000) return ['could not be disassembled'];
  return lines.filter((line) => /\t.*\b[xw]18\b/.test(line)).map((line) => `uses x18:${line}`);
}

/** One line for each thing that is wrong with the native module. */
export function checkLibrary(abi, file) {
  const complaints = [];
  const exported = namesOf(file, '--defined-only');
  for (const name of exported) if (!REGISTRATION.includes(name)) complaints.push(`exports ${name}`);
  for (const name of REGISTRATION) if (!exported.includes(name)) complaints.push(`does not export ${name}`);

  // The linker has checked it against the stub; here the list itself is asked.
  const openHarmony = new Set(readFileSync(`${root}tools/openharmony/napi-symbols.txt`, 'utf8').split('\n'));
  const needed = namesOf(file, '--undefined-only');
  for (const name of needed) {
    if (/^(napi|node_api)_/.test(name) && !openHarmony.has(name))
      complaints.push(`needs ${name}, which OpenHarmony does not have`);
  }
  for (const name of SYSTEM_CALLS) {
    if (needed.includes(name)) complaints.push(`needs ${name}, for which the system may end an application`);
  }
  if (!needed.includes('napi_module_register')) complaints.push('does not register itself');
  if (!needed.includes('__stack_chk_fail')) complaints.push('is not hardened: it does not call __stack_chk_fail');

  const text = run('readelf', '-h', '-d', '-l', '-S', '-W', file);
  if (!text.includes(`Machine:                           ${MACHINES[abi]}`))
    complaints.push(`is not for ${MACHINES[abi]}`);
  if (!text.includes('Library soname: [liblibrary.so]')) complaints.push('is not named liblibrary.so');
  for (const [, library] of text.matchAll(/\(NEEDED\).*\[(.*)\]/g)) {
    if (!LIBRARIES.includes(library)) complaints.push(`needs the library ${library}`);
  }
  if (/\((TEXTREL|RPATH|RUNPATH)\)|FLAGS.*TEXTREL/.test(text))
    complaints.push('has text relocations, or a path to search');
  if (!/\bBIND_NOW\b|FLAGS_1.*\bNOW\b/.test(text)) complaints.push('is not linked with -z now');
  if (!/FLAGS_1.*\bNODELETE\b/.test(text)) complaints.push('is not linked with -z nodelete');
  if (!text.includes('GNU_RELRO')) complaints.push('is not linked with -z relro');
  if (!/GNU_STACK.* RW +0/.test(text)) complaints.push('does not say that its stack is not executable');
  if (/LOAD.* RWE /.test(text)) complaints.push('has memory that can be written and executed');
  if (/ \.(symtab|debug_\w+) /.test(text)) complaints.push('is not stripped');
  if (readFileSync(file).includes(root)) complaints.push('has the path of the folder in which it was built');
  if (ABIS[abi].processor === 'aarch64') complaints.push(...complaintsOfCode(abi));
  return complaints;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  for (const abi of wanted.length ? wanted : Object.keys(ABIS)) {
    const complaints = checkLibrary(abi, `${folderOf('libs')}/${abi}/liblibrary.so`);
    for (const complaint of complaints) console.log(`${abi}: ${complaint}`);
    if (complaints.length) process.exitCode = 1;
  }
}
