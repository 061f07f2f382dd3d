// zlib: buffers in and out, on a worker thread.
import { dlopen, findLibrary } from 'arkffi';
import { readFileSync } from 'node:fs';
import { gzipSync, inflateSync } from 'node:zlib';
import { check, show } from './report.mjs';

export const title = 'zlib: buffers, on a worker thread';
export const shows = 'The checksum and the compression of a file, compared with node:zlib.';
export const needs = 'zlib';

export async function run() {
  // libz.so.1 on Linux, libz.1.dylib on macOS, and zlib1.dll on Windows.
  const zlib = dlopen(findLibrary(process.platform === 'win32' ? 'zlib1' : 'z'), {
    zlibVersion: { returns: 'cstring' },
    crc32: { args: ['ulong', 'buffer', 'uint'], returns: 'ulong' },
    compressBound: { args: ['ulong'], returns: 'ulong' },
    compress2: { args: ['buffer', 'buffer', 'buffer', 'ulong', 'int'], returns: 'int' },
  });
  const { zlibVersion, crc32, compressBound, compress2 } = zlib.symbols;
  await show(() => zlibVersion());

  const file = readFileSync(new URL('../../LICENSE', import.meta.url));
  const checksum = await show(() => crc32.async(0, file, file.length));
  // A gzip file ends in the CRC-32 of its content and the length (RFC 1952, 2.3.1).
  check(
    'crc32 is the checksum that node:zlib has',
    checksum === gzipSync(file).readUInt32LE(gzipSync(file).length - 8),
  );

  // compress2 reads the size of the buffer from `size` and writes the compressed length to it. An array of one element
  // is one way to pass such an in-out parameter; another is `inout`. A C long has 32 bits on Windows.
  const room = new Uint8Array(compressBound(file.length));
  const size = process.platform === 'win32' ? Uint32Array.of(room.length) : BigUint64Array.of(BigInt(room.length));
  const status = await show(
    () => compress2.async(room, size, file, file.length, 9),
    (result) => `status ${result}, ${file.length} bytes became ${size[0]}`,
  );
  const compressed = room.subarray(0, Number(size[0]));
  check('node:zlib inflates it to the same file', status === 0 && file.equals(inflateSync(compressed)));
  zlib.close();
}
