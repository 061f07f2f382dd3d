/* Random structs, laid out and passed by value both by the C compiler and by arkffi.
 *
 *   ARKFFI_GENERATED   the number of signatures; 400 by default
 *   ARKFFI_SEED        another seed than 1
 *   ARKFFI_CC          the C compiler; by default one that lays structs out as arkffi was built to (like_clang.cmake)
 */
#include "support.h"
#include "arkffi/closure.h"
#include "base/like_clang.h"
#include "listener.h"
#include "needs.h"
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

enum { TEXT = 400, MOST_ARGS = 12 };

/* One signature, and what the compiler has generated for it. */
typedef struct generated {
  char args[MOST_ARGS][TEXT], result[TEXT];
  size_t count, fixed; /* arguments from `fixed` on stand for the dots of a variadic function */
} generated;

static generated *cases;
static size_t case_count;
static unsigned long seed;
static void *library;

/* Whether the current case has small structs, mostly packed and with bit-fields: for those that are just small enough
 * for registers, the rules are the most complicated. */
static bool is_tight;

/* ---- Random types, as text */

static size_t random_between(size_t least, size_t most) {
  return least + random_below(most - least + 1);
}

static char random_letter(void) {
  if (is_tight) return "bcCChHiIlLqfd"[random_below(13)];
  return "bcChHiIlLqQffffddddpsSk"[random_below(23)];
}

static char *add_aggregate(char *out, const char *end, size_t depth);

static char *add_bit_field(char *out) {
  static const char letters[] = "bcChHiIlLqQ";
  const ark_type *type = ark_type_of_code(letters[random_below(sizeof letters - 1)]);
  size_t most = type->kind == ARK_KIND_BOOL ? 1 : 8 * type->size, width = random_below(most + 1);
  bool has_no_name = width && random_below(5) == 0;
  return out + sprintf(out, "%s%c:%zu", has_no_name ? "_" : "", type->code, width);
}

static char *add_type(char *out, const char *end, size_t depth) {
  size_t choice = random_below(10);
  if (choice == 0 && depth < 3) {
    out += sprintf(out, "[%zu", random_between(1, 3));
    out = add_type(out, end, depth + 1);
    *out++ = ']';
  } else if (choice <= 2 && depth < 3 && end - out > 60) {
    out = add_aggregate(out, end, depth + 1);
  } else {
    *out++ = random_letter();
  }
  return out;
}

static char *add_member(char *out, const char *end, size_t depth) {
  bool is_plain = random_below(is_tight ? 2 : 10) > 0;
  out = is_plain ? add_type(out, end, depth) : add_bit_field(out);
  if (!random_below(8)) *out++ = '!';
  bool ends_unit = !is_plain && out[-1] == '0' && out[-2] == ':'; /* compilers differ about aligned ones */
  if (!random_below(10) && !ends_unit) out += sprintf(out, "@%d", 1 << random_below(6));
  return out;
}

/* The number in #pragma pack. It would apply to nested structs too, so there are none. */
static char *add_pack(char *out, size_t *depth) {
  if (*depth || random_below(10)) return out;
  *depth = 3;
  return out + sprintf(out, "!%d:", 1 << random_below(5));
}

static char *add_aggregate(char *out, const char *end, size_t depth) {
  *out++ = '{';
  if (random_below(is_tight ? 4 : 8) == 0) *out++ = '|';
  char *behind = add_pack(out, &depth);
  if (behind == out && random_below(is_tight ? 2 : 6) == 0) *behind++ = '!';
  out = behind;
  if (random_below(10) == 0) out += sprintf(out, "@%d:", 1 << random_below(7));
  size_t members = random_between(1, depth || is_tight ? 3 : random_below(4) ? 3 : 8);
  /* All of one letter, so that homogeneous floats are not rare. */
  char same = random_below(is_tight ? 12 : 3) ? '\0' : random_letter();
  size_t scalar = is_tight ? random_below(members) : 0; /* at least one member has a value */
  for (size_t i = 0; i < members && (i <= scalar || end - out > 60); i++) {
    if (same) {
      *out++ = same;
    } else if (i == scalar) {
      *out++ = random_letter();
    } else {
      out = add_member(out, end, depth);
    }
  }
  *out++ = '}';
  return out;
}

