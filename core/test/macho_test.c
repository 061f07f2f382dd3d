/* Reading Mach-O images, which macOS alone loads: libraries that LLVM's linker made (macho_files.txt, written by
 * tools/platforms/macho-files.mjs), laid out in memory as dyld does it, and damaged ones. */
#include "support.h"
#include "os/macho_image.h"
#include "os/macho_kind.h"
#include <stdio.h>

/* An image in memory of exactly its size, so that a sanitizer reports a read after its end. */
typedef struct loaded {
  unsigned char *file, *bytes;
  size_t file_size, size;
} loaded;

static void load_file(const char *name, loaded *out) {
  char line[200], wanted[20], digits[100];
  size_t at;
  FILE *text = fopen(MACHO_FILES, "r");
  assert_non_null(text);
  snprintf(wanted, sizeof wanted, "%s ", name);
  *out = (loaded){0};
  while (fgets(line, sizeof line, text)) {
    bool is_name = line[0] > '9' || strchr(line, '_');
    if (is_name && out->file) break;
    if (is_name && strncmp(line, wanted, strlen(wanted)) == 0) {
      out->file_size = strtoul(line + strlen(wanted), NULL, 10);
      out->file = calloc(out->file_size, 1);
    } else if (!is_name && out->file && sscanf(line, "%zu %99s", &at, digits) == 2) {
      for (size_t i = 0; digits[2 * i]; i++) {
        char byte[3] = {digits[2 * i], digits[2 * i + 1], '\0'};
        assert_true(at + i < out->file_size);
        out->file[at + i] = (unsigned char)strtoul(byte, NULL, 16);
      }
    }
  }
  fclose(text);
  assert_non_null(out->file);
}

/* Lays the segments out in memory, from address 0 on. */
static void load(const char *name, loaded *out) {
  load_file(name, out);
  ark__macho_header header;
  memcpy(&header, out->file, sizeof header);
  for (unsigned pass = 0; pass < 2; pass++) {
    const unsigned char *at = out->file + sizeof header;
    for (uint32_t i = 0; i < header.command_count; i++) {
      ark__macho_segment segment = {.address = 0};
      memcpy(&segment.command, at, sizeof segment.command);
      if (segment.command.kind == ARK__MACHO_SEGMENT) {
        memcpy(&segment, at, sizeof segment);
        if (pass == 0 && segment.address + segment.size > out->size) out->size = segment.address + segment.size;
        if (pass == 1) memcpy(out->bytes + segment.address, out->file + segment.file_offset, segment.file_size);
      }
      at += segment.command.size;
    }
    if (pass == 0) out->bytes = calloc(out->size, 1);
  }
}

static void unload(loaded *image) {
  free(image->file);
  free(image->bytes);
}

/* Names that a walk has found, with spaces between them, and with a letter for the kind before each. */
typedef struct found {
  const ark__macho_image *image;
  char text[400];
  size_t length, count;
} found;

static void note(found *to, const char *kind, const char *name) {
  size_t room = sizeof to->text - to->length;
  int added = snprintf(to->text + to->length, room, "%s%s%s", to->count++ ? " " : "", kind, name);
  if (added > 0 && (size_t)added < room) to->length += (size_t)added;
}

static bool note_name(void *context, const char *name) {
  note(context, "", name);
  return false;
}

static bool note_export(void *context, const char *name, ark__trie_place place) {
  found *to = context;
  bool is_code = ark__macho_is_code(to->image, (const void *)((uintptr_t)to->image->bytes + (uintptr_t)place.offset));
  note(to, place.is_elsewhere ? "e:" : is_code ? "f:" : "d:", name);
  return false;
}

static const char *const names[] = {"arm64", "x86_64"};

static const char *const exports[] = {"f:add ", "f:add_all", "d:counter", "d:each_thread", "d:table", "d:zeros"};

