/* Names in the export tries of Mach-O images, which macOS alone has: tries made by hand, and damaged ones. */
#include "support.h"
#include "os/macho_trie.h"
#include <stdio.h>

/* What a walk has found: "name@offset" or "name elsewhere", separated by spaces. */
typedef struct found {
  char text[500];
  size_t length, stop_after, count;
} found;

static bool note(void *context, const char *name, ark__trie_place place) {
  found *to = context;
  size_t room = sizeof to->text - to->length;
  const char *space = to->count ? " " : "";
  int added = place.is_elsewhere
                  ? snprintf(to->text + to->length, room, "%s%s elsewhere", space, name)
                  : snprintf(to->text + to->length, room, "%s%s@%llu", space, name, (unsigned long long)place.offset);
  to->length += added > 0 && (size_t)added < room ? (size_t)added : 0;
  return ++to->count == to->stop_after;
}

/* _add at 300, _additive re-exported, _sub absolute, _mul with a resolver, and "other" without an underscore. Each node
 * is the size of its symbol, the symbol, the number of children, and for each child the next letters and its place. */
static const unsigned char trie[] = {
    0, 2,    '_',  0,   12,  'o', 't', 'h', 'e', 'r', 0, 55,                       /* 0: the root */
    0, 3,    'a',  'd', 'd', 0,   29,  's', 'u', 'b', 0, 46, 'm', 'u', 'l', 0, 50, /* 12: "_" */
    3, 0,    0xac, 2,   1,   'i', 't', 'i', 'v', 'e', 0, 41,                       /* 29: "_add" */
    3, 8,    1,    0,   0,                                                         /* 41: "_additive" */
    2, 2,    5,    0,                                                              /* 46: "_sub" */
    3, 0x10, 16,   20,  0,                                                         /* 50: "_mul" */
    2, 0,    1,    0,                                                              /* 55: "other" */
};

static void should_find_each_name(void **state) {
  (void)state;
  found all = {{0}, 0, 0, 0};
  assert_false(ark__trie_walk(trie, sizeof trie, note, &all));
  assert_string_equal(all.text, "add@300 additive elsewhere mul@16");
  found first = {{0}, 0, 1, 0};
  assert_true(ark__trie_walk(trie, sizeof trie, note, &first));
  assert_string_equal(first.text, "add@300");
}

/* Random bytes, in memory of exactly their size, so that a sanitizer reports a read after their end. */
static void should_survive_any_bytes(void **state) {
  (void)state;
  for (size_t round = 0; round < 20000; round++) {
    size_t size = random_below(sizeof trie + 8);
    unsigned char *bytes = malloc(size ? size : 1);
    found some = {{0}, 0, 0, 0};
    for (size_t i = 0; i < size; i++) {
      bytes[i] = i < sizeof trie && random_below(8) ? trie[i] : (unsigned char)random_below(random_below(2) ? 64 : 256);
    }
    ark__trie_walk(bytes, size, note, &some);
    free(bytes);
  }
}

/* Nodes that lead back to themselves. */
static void should_end_where_nodes_form_a_circle(void **state) {
  (void)state;
  static const unsigned char circle[] = {0, 2, '_', 0, 0, 'a', 0, 0};
  found none = {{0}, 0, 0, 0};
  assert_false(ark__trie_walk(circle, sizeof circle, note, &none));
  assert_int_equal(none.count, 0);
  assert_false(ark__trie_walk(circle, 0, note, &none));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_find_each_name),
      cmocka_unit_test(should_survive_any_bytes),
      cmocka_unit_test(should_end_where_nodes_form_a_circle),
  };
  return cmocka_run_group_tests_name("export tries", tests, NULL, NULL);
}