static const ark_type *type_of(const char *text) {
  ark_error error;
  const ark_aggregate *layout;
  if (*text != '{') return ark_type_of_code(*text);
  assert_ok(ark_layout_parse(text, &layout, &error));
  return &layout->type;
}

/* Whether GCC itself loses part of a type: of structs in a misaligned array, it passes only the words in which the
 * first one has values. */
static bool is_lost(const ark_type *type, size_t offset) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole) return false;
  bool is_array = whole->form == ARK_ARRAY;
  if (is_array && ark_aggregate_of(whole->members->type) && offset % type->align) return true;
  for (size_t i = 0; i < (is_array ? 1 : whole->count); i++) {
    if (is_lost(whole->members[i].type, offset + whole->members[i].offset)) return true;
  }
  return false;
}

/* Whether a type has a value of one of the letters. */
static bool has_value(const ark_type *type, const char *letters) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole) return strchr(letters, type->code) != NULL;
  for (size_t i = 0; i < (whole->form == ARK_ARRAY ? 1 : whole->count); i++) {
    if (has_value(whole->members[i].type, letters)) return true;
  }
  return false;
}

/* Whether Clang itself loses part of a type that is passed in registers: for a union it takes the type of one member,
 * and where that one has a float and padding, it passes 4 bytes of a double or of the second float of another member.
 */
static bool is_cut(const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole || type->size > 16) return false;
  size_t members = whole->form == ARK_ARRAY ? 1 : whole->count, floats = 0, both = 0;
  for (size_t i = 0; i < members; i++) {
    floats += has_value(whole->members[i].type, "f");
    both += has_value(whole->members[i].type, "fd");
    if (is_cut(whole->members[i].type)) return true;
  }
  return whole->form == ARK_UNION && floats && both > 1;
}

static void make_up_type(char *text) {
  bool loses;
  do {
    char *end = random_below(3) ? add_aggregate(text, text + TEXT, 0) : (*text = random_letter(), text + 1);
    *end = '\0';
    const ark_type *type = type_of(text);
    loses = is_lost(type, 0) || (ARK__LIKE_CLANG && is_cut(type));
    ark_type_release(type);
  } while (loses);
}

/* Whether va_arg of a compiler itself goes wrong for a type: GCC's reads two registers that were saved at a multiple of
 * 8 with an instruction that needs a multiple of 16, and Clang's takes the wrong register for a struct that begins with
 * unnamed bits. */
static bool is_misread(const char *text) {
  const ark_type *type = type_of(text);
  bool is_aligned = ark_aggregate_of(type) && type->align > 8 && type->size <= 16;
  ark_type_release(type);
  return ARK__LIKE_CLANG ? strchr(text, '_') != NULL : is_aligned;
}

static void make_up(generated *it) {
  is_tight = random_below(2);
  it->count = random_below(4) ? random_below(5) : random_below(MOST_ARGS + 1);
  for (size_t i = 0; i < it->count; i++) make_up_type(it->args[i]);
  it->fixed = it->count > 1 && random_below(5) == 0 ? random_between(1, it->count - 1) : it->count;
  for (size_t i = it->fixed; i < it->count; i++) {
    if (is_misread(it->args[i])) it->fixed = it->count;
  }
  if (random_below(6)) {
    make_up_type(it->result);
  } else {
    strcpy(it->result, "v");
  }
}

/* ---- The same in C */

static void write_type(FILE *out, const ark_type *type);

static void write_member(FILE *out, const ark_member *member, size_t index) {
  const ark_type *type = member->type;
  char dimensions[64] = "";
  for (const ark_aggregate *array; (array = ark_aggregate_of(type)) && array->form == ARK_ARRAY;) {
    sprintf(dimensions + strlen(dimensions), "[%zu]", array->count);
    type = array->members->type;
  }
  write_type(out, type);
  if (!member->has_no_name) fprintf(out, " m%zu", index);
  if (member->is_bit_field) fprintf(out, " : %d", member->width);
  fputs(dimensions, out);
  if (member->is_packed) fputs(" __attribute__((packed))", out);
  if (member->least_align) fprintf(out, " __attribute__((aligned(%zu)))", member->least_align);
  fputs(";", out);
}

