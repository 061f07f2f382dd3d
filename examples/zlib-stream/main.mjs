// The stream of zlib: a struct with function pointers that C keeps. The program compresses a file piece by piece on
// worker threads, and zlib allocates its memory through JavaScript. Run `make build` before.
//
//   node examples/zlib-stream/main.mjs [FILE]
import { alloc, dlopen, findLibrary, free, JSCallback, Struct } from 'arkffi';
import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

// struct z_stream_s of zlib.h
const ZStream = Struct({
  ...{ next_in: 'pointer', avail_in: 'uint', total_in: 'ulong' },
  ...{ next_out: 'pointer', avail_out: 'uint', total_out: 'ulong' },
  ...{ msg: 'cstring', state: 'pointer' },
  ...{ zalloc: 'callback', zfree: 'callback', opaque: 'pointer' },
  ...{ data_type: 'int', adler: 'ulong', reserved: 'ulong' },
});
const [NO_FLUSH, FINISH] = [0, 4];
const [OK, STREAM_END] = [0, 1];
const DEFLATED = 8;
const GZIP = 15 + 16; // the largest window, with the header of gzip
const PIECE = 64 * 1024;

const declarations = {
  zlibVersion: { returns: 'cstring' },
  deflateInit2_: {
    args: ['pointer', 'int', 'int', 'int', 'int', 'int', 'cstring', 'int'],
    returns: 'int',
  },
  deflate: { args: ['pointer', 'int'], returns: 'int' },
  deflateEnd: { args: ['pointer'], returns: 'int' },
};

/**
 * Opens the zlib that the process exports, as Node.js does, else the zlib of the system. If the process exports a zlib,
 * the one of the system must not be used too: the loader would let functions of one call functions of the other, and
 * the two have different formats of the stream's state.
 */
function openZlib() {
  try {
    return dlopen(null, declarations);
  } catch (error) {
    if (error.code !== 'ERR_FFI_SYMBOL_NOT_FOUND') throw error;
  }
  try {
    return dlopen(findLibrary(process.platform === 'win32' ? 'zlib1' : 'z'), declarations);
  } catch (error) {
    if (error.code !== 'ERR_FFI_LIBRARY_NOT_FOUND') throw error;
    console.log('skipped: this machine has no zlib (on Debian: zlib1g)');
    process.exit();
  }
}

/** Yields the compressed pieces of a source of buffers. */
async function* gzip(zlib, source) {
  const { zlibVersion, deflateInit2_, deflate, deflateEnd } = zlib.symbols;
  let bytes = 0;
  const zalloc = new JSCallback((_opaque, count, size) => ((bytes += count * size), alloc(count * size)), {
    args: ['pointer', 'uint', 'uint'],
    returns: 'pointer',
  });
  const zfree = new JSCallback((_opaque, address) => free(address), { args: ['pointer', 'pointer'] });
  // The struct keeps alive what is stored in its fields: the callbacks, and the buffers below.
  const stream = ZStream.create({ zalloc, zfree });
  const check = (status) => {
    if (status !== OK && status !== STREAM_END) throw new Error(`zlib: ${stream.msg ?? status}`);
    return status;
  };
  check(deflateInit2_(stream, 9, DEFLATED, GZIP, 8, 0, zlibVersion(), ZStream.size));
  console.log(`zlib asked JavaScript for ${bytes} bytes`);
  try {
    for await (const piece of source) yield* feed(piece, NO_FLUSH);
    yield* feed(new Uint8Array(), FINISH);
  } finally {
    deflateEnd(stream);
    zalloc.close();
    zfree.close();
  }

  async function* feed(piece, flush) {
    stream.next_in = piece;
    stream.avail_in = piece.length;
    let status;
    do {
      const room = new Uint8Array(PIECE);
      stream.next_out = room;
      stream.avail_out = room.length;
      status = check(await deflate.async(stream, flush));
      yield room.subarray(0, room.length - stream.avail_out);
    } while (stream.avail_out === 0 || (flush === FINISH && status !== STREAM_END));
  }
}

const zlib = openZlib();
const [file = fileURLToPath(new URL('../../LICENSE', import.meta.url))] = process.argv.slice(2);
const given = [];
const pieces = createReadStream(file, { highWaterMark: PIECE }).on('data', (piece) => given.push(piece));
const compressed = [];
for await (const piece of gzip(zlib, pieces)) compressed.push(piece);
zlib.close();

const [before, after] = [Buffer.concat(given), Buffer.concat(compressed)];
console.log(`${before.length} bytes became ${after.length}`);
console.log(
  gunzipSync(after).equals(before)
    ? 'node:zlib decompresses it to the same bytes'
    : 'node:zlib decompresses it to other bytes',
);
