/* UTF-16 as C reads it: surrogates, and what stands for text that is none.
 *
 * Thread rule: any.
 */
#ifndef ARKJS_UTF16_H
#define ARKJS_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* U+FFFD stands for what has no form on the other side. */
enum { ARKJS_REPLACEMENT = 0xFFFD };

static inline bool arkjs_is_lead(uint32_t unit) {
  return unit >> 10 == 0xD800 >> 10;
}

static inline bool arkjs_is_trail(uint32_t unit) {
  return unit >> 10 == 0xDC00 >> 10;
}

/* The character at units[*index], of `length` units; *index goes to the last of its units. A surrogate alone becomes
 * ARKJS_REPLACEMENT. */
static inline uint32_t arkjs_utf16_read(const uint16_t *units, size_t length, size_t *index) {
  uint32_t unit = units[*index];
  if (arkjs_is_lead(unit) && *index + 1 < length && arkjs_is_trail(units[*index + 1])) {
    return 0x10000 + ((unit - 0xD800) << 10) + (units[++*index] - 0xDC00u);
  }
  return arkjs_is_lead(unit) || arkjs_is_trail(unit) ? ARKJS_REPLACEMENT : unit;
}

#endif
