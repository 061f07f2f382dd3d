// Many small buffers: checksums, compression and hashes. Node's own modules use the zlib and the OpenSSL that are parts of
// Node.js, the FFI libraries those of the system.
//
// Each function takes the contender's API and returns { checksum, compress, hash }, each from a buffer to a number or to
// bytes.
const ZLIB = 'libz.so.1';
const OPENSSL = 'libcrypto.so.3';
const LEVEL = 6;
const DIGEST = 32; // bytes of SHA-256

/** The same program for every FFI library; `c` has the functions of C. */
function byC(c) {
  const size = new BigUint64Array(1);
  const room = new Uint8Array(1 << 16);
  const digest = new Uint8Array(DIGEST);
  return {
    checksum: (bytes) => c.crc32(0, bytes, bytes.length),
    compress(bytes) {
      size[0] = BigInt(room.length);
      if (c.compress2(room, size, bytes, bytes.length, LEVEL) !== 0) throw new Error('compress2 failed');
      return room.slice(0, Number(size[0]));
    },
    hash(bytes) {
      c.sha256(bytes, bytes.length, digest);
      return digest.slice();
    },
  };
}

export function arkffi({ dlopen }) {
  const { crc32, compress2 } = dlopen(ZLIB, {
    crc32: { args: ['ulong', 'buffer', 'uint'], returns: 'ulong' },
    compress2: { args: ['buffer', 'buffer', 'buffer', 'ulong', 'int'], returns: 'int' },
  }).symbols;
  const { SHA256 } = dlopen(OPENSSL, { SHA256: { args: ['buffer', 'usize', 'buffer'], returns: 'pointer' } }).symbols;
  return byC({ crc32, compress2, sha256: SHA256 });
}

export function koffi(api) {
  const library = api.load(ZLIB);
  return byC({
    crc32: library.func('unsigned long crc32(unsigned long, const uint8_t *, unsigned int)'),
    compress2: library.func('int compress2(uint8_t *, uint64_t *, const uint8_t *, unsigned long, int)'),
    sha256: api.load(OPENSSL).func('void *SHA256(const uint8_t *, size_t, uint8_t *)'),
  });
}

function byNode({ crypto, zlib }) {
  const options = { level: LEVEL };
  const checksum = zlib.crc32 && ((bytes) => zlib.crc32(bytes));
  const hash = crypto.hash
    ? (bytes) => crypto.hash('sha256', bytes, 'buffer')
    : (bytes) => crypto.createHash('sha256').update(bytes).digest();
  return { checksum, compress: (bytes) => zlib.deflateSync(bytes, options), hash };
}

export { byNode as "Node's own" };
