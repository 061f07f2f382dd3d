// What a prebuilt module asks of the machine that it runs on, and shows to it: ELF files as objdump reads them.
//
//   node tools/prebuilds/check.mjs [TARGET]...    checks what is in prebuilds/; without a TARGET, all must be there
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkMacho } from './macho.mjs';
import { checkPe } from './pe.mjs';
import { GLIBC, TARGETS } from './targets.mjs';

/** What a module exports, and nothing else. */
export const REGISTRATION = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
/** What hosts call C by, where the C library is glibc. */
const HOST_ENTRY = 'arkjs_host_entry';
const HARDENED = ['__stack_chk_fail'];

const run = (command, ...args) =>
  execFileSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 1 << 26 });

/** The dynamic symbols of a file: { name, version, isDefined, isWeak }. */
function symbolsOf(file) {
  return run('objdump', '-T', file)
    .split('\n')
    .map((line) => /^[0-9a-f]{16} (.{7}) (\S+)\t[0-9a-f]+ +(?:\(?(Base|[A-Z]+_[\w.]+)\)? +)?(?:\.\w+ )?(\S+)$/.exec(line))
    .filter(Boolean)
    .map(([, flags, section, version, name]) => ({
      name,
      version: version === 'Base' ? undefined : version,
      isDefined: section !== '*UND*',
      isWeak: flags.includes('w'),
    }));
}

/** Compares versions like 2.3.4 and 2.17 number by number. */
function compareVersions(one, other) {
  const [a, b] = [one, other].map((text) => text.split('.').map(Number));
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) - (b[i] ?? 0);
  }
  return 0;
}

function checkElf(target, file) {
  const complaints = [];
  const { libraries, machine } = TARGETS[target];
  const isMusl = target.endsWith('-musl');
  const symbols = symbolsOf(file);
  const exported = symbols.filter(({ isDefined }) => isDefined).map(({ name }) => name);
  for (const name of exported) if (![...REGISTRATION, HOST_ENTRY].includes(name)) complaints.push(`exports ${name}`);
  for (const name of REGISTRATION) if (!exported.includes(name)) complaints.push(`does not export ${name}`);

  const imported = symbols.filter(({ isDefined }) => !isDefined);
  const versions = imported.map(({ version }) => /^GLIBC_([\d.]+)$/.exec(version ?? '')?.[1]).filter(Boolean);
  const glibc = versions.sort(compareVersions).at(-1);
  if (isMusl && glibc) complaints.push(`needs glibc ${glibc}, and is for musl`);
  if (!isMusl && !glibc) complaints.push('has no symbol of glibc: it could not be read, or is for another C library');
  if (!isMusl && glibc && compareVersions(glibc, GLIBC) > 0) {
    for (const { name, version } of imported) {
      const needed = /^GLIBC_([\d.]+)$/.exec(version ?? '')?.[1];
      if (needed && compareVersions(needed, GLIBC) > 0) complaints.push(`needs ${name} of glibc ${needed}`);
    }
  }
  for (const { name, version, isWeak } of imported) {
    const isHosts = /^(napi|node_api)_/.test(name);
    if (!isMusl && !version && !isHosts && !isWeak) complaints.push(`needs ${name}, which no library has`);
  }
  for (const name of HARDENED) {
    if (!imported.some((symbol) => symbol.name === name)) complaints.push(`is not hardened: it does not call ${name}`);
  }

  const header = run('readelf', '-h', '-d', '-S', '-W', file);
  if (!header.includes(`Machine:                           ${machine}`)) complaints.push(`is not for ${machine}`);
  for (const [, library] of header.matchAll(/\(NEEDED\).*\[(.*)\]/g)) {
    if (!libraries.test(library)) complaints.push(`needs the library ${library}`);
  }
  for (const [, path] of header.matchAll(/\((?:RPATH|RUNPATH)\).*\[(.*)\]/g)) {
    complaints.push(`looks for libraries in ${path}`);
  }
  if (!/\bBIND_NOW\b|FLAGS_1.*\bNOW\b/.test(header)) complaints.push('is not linked with -z now');
  if (!/FLAGS_1.*\bNODELETE\b/.test(header)) complaints.push('is not linked with -z nodelete');
  if (/ \.(symtab|debug_\w+) /.test(header)) complaints.push('is not stripped');
  const segments = run('readelf', '-l', '-W', file);
  if (!segments.includes('GNU_RELRO')) complaints.push('is not linked with -z relro');
  if (!/GNU_STACK.* RW +0/.test(segments)) complaints.push('does not say that its stack is not executable');
  return { complaints, needs: glibc ? `glibc ${glibc}` : 'musl' };
}

const CHECKS = { elf: checkElf, macho: checkMacho, pe: checkPe };

/** What is wrong with a module, one line each, and the system or C library that it needs. */
export function checkPrebuild(target, file, root) {
  const { complaints, needs } = CHECKS[TARGETS[target].format](target, file, { registration: REGISTRATION, hardened: HARDENED });
  if (readFileSync(file).includes(root)) complaints.push('has the path of the folder in which it was built');
  return { complaints, needs };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const wanted = process.argv.slice(2);
  let wrong = 0;
  for (const target of wanted.length ? wanted : Object.keys(TARGETS)) {
    const file = `${root}prebuilds/${target}/liblibrary.node`;
    const complaints = existsSync(file) ? checkPrebuild(target, file, root).complaints : ['is not there: make prebuilds'];
    for (const complaint of complaints) console.log(`prebuilds/${target}/liblibrary.node ${complaint}`);
    wrong += complaints.length;
  }
  process.exit(wrong ? 1 : 0);
}
