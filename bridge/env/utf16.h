/* Reading UTF-16: surrogate pairs, and the replacement for lone surrogates.
 *
 * Thread rule: any thread.
 */
#ifndef ARKJS_UTF16_H
#define ARKJS_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Replaces what the other side cannot represent. */
enum { ARKJS_REPLACEMENT = 0xFFFD };

static inline bool arkjs_is_lead(uint32_t unit) {
  return unit >> 10 == 0xD800 >> 10;
}

static inline bool arkjs_is_trail(uint32_t unit) {
  return unit >> 10 == 0xDC00 >> 10;
}

/* Reads the character at units[*index], with `length` units in total, and advances *index to the last unit of the
 * character. A lone surrogate reads as ARKJS_REPLACEMENT. */
static inline uint32_t arkjs_utf16_read(const uint16_t *units, size_t length, size_t *index) {
  uint32_t unit = units[*index];
  if (arkjs_is_lead(unit) && *index + 1 < length && arkjs_is_trail(units[*index + 1])) {
    return 0x10000 + ((unit - 0xD800) << 10) + (units[++*index] - 0xDC00u);
  }
  return arkjs_is_lead(unit) || arkjs_is_trail(unit) ? ARKJS_REPLACEMENT : unit;
}

#endif
