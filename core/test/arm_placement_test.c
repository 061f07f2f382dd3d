/* Where arguments go on the 64-bit ARM of Apple and of Windows, compared with what Clang does. The tables were written
 * by tools/platforms/arm-places.mjs, whose probe.c says what the places mean; ARKFFI_APPLE_PLACES and
 * ARKFFI_WINDOWS_PLACES name other ones. */
#include "support.h"
#include "arkffi/aggregate.h"
#include "base/like_clang.h"
#include "cpu/placement.h"
#include <ctype.h>
#include <stdio.h>

enum { LINE = 4096 };

/* Text that is being written. */
typedef struct text {
  char *at; /* its end so far */
} text;

/* A byte of the argument block. */
static void print_byte(text *out, size_t byte) {
  size_t word = byte / 8;
  if (word >= ARK__STACK_WORDS) {
    out->at += sprintf(out->at, "@%zu", byte - 8 * ARK__STACK_WORDS);
    return;
  }
  bool is_float = word >= ARK__FLOAT_WORDS;
  out->at += sprintf(out->at, "%c%zu", is_float ? 'f' : 'i', word - (is_float ? ARK__FLOAT_WORDS : ARK__INTEGER_WORDS));
  if (byte % 8) out->at += sprintf(out->at, "+%zu", byte % 8);
}

/* Calls `print` for each member that holds a value, bit-fields left out. Returns how many there were. */
static size_t each_leaf(const ark_type *type, size_t offset, void (*print)(void *context, size_t offset),
                        void *context) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole) {
    print(context, offset);
    return 1;
  }
  size_t count = 0;
  for (size_t i = 0; i < whole->count; i++) {
    const ark_member *member = &whole->members[whole->form == ARK_ARRAY ? 0 : i];
    if (member->is_bit_field) continue;
    size_t at = whole->form == ARK_ARRAY ? i * member->type->size : member->offset;
    count += each_leaf(member->type, offset + at, print, context);
  }
  return count;
}

/* The members of one argument, or of the result, as they are printed. */
typedef struct printing {
  text *out;
  const ark__placement *placement;
  size_t argument, count;
} printing;

static void print_separator(printing *it) {
  if (it->count++) *it->out->at++ = ',';
}

/* A member of an argument, by the move that takes it along. */
static void print_leaf(void *context, size_t offset) {
  printing *it = context;
  print_separator(it);
  for (size_t i = 0; i < it->placement->move_count; i++) {
    const ark__move *move = &it->placement->moves[i];
    if (move->argument != it->argument || offset < move->offset || offset >= move->offset + move->size) continue;
    print_byte(it->out, 8 * move->word + move->byte + offset - move->offset);
    return;
  }
  *it->out->at++ = '?';
}

/* A member of the result, by the registers of its pieces. */
static void print_piece(void *context, size_t offset) {
  printing *it = context;
  print_separator(it);
  size_t integers = 0, floats = 0;
  for (size_t i = 0; i < it->placement->piece_count; i++) {
    const ark__piece *piece = &it->placement->pieces[i];
    size_t word = piece->is_float ? ARK__FLOAT_WORDS + floats++ : ARK__INTEGER_WORDS + integers++;
    if (offset < piece->offset || offset >= piece->offset + piece->size) continue;
    print_byte(it->out, 8 * word + offset - piece->offset);
    return;
  }
  *it->out->at++ = '?';
}

static const ark__move *first_move(const ark__placement *placement, size_t argument) {
  for (size_t i = 0; i < placement->move_count; i++) {
    if (placement->moves[i].argument == argument) return &placement->moves[i];
  }
  return NULL;
}

static void print_argument(text *out, const ark__placement *placement, const ark_type *type, size_t argument) {
  const ark__move *move = first_move(placement, argument);
  *out->at++ = ' ';
  if (!move) {
    *out->at++ = '-';
  } else if (move->kind != ARK__MOVE_BYTES) {
    if (move->kind == ARK__MOVE_REFERENCE) *out->at++ = '&';
    print_byte(out, 8 * move->word + move->byte);
  } else {
    printing it = {out, placement, argument, 0};
    each_leaf(type, 0, print_leaf, &it);
  }
}