static void should_read_what_a_library_exports_and_needs(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    loaded it;
    ark__macho_image image;
    load(names[i], &it);
    assert_true(ark__macho_image_read(it.bytes, it.size, &image));
    found exported = {.image = &image}, needed = {.image = &image}, parts = {.image = &image};
    assert_false(ark__trie_walk(image.trie, image.trie_size, note_export, &exported));
    assert_int_equal(exported.count, COUNT_OF(exports));
    for (size_t n = 0; n < COUNT_OF(exports); n++) assert_non_null(strstr(exported.text, exports[n]));
    assert_false(ark__macho_each_import(&image, note_name, &needed));
    assert_non_null(strstr(needed.text, "taken_from_host"));
    assert_null(strstr(needed.text, "add"));
    assert_false(ark__macho_each_reexported(&image, note_name, &parts));
    assert_string_equal(parts.text, "@rpath/libpart.dylib");
    assert_string_equal(ark__macho_own_name(&image), "@rpath/libwhole.dylib");

    ark__macho_segment segment;
    assert_true(ark__macho_segment_at(&image, it.bytes, &segment));
    assert_true(segment.access & ARK__MACHO_EXECUTABLE);
    assert_true(ark__macho_segment_at(&image, it.bytes + it.size - 1, &segment));
    assert_false(segment.access & ARK__MACHO_EXECUTABLE);
    assert_false(ark__macho_segment_at(&image, it.bytes + it.size, &segment));
    assert_false(ark__macho_segment_at(&image, it.bytes - 1, &segment));
    unload(&it);
  }
}

/* Everything that arkffi asks an image. */
static void ask_all(const unsigned char *bytes, size_t size) {
  ark__macho_image image;
  ark__macho_segment segment;
  found some = {.image = &image};
  if (!ark__macho_image_read(bytes, size, &image)) return;
  if (image.trie) ark__trie_walk(image.trie, image.trie_size, note_export, &some);
  ark__macho_each_import(&image, note_name, &some);
  ark__macho_each_reexported(&image, note_name, &some);
  ark__macho_segment_at(&image, bytes + random_below(size), &segment);
  const char *own = ark__macho_own_name(&image);
  if (own) note_name(&some, own);
}

/* Changes a few bytes, mostly among the load commands and the tables, to numbers that say too much. */
static void should_survive_damaged_images(void **state) {
  (void)state;
  static const unsigned char hostile[] = {0, 1, 0x7f, 0x80, 0xff};
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    loaded it;
    load(names[i], &it);
    unsigned char *copy = malloc(it.size);
    for (size_t round = 0; round < 5000; round++) {
      memcpy(copy, it.bytes, it.size);
      for (size_t changes = 1 + random_below(6); changes; changes--) {
        size_t at = random_below(3) ? random_below(1600) : it.size - 1 - random_below(1200);
        copy[at] = random_below(2) ? hostile[random_below(COUNT_OF(hostile))] : (unsigned char)random_below(256);
      }
      ask_all(copy, it.size);
    }
    free(copy);
    unload(&it);
  }
}

static void should_survive_images_that_are_cut_off(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    loaded it;
    load(names[i], &it);
    for (size_t size = 0; size < it.size; size += 1 + size / 8) {
      unsigned char *part = malloc(size ? size : 1);
      memcpy(part, it.bytes, size);
      if (size) ask_all(part, size);
      free(part);
    }
    ark__macho_image none;
    assert_false(ark__macho_image_read(NULL, SIZE_MAX, &none));
    assert_false(ark__macho_image_read(it.bytes + 4, it.size - 4, &none));
    unload(&it);
  }
}

/* ---- Files, by their first bytes */

/* What is said of a file for a process on ARM; "a library" if it is one. */
static const char *kind_of(const void *bytes, size_t length) {
  static char why[128];
  unsigned char *exact = malloc(length ? length : 1); /* a sanitizer reports a read after its end */
  memcpy(exact, bytes, length);
  bool is_library = ark__macho_is_library(exact, length, ARK__MACHO_ARM64, why, sizeof why);
  free(exact);
  return is_library ? "a library" : why;
}

static const char *kind_of_header(int32_t cpu, uint32_t kind) {
  ark__macho_header header = {.magic = ARK__MACHO_MAGIC, .cpu = cpu, .kind = kind};
  return kind_of(&header, sizeof header);
}

