// Libraries for macOS, in which core/test/macho_test.c reads what arkffi reads in libraries there.
//
//   node tools/platforms/macho-files.mjs FILE    writes them, as text
//
// Clang and LLVM's linker make them on Linux: of Debian, the packages clang-19 and lld-19. Each file is a line with its name and
// size, and then lines of an offset and of bytes; bytes that are not there are zero.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOURCES = {
  part: 'int part_of_it(void) { return 1; }\n',
  whole: `extern int taken_from_host(int);
int counter = 3, zeros[100];
const int table[4] = {1, 2, 3, 4};
_Thread_local int each_thread;
static int hidden(int a) { return taken_from_host(a) + each_thread; }
int add(int a, int b) { return hidden(a) + b + counter; }
int add_all(void) { return zeros[0] + table[counter]; }
`,
};

// One with the tables of macOS 11, and one with those of older versions.
const TARGETS = [
  { arch: 'arm64', fixups: '-fixup_chains' },
  { arch: 'x86_64', fixups: '-no_fixup_chains' },
];

const ROW = 32;

/** The bytes of a file as text, without rows of zeros. */
function asText(name, bytes) {
  const lines = [`${name} ${bytes.length}`];
  for (let at = 0; at < bytes.length; at += ROW) {
    const row = bytes.subarray(at, at + ROW);
    if (row.some((byte) => byte !== 0)) lines.push(`${at} ${row.toString('hex')}`);
  }
  return lines;
}

const [out] = process.argv.slice(2);
if (!out) throw new Error('the name of the file to write is missing');
const folder = mkdtempSync(join(tmpdir(), 'arkffi-macho-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const lines = [];
for (const { arch, fixups } of TARGETS) {
  for (const [name, text] of Object.entries(SOURCES)) {
    writeFileSync(join(folder, `${name}.c`), text);
    const flags = ['-target', `${arch}-apple-macos11`, '-O1', '-ffreestanding', '-fno-inline'];
    execFileSync('clang-19', [...flags, '-c', `${name}.c`, '-o', `${name}.o`], { cwd: folder });
    const link = [
      '-dylib',
      '-arch',
      arch,
      '-platform_version',
      'macos',
      '11.0',
      '11.0',
      fixups,
      '-adhoc_codesign',
      '-x',
    ];
    const names = ['-install_name', `@rpath/lib${name}.dylib`, '-undefined', 'dynamic_lookup'];
    const parts = name === 'whole' ? ['-reexport_library', 'libpart.dylib'] : [];
    execFileSync('ld64.lld-19', [...link, ...names, ...parts, `${name}.o`, '-o', `lib${name}.dylib`], { cwd: folder });
  }
  lines.push(...asText(arch, readFileSync(join(folder, 'libwhole.dylib'))));
}
writeFileSync(out, `${lines.join('\n')}\n`);
