#include "written_types.h"
#include "arkffi/aggregate.h"
#include <dlfcn.h>
#include <stdio.h>

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
  if (!whole || whole->form == ARK_WIDE_SCALAR) {
    fputs(type->c_name, out);
    return;
  }
  fprintf(out, "%s ", type->c_name);
  if (whole->bit_fields)
    fprintf(out, "__attribute__((%s_struct)) ", whole->bit_fields == ARK_BIT_FIELDS_MS ? "ms" : "gcc");
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
  const ark_type *type = random_type_of(text);
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
  const ark_type *type = random_type_of(text);
  bool is_small = type->size == 1 || type->size == 2 || type->size == 4 || type->size == 8;
  bool is_integer = type->kind == ARK_KIND_BOOL || type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_UNSIGNED;
  bool is_address = (is_ms || (ARK__MS && !ARK__SYSTEM_V)) && ark_aggregate_of(type) && !is_small;
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
static void write_functions(FILE *out, const random_signature *it, size_t index, const char *abi) {
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

  fprintf(out, "void call_%zu%s(t_%zu_r (%s*f)(", index, abi, index, attribute);
  for (size_t i = 0; i < it->fixed; i++) fprintf(out, "%st_%zu_%zu", i ? ", " : "", index, i);
  fprintf(out, "%s)) {\n  ", it->fixed < it->count ? ", ..." : it->count ? "" : "void");
  if (!is_void) fprintf(out, "v_%zu_r = ", index);
  fputs("f(", out);
  for (size_t i = 0; i < it->count; i++) fprintf(out, "%sv_%zu_%zu", i ? ", " : "", index, i);
  fputs(");\n}\n", out);
}

static void write_case(FILE *out, const random_signature *it, size_t index) {
  char name[64];
  for (size_t i = 0; i < it->count; i++) {
    sprintf(name, "%zu_%zu", index, i);
    write_value(out, it->args[i], name);
  }
  sprintf(name, "%zu_r", index);
  write_value(out, it->result, name);
  write_functions(out, it, index, "");
  if (WRITTEN_TWICE) write_functions(out, it, index, "_ms");
}

/* The signatures of one source. */
enum { PART = 200, MOST_PARTS = 1000 };

static void *parts[MOST_PARTS];

static void write_part(const char *folder, const random_signature *cases, size_t first, size_t end) {
  char path[256];
  snprintf(path, sizeof path, "%s/part_%zu.c", folder, first / PART);
  FILE *out = fopen(path, "w");
  assert_non_null(out);
  fputs("#include <stdarg.h>\n#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n", out);
  fputs("static void touch(void *it) { __asm__ volatile(\"\" : : \"r\"(it) : \"memory\"); }\n", out);
  for (size_t i = first; i < end; i++) write_case(out, &cases[i], i);
  fclose(out);
}

void written_write(const char *folder, const random_signature *cases, size_t count) {
  assert_true(count <= (size_t)PART * MOST_PARTS);
  for (size_t i = 0; i < count; i += PART) write_part(folder, cases, i, i + PART < count ? i + PART : count);
}

void written_compile(const char *folder, size_t count) {
  const char *compiler = getenv("ARKFFI_CC");
  for (size_t i = 0; i * PART < count; i++) {
    char command[700];
    snprintf(command, sizeof command, "%s -std=gnu11 -O1 -w -shared -fPIC -o %s/part_%zu" SUFFIX " %s/part_%zu.c",
             compiler ? compiler : COMPILER, folder, i, folder, i);
    if (system(command) != 0) fail_msg("%s", command);
  }
}

void written_open(const char *folder, size_t count) {
  for (size_t i = 0; i * PART < count; i++) {
    char path[256];
    snprintf(path, sizeof path, "%s/part_%zu" SUFFIX, folder, i);
    parts[i] = dlopen(path, RTLD_NOW);
    if (!parts[i]) fail_msg("%s: %s", path, dlerror());
  }
}

void *written_symbol(size_t index, const char *format, ...) {
  char name[64];
  va_list args;
  va_start(args, format);
  vsnprintf(name, sizeof name, format, args);
  va_end(args);
  return dlsym(parts[index / PART], name);
}