static void write_type(FILE *out, const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole) {
    fputs(type->c_name, out);
    return;
  }
  fprintf(out, "%s ", type->c_name);
  if (whole->is_packed) fputs("__attribute__((packed)) ", out);
  if (whole->least_align) fprintf(out, "__attribute__((aligned(%zu))) ", whole->least_align);
  fputs("{ ", out);
  for (size_t i = 0; i < whole->count; i++) write_member(out, &whole->members[i], i);
  fputs(" }", out);
}

/* What the compiler does with a type: size, alignment, offsets; and a function that sets a bit-field to all ones. */
static void write_layout(FILE *out, const ark_aggregate *whole, const char *name) {
  fprintf(out, "const size_t layout_%s[] = {sizeof(t_%s), _Alignof(t_%s)", name, name, name);
  for (size_t i = 0; i < whole->count; i++) {
    if (whole->members[i].is_bit_field) {
      fputs(", 0", out);
    } else {
      fprintf(out, ", offsetof(t_%s, m%zu)", name, i);
    }
  }
  fputs("};\n", out);
  for (size_t i = 0; i < whole->count; i++) {
    if (!whole->members[i].is_bit_field || whole->members[i].has_no_name) continue;
    fprintf(out, "void ones_%s_%zu(t_%s *it) { it->m%zu = -1; }\n", name, i, name, i);
  }
}

static void write_value(FILE *out, const char *text, const char *name) {
  const ark_type *type = type_of(text);
  size_t pack = ark_aggregate_of(type) ? ark_aggregate_of(type)->pack : 0;
  if (pack) fprintf(out, "#pragma pack(push, %zu)\n", pack);
  fprintf(out, "/* %s */ typedef ", text);
  write_type(out, type);
  fprintf(out, " t_%s;\n", name);
  if (pack) fputs("#pragma pack(pop)\n", out);
  if (!type->size) return;
  fprintf(out, "t_%s v_%s;\n", name, name);
  if (ark_aggregate_of(type)) write_layout(out, ark_aggregate_of(type), name);
  ark_type_release(type);
}

/* An argument after the dots, as C takes it. GCC's va_arg does not know that Microsoft's convention passes the address
 * of a struct that does not fill a word, or a half, a quarter or an eighth of one. */
static void write_taking(FILE *out, const char *text, size_t index, size_t argument, bool is_ms) {
  const ark_type *type = type_of(text);
  bool is_small = type->size == 1 || type->size == 2 || type->size == 4 || type->size == 8;
  bool is_integer = type->kind == ARK_KIND_BOOL || type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_UNSIGNED;
  bool is_address = is_ms && ark_aggregate_of(type) && !is_small;
  fprintf(out, "  t_%zu_%zu a%zu = %sva_arg(list, ", index, argument, argument, is_address ? "*" : "");
  if (type->id == ARK_TYPE_FLOAT) {
    fputs("double);\n", out);
  } else if (is_integer && type->size < sizeof(int)) {
    fputs("int);\n", out);
  } else {
    fprintf(out, "t_%zu_%zu%s);\n", index, argument, is_address ? " *" : "");
  }
  ark_type_release(type);
}

/* take_N records its arguments and returns v_N_r; call_N calls a callback with v_N_… and records its result. `abi` is
 * "" or "_ms", which ends the names of functions with Microsoft's convention. */
