#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L
#endif
#include "libffi_target.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* SHA-256, FIPS 180-4. */

enum { BLOCK = 64, WORDS = 8, ROUNDS = 64 };

static const uint32_t round_constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const uint32_t first_state[WORDS] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static uint32_t rotated(uint32_t word, unsigned bits) {
  return word >> bits | word << (32 - bits);
}

static void hash_block(uint32_t state[WORDS], const unsigned char *block) {
  uint32_t w[ROUNDS];
  for (int i = 0; i < 16; i++, block += 4) {
    w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
  }
  for (int i = 16; i < ROUNDS; i++) {
    uint32_t s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3;
    uint32_t s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < ROUNDS; i++) {
    uint32_t s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + round_constants[i] + w[i];
    uint32_t s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1;
    d = c, c = b, b = a, a = t1 + t2;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

/* Hashes the last bytes of the file, fewer than one block, with the padding and length that the standard adds. */
static void hash_end(uint32_t state[WORDS], const unsigned char *rest, size_t length, uint64_t total) {
  unsigned char padded[2 * BLOCK] = {0};
  size_t size = length < BLOCK - 8 ? BLOCK : 2 * BLOCK;
  memcpy(padded, rest, length);
  padded[length] = 0x80;
  for (size_t i = 0; i < 8; i++) padded[size - 1 - i] = (unsigned char)(8 * total >> 8 * i);
  for (size_t i = 0; i < size; i += BLOCK) hash_block(state, padded + i);
}

/* Reading the file. */

enum { CHUNK = 1024 * BLOCK };

static int64_t size_of(FILE *file) {
#if defined(_WIN32)
  int64_t size = _fseeki64(file, 0, SEEK_END) == 0 ? _ftelli64(file) : -1;
#else
  int64_t size = fseeko(file, 0, SEEK_END) == 0 ? (int64_t)ftello(file) : -1;
#endif
  if (size >= 0) rewind(file);
  return size;
}

/* Returns the number of bytes that were hashed, or -1 if reading failed. */
static int64_t hash_all(FILE *file, uint32_t state[WORDS], int64_t total, hash_progress progress) {
  unsigned char chunk[CHUNK];
  int64_t done = 0, reported = 0;
  size_t length;
  do {
    length = fread(chunk, 1, CHUNK, file);
    if (ferror(file)) return -1;
    size_t whole = length - length % BLOCK;
    for (size_t i = 0; i < whole; i += BLOCK) hash_block(state, chunk + i);
    done += (int64_t)length;
    if (length < CHUNK) hash_end(state, chunk + whole, length - whole, (uint64_t)done);
    bool is_due = length < CHUNK || done - reported >= total / 100;
    if (!progress || !is_due) continue;
    reported = done;
    if (progress(done, total) != 0) return done;
  } while (length == CHUNK);
  return done;
}

int64_t hash_file(const char *path, char digits[65], hash_progress progress) {
  uint32_t state[WORDS];
  digits[0] = '\0';
  FILE *file = fopen(path, "rb");
  if (!file) return -1;
  memcpy(state, first_state, sizeof state);
  int64_t total = size_of(file);
  int64_t done = total < 0 ? -1 : hash_all(file, state, total, progress);
  for (int i = 0; done == total && i < WORDS; i++) snprintf(digits + 8 * i, 9, "%08x", (unsigned)state[i]);
  fclose(file);
  return done;
}
