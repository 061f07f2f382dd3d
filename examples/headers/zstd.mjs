// zstd by zstd.h: compresses a stream in pieces, and decompresses it.
//
//   node examples/headers/zstd.mjs
import { open } from './open.mjs';

const { symbols: zstd, structs, constants } = open('zstd', 'zstd.h');
const { ZSTD_c_compressionLevel, ZSTD_e_continue, ZSTD_e_end } = constants;

const pieces = Array.from({ length: 100 }, (_, i) => Buffer.from(`piece ${i} of what is compressed\n`.repeat(50)));
const room = new Uint8Array(Number(zstd.ZSTD_CStreamOutSize()));
const stream = zstd.ZSTD_createCCtx();
zstd.ZSTD_CCtx_setParameter(stream, ZSTD_c_compressionLevel, 9);

const compressed = [];
pieces.forEach((piece, i) => {
  const input = structs.ZSTD_inBuffer.create({ src: piece, size: piece.length, pos: 0 });
  let left;
  do {
    const output = structs.ZSTD_outBuffer.create({ dst: room, size: room.length, pos: 0 });
    left = zstd.ZSTD_compressStream2(stream, output, input, i < pieces.length - 1 ? ZSTD_e_continue : ZSTD_e_end);
    if (zstd.ZSTD_isError(left)) throw new Error(zstd.ZSTD_getErrorName(left));
    compressed.push(room.slice(0, Number(output.pos)));
  } while (i === pieces.length - 1 ? left : input.pos < input.size);
});
zstd.ZSTD_freeCCtx(stream);

const whole = Buffer.concat(compressed);
const back = Buffer.alloc(Buffer.concat(pieces).length);
const length = zstd.ZSTD_decompress(back, back.length, whole, whole.length);
console.log(`${back.length} bytes, compressed to less than a tenth: ${whole.length < back.length / 10}`);
console.log(`the same: ${length === back.length && back.equals(Buffer.concat(pieces))}`);