static void write_functions(FILE *out, const generated *it, size_t index, const char *abi) {
  bool is_void = *it->result == 'v';
  const char *attribute = *abi ? "__attribute__((ms_abi)) " : "", *own = *abi ? "__builtin_ms_" : "__builtin_";
  fprintf(out, "%st_%zu_r take_%zu%s(", attribute, index, index, abi);
  for (size_t i = 0; i < it->fixed; i++) fprintf(out, "%st_%zu_%zu a%zu", i ? ", " : "", index, i, i);
  fprintf(out, "%s) {\n", it->fixed < it->count ? ", ..." : it->count ? "" : "void");
  if (it->fixed < it->count) {
    fprintf(out, "  %sva_list list;\n  %sva_start(list, a%zu);\n", own, own, it->fixed - 1);
  }
  for (size_t i = it->fixed; i < it->count; i++) write_taking(out, it->args[i], index, i, *abi);
  for (size_t i = 0; i < it->count; i++) fprintf(out, "  v_%zu_%zu = a%zu;\n", index, i, i);
  for (size_t i = 0; i < it->count; i++)
    fprintf(out, "  __builtin_memset(&a%zu, 0, sizeof a%zu); touch(&a%zu);\n", i, i, i);
  if (!is_void) fprintf(out, "  return v_%zu_r;\n", index);
  fputs("}\n", out);
  if (it->fixed < it->count) return;

  fprintf(out, "void call_%zu%s(t_%zu_r (%s*f)(", index, abi, index, attribute);
  for (size_t i = 0; i < it->count; i++) fprintf(out, "%st_%zu_%zu", i ? ", " : "", index, i);
  fprintf(out, "%s)) {\n  ", it->count ? "" : "void");
  if (!is_void) fprintf(out, "v_%zu_r = ", index);
  fputs("f(", out);
  for (size_t i = 0; i < it->count; i++) fprintf(out, "%sv_%zu_%zu", i ? ", " : "", index, i);
  fputs(");\n}\n", out);
}

static void write_case(FILE *out, const generated *it, size_t index) {
  char name[64];
  for (size_t i = 0; i < it->count; i++) {
    sprintf(name, "%zu_%zu", index, i);
    write_value(out, it->args[i], name);
  }
  sprintf(name, "%zu_r", index);
  write_value(out, it->result, name);
  write_functions(out, it, index, "");
  if (ARK__MS) write_functions(out, it, index, "_ms");
}

static void *compile(void) {
  char folder[200], path[256], command[600];
  const char *temporary = getenv("TMPDIR"), *compiler = getenv("ARKFFI_CC");
  snprintf(folder, sizeof folder, "%s/arkffi-XXXXXX", temporary ? temporary : P_tmpdir);
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/generated.c", folder);
  FILE *out = fopen(path, "w");
  assert_non_null(out);
  fputs("#include <stdarg.h>\n#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n", out);
  fputs("static void touch(void *it) { __asm__ volatile(\"\" : : \"r\"(it) : \"memory\"); }\n", out);
  for (size_t i = 0; i < case_count; i++) write_case(out, &cases[i], i);
  fclose(out);
  snprintf(command, sizeof command, "%s -std=gnu11 -O1 -w -shared -fPIC -o %s/generated.so %s",
           compiler ? compiler : COMPILER, folder, path);
  if (system(command) != 0) fail_msg("%s (seed %lu)", command, seed);
  snprintf(path, sizeof path, "%s/generated.so", folder);
  void *opened = dlopen(path, RTLD_NOW);
  if (!opened) fail_msg("%s", dlerror());
  snprintf(command, sizeof command, "rm -rf %s", folder);
  assert_int_equal(system(command), 0);
  return opened;
}

static void *symbol(const char *format, ...) {
  char name[64];
  va_list args;
  va_start(args, format);
  vsnprintf(name, sizeof name, format, args);
  va_end(args);
  return dlsym(library, name);
}

/* ---- Layouts */

static void assert_layout(const char *text, const char *name) {
  ark_error error;
  const ark_aggregate *whole;
  assert_ok(ark_layout_parse(text, &whole, &error));
  const size_t *expected = symbol("layout_%s", name);
  if (whole->type.size != expected[0] || whole->type.align != expected[1]) {
    fail_msg("%s: size %zu, align %zu instead of %zu, %zu (seed %lu)", text, whole->type.size, whole->type.align,
             expected[0], expected[1], seed);
  }
  for (size_t i = 0; i < whole->count; i++) {
    const ark_member *member = &whole->members[i];
    if (!member->is_bit_field && member->offset != expected[2 + i]) {
      fail_msg("%s: member %zu at %zu instead of %zu (seed %lu)", text, i, member->offset, expected[2 + i], seed);
    }
    if (!member->is_bit_field || member->has_no_name) continue;
    _Alignas(64) uint8_t bytes[8192] = {0};
    ((void (*)(void *))(uintptr_t)symbol("ones_%s_%zu", name, i))(bytes);
    for (size_t bit = 0; bit < 8 * whole->type.size; bit++) {
      size_t first = 8 * member->offset + member->bit;
      bool is_set = bytes[bit / 8] >> bit % 8 & 1, is_inside = bit >= first && bit < first + member->width;
      if (is_set != is_inside) fail_msg("%s: member %zu: bit %zu (seed %lu)", text, i, bit, seed);
    }
  }
  ark_type_release(&whole->type);
}

