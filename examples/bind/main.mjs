// Makes a module with types of zlib's header by `arkffi bind`, and uses it. A program makes such a module once, and keeps it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const command = fileURLToPath(new URL('../../bin/arkffi.mjs', import.meta.url));
const folder = mkdtempSync(fileURLToPath(new URL('made-', import.meta.url)));
process.on('exit', () => rmSync(folder, { recursive: true }));
const made = join(folder, 'zlib.mjs');

// What the types of C do not say: the number of bytes comes back through a pointer.
const corrections = fileURLToPath(new URL('corrections.mjs', import.meta.url));
const options = ['--library', 'libz.so.1', '--corrections', corrections, '--from', 'zconf.h'];
execFileSync(process.execPath, [command, 'bind', 'zlib.h', ...options, '--output', made], { stdio: 'inherit' });

const { open } = await import(pathToFileURL(made).href);
const { symbols, constants } = open();

const text = new TextEncoder().encode('a text with a text in it '.repeat(100));
const packed = new Uint8Array(symbols.compressBound(text.length));
const { value, out } = symbols.compress(packed, packed.length, text, text.length);
console.log(value === constants.Z_OK, out[0] < text.length / 10);

const unpacked = new Uint8Array(text.length);
symbols.uncompress(unpacked, unpacked.length, packed, out[0]);
console.log(new TextDecoder().decode(unpacked.subarray(0, 13)), constants.MAX_WBITS);