static void should_say_what_a_file_is(void **state) {
  (void)state;
  loaded arm64, x86_64;
  load_file("arm64", &arm64);
  load_file("x86_64", &x86_64);
  assert_string_equal(kind_of(arm64.file, 4096), "a library");
  assert_string_equal(kind_of(x86_64.file, 4096), "it is a library for x86-64, and this process is arm64");
  unload(&arm64);
  unload(&x86_64);
  assert_string_equal(kind_of_header(ARK__MACHO_ARM64, ARK__MACHO_BUNDLE), "a library");
  assert_string_equal(kind_of_header(ARK__MACHO_ARM64, ARK__MACHO_PROGRAM), "it is a program, not a library");
  assert_string_equal(kind_of_header(ARK__MACHO_ARM64, ARK__MACHO_OBJECT),
                      "it is an object file, which has to be linked: clang -dynamiclib");
  assert_string_equal(kind_of_header(ARK__MACHO_ARM64, ARK__MACHO_DEBUG),
                      "it is the debug information of a library, and not the library");
  assert_string_equal(kind_of_header(ARK__MACHO_ARM64, 9), "it is no library");
  assert_string_equal(kind_of_header(0x12, ARK__MACHO_DYLIB),
                      "it is a library for another processor, and this process is arm64");
  ark__macho_header narrow = {.magic = ARK__MACHO_MAGIC_32};
  assert_string_equal(kind_of(&narrow, sizeof narrow),
                      "it is a library for a processor of 32 bits, and this process has 64");
  assert_string_equal(kind_of("", 0), "the file is empty");
  assert_string_equal(kind_of("\x7F"
                              "ELF",
                              4),
                      "it is a library for Linux or another system with ELF");
  assert_string_equal(kind_of("echo", 4), "it is text, not a library");
}

static void should_find_the_part_of_a_universal_file(void **state) {
  (void)state;
  static const char without[] = "it is a universal library without a part for arm64";
  unsigned char file[8 + 2 * 32] = {0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2, 1, 0, 0, 7};
  memcpy(file + 8 + 20, "\x01\x00\x00\x0c", 4);
  assert_string_equal(kind_of(file, sizeof file), "a library");
  assert_string_equal(kind_of(file, 8 + 20 + 19), without); /* it is cut off */
  assert_string_equal(kind_of(file, 8), without);
  file[8 + 20] = 0;
  assert_string_equal(kind_of(file, sizeof file), without);
  file[3] = 0xbf; /* with offsets of 64 bits */
  memcpy(file + 8 + 32, "\x01\x00\x00\x0c", 4);
  assert_string_equal(kind_of(file, sizeof file), "a library");
  static const unsigned char java[] = {0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61, 1, 0, 0, 12};
  assert_string_equal(kind_of(java, sizeof java), "it is no library");
}

static void should_survive_any_first_bytes(void **state) {
  (void)state;
  static const unsigned char magics[][4] = {
      {0xca, 0xfe, 0xba, 0xbe}, {0xca, 0xfe, 0xba, 0xbf}, {0xcf, 0xfa, 0xed, 0xfe}, {0xce, 0xfa, 0xed, 0xfe}};
  for (size_t round = 0; round < 10000; round++) {
    unsigned char bytes[100];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)random_below(random_below(2) ? 4 : 256);
    memcpy(bytes, magics[random_below(COUNT_OF(magics))], 4);
    assert_non_null(kind_of(bytes, random_below(sizeof bytes + 1)));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_read_what_a_library_exports_and_needs), cmocka_unit_test(should_survive_damaged_images),
      cmocka_unit_test(should_survive_images_that_are_cut_off),       cmocka_unit_test(should_say_what_a_file_is),
      cmocka_unit_test(should_find_the_part_of_a_universal_file),     cmocka_unit_test(should_survive_any_first_bytes),
  };
  return cmocka_run_group_tests_name("Mach-O images", tests, NULL, NULL);
}