static void should_lay_structs_out_as_the_compiler_does(void **state) {
  (void)state;
  size_t structs = 0;
  for (size_t i = 0; i < case_count; i++) {
    char name[64];
    for (size_t k = 0; k < cases[i].count; k++) {
      if (*cases[i].args[k] != '{') continue;
      sprintf(name, "%zu_%zu", i, k);
      assert_layout(cases[i].args[k], name);
      structs++;
    }
    if (*cases[i].result != '{') continue;
    sprintf(name, "%zu_r", i);
    assert_layout(cases[i].result, name);
    structs++;
  }
  printf("%zu structs\n", structs);
  assert_true(structs >= case_count);
}

/* ---- Values */

/* The bits of a type that hold a value: all except padding. */
static void mark(const ark_type *type, size_t first, uint8_t *mask) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  for (size_t i = 0; !whole && i < 8 * type->size; i++) mask[(first + i) / 8] |= (uint8_t)(1 << (first + i) % 8);
  for (size_t i = 0; whole && i < whole->count; i++) {
    bool is_array = whole->form == ARK_ARRAY;
    const ark_member *member = &whole->members[is_array ? 0 : i];
    size_t at = first + 8 * (is_array ? i * member->type->size : member->offset) + member->bit;
    if (!member->is_bit_field) {
      mark(member->type, at, mask);
    } else if (!member->has_no_name) {
      for (size_t bit = at; bit < at + member->width; bit++) mask[bit / 8] |= (uint8_t)(1 << bit % 8);
    }
  }
}

/* Makes bools 0 or 1, as the compiler relies on it. They are written last, so that they are valid in unions too. */
static void set_bools(const ark_type *type, size_t first, uint8_t *bytes) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole && type->kind == ARK_KIND_BOOL) bytes[first] &= 1;
  for (size_t i = 0; whole && i < whole->count; i++) {
    bool is_array = whole->form == ARK_ARRAY;
    const ark_member *member = &whole->members[is_array ? 0 : i];
    if (!member->is_bit_field) {
      set_bools(member->type, first + (is_array ? i * member->type->size : member->offset), bytes);
    }
  }
}

static void fill(const ark_type *type, void *out) {
  for (size_t i = 0; i < type->size; i++) ((uint8_t *)out)[i] = (uint8_t)random_bits();
  set_bools(type, 0, out);
}

static void assert_same(const ark_type *type, const void *actual, const void *expected, const char *where,
                        size_t index) {
  uint8_t mask[ROOM_SIZE] = {0};
  mark(type, 0, mask);
  for (size_t i = 0; i < type->size; i++) {
    uint8_t a = ((const uint8_t *)actual)[i], b = ((const uint8_t *)expected)[i];
    if ((a & mask[i]) == (b & mask[i])) continue;
    char text[TEXT] = "";
    const generated *it = &cases[index];
    ark_type_print(type, text, sizeof text);
    fprintf(stderr, "(");
    for (size_t k = 0; k < it->count; k++) fprintf(stderr, "%s", it->args[k]);
    fprintf(stderr, ")%s\n", it->result);
    fail_msg("case %zu: %s: %s: byte %zu is %02x instead of %02x (seed %lu)", index, where, text, i, a, b, seed);
  }
}

static ark_value value_of(const ark_type *type, void *bytes) {
  return type->kind == ARK_KIND_AGGREGATE ? (ark_value){.pointer = bytes} : ark_value_load(type, bytes);
}

static ark_signature *signature_of_case(const generated *it, const char *abi) {
  char args[MOST_ARGS * TEXT + 8] = "";
  if (*abi) strcat(args, "<ms>");
  for (size_t i = 0; i < it->count; i++) strcat(strcat(args, i && i == it->fixed ? "." : ""), it->args[i]);
  return signature_of(args, it->result);
}

