#include "v8/create.h"
#include "arkffi/alloc.h"
#include <stdatomic.h>
#include <string.h>

/* Called by code that is not optimised. The result, undefined, means that C was not called. */
static void create_decline(const void *info) {
  (void)info;
}

char arkjs_v8_letter(ark_passing passing) {
  return (char)('a' + passing);
}

static uint8_t create_type_of(char letter) {
  switch (letter) {
  case ARKJS_V8_HANDLE: return ARKJS_V8_VALUE;
  case 'a' + ARK_PASS_FLOAT: return ARKJS_V8_FLOAT32;
  case 'a' + ARK_PASS_DOUBLE:
  case 'a' + ARK_PASS_WIDE: return ARKJS_V8_FLOAT64;
  case 'a' + ARK_PASS_NOTHING: return ARKJS_V8_VOID;
  default: return ARKJS_V8_INT32;
  }
}

/* How the values of a key are passed. V8's compiler threads may read it at any time, so it lives as long as the
 * process. There is one for each key, shared by all threads. */
typedef struct description {
  struct description *next;
  arkjs_v8_info info;
  char key[ARKJS_V8_KEY_SIZE];
  uint8_t types[(1 + ARKJS_V8_MOST_ARGS) * ARKJS_V8_MOST_TYPE_SIZE]; /* of the receiver and the arguments */
} description;

/* Entries are only added, at the head. The exchange releases a new entry, and the load of the head acquires it. */
static _Atomic(description *) create_descriptions;

static description *create_description(const arkjs_v8_symbols *symbols, const char *key) {
  size_t count = strlen(key) - 1;
  uint8_t result[ARKJS_V8_MOST_TYPE_SIZE] = {create_type_of(key[count])};
  description *created = ark_alloc(1, sizeof *created);
  if (!created) return NULL;
  memcpy(created->key, key, count + 2);
  created->types[0] = ARKJS_V8_VALUE;
  for (size_t i = 0; i < count; i++) created->types[(1 + i) * symbols->type_size] = create_type_of(key[i]);
  symbols->init_info(&created->info, result, (unsigned)(1 + count), created->types, 0);
  return created;
}

const arkjs_v8_info *arkjs_v8_describe(const arkjs_v8_symbols *symbols, const char *key) {
  for (description *one = create_descriptions; one; one = one->next) {
    if (!strcmp(one->key, key)) return &one->info;
  }
  description *created = create_description(symbols, key);
  if (!created) return NULL;
  /* If another thread adds the same key now, there are two entries, which is harmless. */
  created->next = create_descriptions;
  while (!atomic_compare_exchange_weak(&create_descriptions, &created->next, created)) {
  }
  return &created->info;
}

napi_value arkjs_v8_create(const arkjs_v8_symbols *symbols, const arkjs_v8_info *info, const void *address) {
  void *isolate = symbols->current_isolate();
  arkjs_v8_function fast;
  symbols->init_function(&fast, address, info);
  napi_value blank = symbols->create_template(isolate, create_decline, NULL, NULL, 0, 0, 0, &fast, 0, 0, 0);
  return blank ? symbols->function_of_template(blank, symbols->current_context(isolate)) : NULL;
}
