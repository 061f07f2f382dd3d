#include "os/file_kinds.h"
#include <stdbool.h>
#include <string.h>

static bool file_is_text(const unsigned char *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    unsigned char c = bytes[i];
    if (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f') return false;
  }
  return true;
}

static bool file_has(const unsigned char *bytes, size_t length, const char *word) {
  size_t size = strlen(word);
  for (size_t i = 0; i + size <= length; i++) {
    if (memcmp(bytes + i, word, size) == 0) return true;
  }
  return false;
}

const char *ark__file_kind(const unsigned char *bytes, size_t length) {
  static const struct {
    const char *bytes;
    size_t length;
    const char *meaning;
  } kinds[] = {
      {"!<arch>\n", 8, "it is a static library, and only shared ones can be opened"},
      {"!<thin>\n", 8, "it is a static library, and only shared ones can be opened"},
      {"\x7F"
       "ELF",
       4, "it is a library for Linux or another system with ELF"},
      {"\xCF\xFA\xED\xFE", 4, "it is a library for macOS"},
      {"\xCE\xFA\xED\xFE", 4, "it is a library for macOS"},
      {"\xCA\xFE\xBA\xBE", 4, "it is a library for macOS"},
      {"MZ", 2, "it is a library for Windows"},
  };
  if (!length) return "the file is empty";
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (length >= kinds[i].length && memcmp(bytes, kinds[i].bytes, kinds[i].length) == 0) return kinds[i].meaning;
  }
  if (!file_is_text(bytes, length)) return "it is no library";
  if (file_has(bytes, length, "INPUT") || file_has(bytes, length, "GROUP")) {
    return "it is text for the linker; findLibrary gives the file name of the library itself";
  }
  return "it is text, not a library";
}