static void pass_structs_to_c(const char *abi) {
  static room given[MOST_ARGS], copies[MOST_ARGS], result;
  for (size_t index = 0; index < case_count; index++) {
    ark_error error;
    ark_plan *plan;
    ark_value args[MOST_ARGS], back = {.pointer = result.bytes};
    ark_signature *signature = signature_of_case(&cases[index], abi);
    assert_ok(ark_plan_create(signature, &plan, &error));
    for (size_t i = 0; i < signature->count; i++) {
      fill(signature->parameters[i].type, given[i].bytes);
      copies[i] = given[i];
      args[i] = value_of(signature->parameters[i].type, given[i].bytes);
    }
    void *answer = symbol("v_%zu_r", index);
    if (answer) fill(signature->result, answer);
    ark_plan_call(plan, (ark_c_function)(uintptr_t)symbol("take_%zu%s", index, abi), args, &back);
    for (size_t i = 0; i < signature->count; i++) {
      assert_same(signature->parameters[i].type, symbol("v_%zu_%zu", index, i), given[i].bytes, "argument", index);
      assert_memory_equal(given[i].bytes, copies[i].bytes, sizeof copies[i].bytes);
    }
    if (signature->result->kind != ARK_KIND_AGGREGATE) memcpy(result.bytes, &back, sizeof back);
    if (answer) assert_same(signature->result, result.bytes, answer, "result", index);
    ark_plan_free(plan);
    ark_signature_free(signature);
  }
}

static void be_called_by_c(const char *abi) {
  static listener to;
  for (size_t index = 0; index < case_count; index++) {
    ark_error error;
    ark_closure *closure;
    if (cases[index].fixed < cases[index].count) continue; /* a callback cannot be variadic */
    ark_signature *signature = signature_of_case(&cases[index], abi);
    to.signature = signature;
    to.calls = 0;
    assert_ok(ark_closure_create(signature, listener_hear, &to, listener_ignore_end, &closure, &error));
    fill(signature->result, to.answer.bytes);
    for (size_t i = 0; i < signature->count; i++) {
      fill(signature->parameters[i].type, symbol("v_%zu_%zu", index, i));
    }
    ark_c_function caller = (ark_c_function)(uintptr_t)symbol("call_%zu%s", index, abi);
    ((void (*)(ark_c_function))caller)(ark_closure_code(closure));
    assert_int_equal(to.calls, 1);
    for (size_t i = 0; i < signature->count; i++) {
      assert_same(signature->parameters[i].type, to.seen[i].bytes, symbol("v_%zu_%zu", index, i), "argument", index);
    }
    void *answer = symbol("v_%zu_r", index);
    if (answer) assert_same(signature->result, answer, to.answer.bytes, "result", index);
    ark_closure_retire(closure);
    ark_signature_free(signature);
  }
}

static void should_pass_structs_to_c_and_take_them(void **state) {
  needs_structs();
  (void)state;
  pass_structs_to_c("");
}

static void should_be_called_by_c_with_structs_and_return_them(void **state) {
  needs_structs();
  (void)state;
  be_called_by_c("");
}

static void should_do_both_by_microsofts_convention(void **state) {
  needs_ms();
  (void)state;
  pass_structs_to_c("_ms");
  be_called_by_c("_ms");
}

static int generate(void **state) {
  (void)state;
  const char *wanted = getenv("ARKFFI_GENERATED"), *given = getenv("ARKFFI_SEED");
  case_count = wanted ? strtoul(wanted, NULL, 10) : 400;
  seed = given ? strtoul(given, NULL, 10) : 1;
  printf("%zu signatures, seed %lu\n", case_count, seed);
  random_seed(seed);
  cases = calloc(case_count, sizeof *cases);
  for (size_t i = 0; i < case_count; i++) make_up(&cases[i]);
  library = compile();
  return 0;
}

static int end(void **state) {
  (void)state;
  free(cases);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_lay_structs_out_as_the_compiler_does),
      cmocka_unit_test(should_pass_structs_to_c_and_take_them),
      cmocka_unit_test(should_be_called_by_c_with_structs_and_return_them),
      cmocka_unit_test(should_do_both_by_microsofts_convention),
  };
  return cmocka_run_group_tests_name("generated", tests, generate, end);
}
