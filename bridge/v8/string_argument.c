#include "v8/string_argument.h"
#include "v8/object.h"
#include "env/utf16.h"
#include <stddef.h>
#include <string.h>

/* A string of V8 11 to 14. */
typedef struct string {
  uintptr_t map;
  uint32_t hash, length; /* the length in characters, or UTF-16 units */
  union {
    char inside[8];      /* the first characters */
    const void *outside; /* an object outside of V8's heap */
    uintptr_t other;     /* the string that has the characters */
  } first;
  union {
    const void *outside; /* the address of the characters */
    uintptr_t rest;      /* of a concatenation: the second string; empty once the first has all characters */
    uint32_t start[2];   /* of a slice: 0, and the index of its first character */
  } second;
} string;

_Static_assert(offsetof(string, hash) == 8 && offsetof(string, length) == 12 && offsetof(string, first) == 16 &&
                   offsetof(string, second) == 24,
               "the words of V8's strings");

/* Bits of a string's type. */
enum {
  NO_STRING = 0xFF80,
  NO_ADDRESS = 0x10, /* of external characters: the string does not have their address */
  LATIN = 8,
  KEPT = 7, /* how the characters are stored, one of: */
  INSIDE = 0,
  PUT_TOGETHER = 1,
  OUTSIDE = 2,
  PART = 3,
  ELSEWHERE = 5,
};

/* Characters, wherever they are stored. They stay in place until V8 allocates something. */
typedef struct text {
  const void *start;
  uint32_t length;
  bool is_latin; /* else UTF-16 */
} text;

/* Follows a string to the one that has its characters. False when no single string has them all. */
static bool string_find_owner(const string **one, unsigned *type, uint32_t *start) {
  while ((*type & KEPT) != INSIDE && (*type & KEPT) != OUTSIDE) {
    switch (*type & KEPT) {
    case PUT_TOGETHER:
      if (((const string *)arkjs_v8_object((*one)->second.rest))->length) return false;
      break;
    case PART: *start += (*one)->second.start[1]; break;
    case ELSEWHERE: break;
    default: return false;
    }
    *one = arkjs_v8_object((*one)->first.other);
    *type = arkjs_v8_type_of(*one);
  }
  return true;
}

static bool string_find_text(napi_value value, text *out) {
  const string *one = arkjs_v8_object_of(value);
  unsigned type = one ? arkjs_v8_type_of(one) : NO_STRING;
  if (type & NO_STRING) return false;
  uint32_t length = one->length, start = 0;
  if (!string_find_owner(&one, &type, &start)) return false;
  bool is_outside = (type & KEPT) == OUTSIDE, is_latin = type & LATIN;
  if (is_outside && type & NO_ADDRESS) return false;
  const char *begin = is_outside ? one->second.outside : one->first.inside;
  *out = (text){begin + (is_latin ? start : 2 * (size_t)start), length, is_latin};
  return true;
}

/* To UTF-8. */

enum { BLOCK = 128, WORD = sizeof(uint64_t) };

/* These two functions copy, and return whether all bytes are ASCII without a NUL, which arkjs_text_is_ascii does not
 * check. Subtracting one from a NUL sets the highest bit, which no ASCII character has. Compilers vectorise the loop
 * of the first. */

static bool string_copy_block(const char *restrict from, char *restrict to) {
  uint8_t others = 0;
  for (int i = 0; i < BLOCK; i++) {
    uint8_t byte = (uint8_t)from[i];
    others |= byte | (uint8_t)(byte - 1);
    to[i] = (char)byte;
  }
  return others < 0x80;
}

static bool string_copy_word(const char *from, char *to) {
  const uint64_t ones = 0x0101010101010101;
  uint64_t word;
  memcpy(&word, from, WORD);
  memcpy(to, &word, WORD);
  return !((word | (word - ones)) & ones << 7);
}

/* Copies ASCII characters from the beginning and returns how many, which may be a few less than there are. */
static size_t string_copy_ascii(const char *from, size_t length, char *to) {
  size_t done = 0;
  while (length - done >= BLOCK && string_copy_block(from + done, to + done)) done += BLOCK;
  while (length - done >= WORD && string_copy_word(from + done, to + done)) done += WORD;
  return done;
}

/* These functions return the end of the text, or NULL when it contains a NUL. */

