/* Similar names for messages. */
#include "arkffi/suggest.h"
#include "support.h"

/* The type that is found for a misspelt name among the usual ones and `more`. */
static const char *type_for(ark_suggestion *near, const char *wanted, const char *more) {
  static const char *const types[] = {"char",   "short",   "int",    "long",     "float",   "double",   "bool",
                                      "signed", "void",    "int8_t", "unsigned", "int16_t", "uint16_t", "int32_t",
                                      "size_t", "uint8_t", "GLint",  "uint32_t", "GLuint",  "my_int",   "my_uint"};
  ark_suggest_start(near, wanted);
  for (size_t i = 0; i < COUNT_OF(types); i++) ark_suggest_offer_type(near, types[i]);
  if (more) ark_suggest_offer_type(near, more);
  return ark_suggest_found_type(near);
}

#define assert_type(wanted, more, found)                                                                               \
  do {                                                                                                                 \
    ark_suggestion near;                                                                                               \
    assert_string_equal(type_for(&near, (wanted), (more)), (found));                                                   \
  } while (0)

static void should_find_the_most_similar_name(void **state) {
  (void)state;
  assert_type("itn", NULL, "int");
  assert_type("INT", NULL, "int");
  assert_type("duoble", NULL, "double");
  assert_type("int32t", NULL, "int32_t");
  assert_type("size", NULL, "");
  assert_type("my_vecotr", "my_vector", "my_vector");
  assert_type("pthread_mtex_t", "pthread_mutex_t", "pthread_mutex_t");
}

static void should_find_no_type_of_another_sign(void **state) {
  (void)state;
  assert_type("iunt32_t", NULL, "uint32_t");
  assert_type("inut32_t", NULL, "uint32_t");
  assert_type("unt32_t", NULL, "uint32_t");
  assert_type("iunt64_t", NULL, "");
  assert_type("iunt64_t", "int64_t", "");
  assert_type("nusigned", NULL, "unsigned");
  assert_type("insigned", NULL, "");
  assert_type("nsigned", NULL, "");
  assert_type("GLunit", NULL, "GLuint");
  assert_type("GLnit", NULL, "GLint");
  assert_type("my_iunt", NULL, "my_uint");
  assert_type("my_itn", NULL, "my_int");
}

static void should_find_no_type_of_another_width_or_kind(void **state) {
  (void)state;
  assert_type("int23_t", NULL, "");
  assert_type("uint65_t", "uint64_t", "");
  assert_type("f16", "i16", "");
  assert_type("F23", "f32", "");
  assert_type("f2", "f32", "");
  assert_type("real32", "reel32", "reel32");
}

static void should_compare_names_of_64_characters_at_most(void **state) {
  (void)state;
  char wanted[ARK_SUGGEST_LENGTH + 2], name[ARK_SUGGEST_LENGTH + 2];
  memset(wanted, 'a', sizeof wanted);
  memset(name, 'a', sizeof name);
  wanted[ARK_SUGGEST_LENGTH] = name[ARK_SUGGEST_LENGTH] = '\0';
  name[0] = 'b';
  assert_type(wanted, name, name);
  name[ARK_SUGGEST_LENGTH] = 'a';
  name[ARK_SUGGEST_LENGTH + 1] = '\0';
  assert_type(wanted, name, "");
  assert_type("", "u", "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_find_the_most_similar_name),
      cmocka_unit_test(should_find_no_type_of_another_sign),
      cmocka_unit_test(should_find_no_type_of_another_width_or_kind),
      cmocka_unit_test(should_compare_names_of_64_characters_at_most),
  };
  return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