static void print_result(text *out, const ark__placement *placement, const ark_type *type) {
  if (placement->result_word < ARK__MAX_WORDS) {
    out->at += sprintf(out->at, " =x8");
  } else if (placement->piece_count) {
    printing it = {out, placement, 0, 0};
    out->at += sprintf(out->at, " =");
    each_leaf(type, 0, print_piece, &it);
  }
}

/* How a convention places a signature. */
typedef bool (*placer)(const ark_signature *signature, ark__placement *out);

static void print_places(char *buffer, const ark_signature *signature, placer place) {
  text out = {buffer};
  ark__placement *placement =
      calloc(1, sizeof *placement + ARK__MAX_PIECES * signature->count * sizeof placement->moves[0]);
  assert_true(place(signature, placement));
  for (size_t i = 0; i < signature->count; i++) {
    print_argument(&out, placement, signature->parameters[i].type, i);
  }
  print_result(&out, placement, signature->result);
  *out.at = '\0';
  free(placement);
}

/* Whether a signature has a bit-field, which the compilers lay out differently. */
static bool has_bit_field(const char *types) {
  for (; *types; types++) {
    if (isalpha((unsigned char)types[0]) && types[1] == ':') return true;
  }
  return false;
}

/* Whether an argument begins in the last integer register and ends on the stack. */
static bool has_divided(const char *places) {
  bool is_register = false;
  for (; *places; places++) {
    if (*places == ' ') is_register = false;
    if (places[0] == 'i' && places[1] == '7') is_register = true;
    if (places[0] == '@' && is_register) return true;
  }
  return false;
}

static void compare(const char *path, placer place) {
  FILE *table = fopen(path, "r");
  char line[LINE], places[LINE];
  size_t compared = 0, left_out = 0, wrong = 0;
  assert_non_null(table);
  while (fgets(line, sizeof line, table)) {
    char *args = strtok(line, " \n"), *result = strtok(NULL, " \n"), *expected = strtok(NULL, "\n");
    assert_non_null(result);
    if ((!ARK__LIKE_CLANG || ARK__MS_BIT_FIELDS) && (has_bit_field(args) || has_bit_field(result))) {
      left_out++;
      continue;
    }
    ark_signature *signature = signature_of(strcmp(args, "-") == 0 ? "" : args, result);
    print_places(places, signature, place);
    ark_signature_free(signature);
    /* Clang puts such a struct on the stack, where va_arg of Clang itself does not look; placement_test.c has these. */
    if (place == ark__place_windows_arm && has_divided(places)) {
      left_out++;
      continue;
    }
    compared++;
    const char *actual = *places ? places + 1 : places;
    if (strcmp(actual, expected ? expected : "") == 0) continue;
    print_error("(%s)%s: %s instead of %s\n", args, result, actual, expected ? expected : "");
    wrong++;
  }
  fclose(table);
  printf("%zu signatures, %zu left out\n", compared, left_out);
  assert_int_equal(wrong, 0);
  assert_true(compared >= 100);
}

static void should_put_arguments_where_clang_puts_them_for_apple(void **state) {
  (void)state;
  const char *other = getenv("ARKFFI_APPLE_PLACES");
  compare(other ? other : PLACES "/apple_places.txt", ark__place_apple);
}

static void should_put_arguments_where_clang_puts_them_for_windows(void **state) {
  (void)state;
  const char *other = getenv("ARKFFI_WINDOWS_PLACES");
  compare(other ? other : PLACES "/windows_arm_places.txt", ark__place_windows_arm);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(should_put_arguments_where_clang_puts_them_for_apple),
                                     cmocka_unit_test(should_put_arguments_where_clang_puts_them_for_windows)};
  return cmocka_run_group_tests_name("placement on ARM", tests, NULL, NULL);
}