static char *string_put_latin(const char *from, size_t length, char *to) {
  size_t i = string_copy_ascii(from, length, to);
  to += i;
  for (; i < length; i++) {
    unsigned char unit = (unsigned char)from[i];
    if (!unit) return NULL;
    if (unit >= 0x80) {
      *to++ = (char)(0xC0 | unit >> 6);
      unit = 0x80 | (unit & 0x3F);
    }
    *to++ = (char)unit;
  }
  return to;
}

static char *string_put_wide(const uint16_t *from, size_t length, char *to) {
  for (size_t i = 0; i < length; i++) {
    uint32_t point = arkjs_utf16_read(from, length, &i);
    if (!point) return NULL;
    if (point < 0x80) {
      *to++ = (char)point;
      continue;
    }
    if (point < 0x800) {
      *to++ = (char)(0xC0 | point >> 6);
    } else {
      if (point < 0x10000) {
        *to++ = (char)(0xE0 | point >> 12);
      } else {
        *to++ = (char)(0xF0 | point >> 18);
        *to++ = (char)(0x80 | (point >> 12 & 0x3F));
      }
      *to++ = (char)(0x80 | (point >> 6 & 0x3F));
    }
    *to++ = (char)(0x80 | (point & 0x3F));
  }
  return to;
}

static int32_t string_put_text(const void *receiver, napi_value value, double address) {
  (void)receiver;
  text found;
  char *to = (char *)(intptr_t)address;
  if (!string_find_text(value, &found)) return 0;
  /* The maximum size of the result. */
  if ((size_t)found.length * (found.is_latin ? 2 : 3) >= ARKJS_V8_TEXT_ROOM) return 0;
  char *end =
      found.is_latin ? string_put_latin(found.start, found.length, to) : string_put_wide(found.start, found.length, to);
  if (!end) return 0;
  *end = '\0';
  return 1;
}

/* The self-test: samples with their expected results. */

/* Whether a string has its length and its characters in the expected places. The memory that this reads exists in any
 * V8, also in one with 32-bit pointers, where the first characters are where the length is expected. A napi_value that
 * is not the address of a handle, which is aligned, is the address of the object itself, whose lowest bit is set. */
static bool string_has_characters(napi_env napi) {
  static const char sample[] = "characters of a string";
  napi_value value;
  if (napi_create_string_latin1(napi, sample, sizeof sample - 1, &value) != napi_ok) return false;
  if ((uintptr_t)value % sizeof(uintptr_t)) return false;
  const string *one = arkjs_v8_object_of(value);
  return one && one->map & 1 && one->length == sizeof sample - 1 &&
         !memcmp(one->first.inside, sample, sizeof sample - 1);
}

/* Whether a string converts as by Node-API, which also flattens it. */
static bool string_comes_out(napi_env napi, napi_value value) {
  char expected[256], got[ARKJS_V8_TEXT_ROOM];
  size_t length;
  if (napi_get_value_string_utf8(napi, value, expected, sizeof expected, &length) != napi_ok) return false;
  return string_put_text(NULL, value, (double)(uintptr_t)got) && !strcmp(expected, got);
}

static bool string_works(napi_env napi) {
  /* In both widths: literals, concatenations, slices of these, and concatenations that became property keys. In
   * Node.js also external characters: the text of its own functions is a slice of them. */
  static const char samples[] = "(() => {"
                                "  const kinds = ['in one piece, arkffi', 'одним куском €😀 \\ud800'];"
                                "  const all = kinds.flatMap((one) => [one, one.repeat(2), one.repeat(3).slice(5)]);"
                                "  const keys = kinds.map((one) => [one, 'arkffi'].join());"
                                "  for (const key of keys) ({})[key];"
                                "  const own = typeof process === 'object' && process.on;"
                                "  const text = Function.prototype.toString;"
                                "  const outside = typeof own === 'function' ? [text.call(own).slice(0, 99)] : [];"
                                "  return [...all, ...keys, ...outside];"
                                "})()";
  napi_value list, one;
  uint32_t count = 0;
  if (!string_has_characters(napi)) return false;
  list = arkjs_v8_samples(napi, samples);
  if (list) napi_get_array_length(napi, list, &count);
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(napi, list, i, &one) != napi_ok || !string_comes_out(napi, one)) return false;
  }
  return count;
}

arkjs_v8_put_text *arkjs_v8_text_putter(arkjs_env *env) {
  return string_works(env->napi) ? string_put_text : NULL;
}
