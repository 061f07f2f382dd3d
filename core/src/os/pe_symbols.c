/* What modules export, and what they need of each other. */
#include "arkffi/process.h"
#include "os/loader.h"
#include "os/pe_image.h"

#if ARK__WINDOWS
#include <string.h>

typedef struct symbol_walk {
  ark__symbol_visitor visit;
  void *context;
} symbol_walk;

static bool symbol_visit(void *context, const char *name, bool is_function) {
  const symbol_walk *walk = context;
  walk->visit(walk->context, name, is_function);
  return false;
}

static bool symbol_visit_module(void *context, HMODULE module) {
  ark__pe_image image;
  if (ark__pe_image_of(module, &image)) ark__pe_each_export(&image, symbol_visit, context);
  return false;
}

void ark__module_each_symbol(void *module, bool whole_process, ark__symbol_visitor visit, void *context) {
  symbol_walk walk = {visit, context};
  if (whole_process) {
    ark__each_module(symbol_visit_module, &walk);
  } else {
    symbol_visit_module(&walk, module);
  }
}

/* Windows does not count them. */
uint64_t ark_process_loads(void) {
  return 0;
}

struct ark_object {
  HMODULE module;
  ark__pe_image image;
};

typedef struct symbol_query {
  ark_object_test test;
  const void *context;
} symbol_query;

static bool symbol_try_module(void *data, HMODULE module) {
  const symbol_query *query = data;
  ark_object object = {.module = module};
  return ark__pe_image_of(module, &object.image) && query->test(query->context, &object);
}

bool ark_process_has(ark_object_test test, const void *context) {
  symbol_query query = {test, context};
  return ark__each_module(symbol_try_module, &query);
}

bool ark_object_contains(const ark_object *object, const void *address) {
  return (uintptr_t)address - (uintptr_t)object->module < object->image.size;
}

bool ark_object_exports(const ark_object *object, const char *name) {
  return GetProcAddress(object->module, name) != NULL;
}

static bool symbol_is_wanted(void *context, const char *name) {
  bool (*const *wanted)(const char *) = context;
  return (*wanted)(name);
}

bool ark_object_imports(const ark_object *object, bool (*wanted)(const char *name)) {
  return ark__pe_each_import(&object->image, symbol_is_wanted, &wanted);
}
#endif
