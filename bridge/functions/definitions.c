#include "functions/definitions.h"
#include <search.h>
#include <string.h>

static int by_name(const void *left, const void *right) {
  return strcmp(((const arkjs_function *)left)->name, ((const arkjs_function *)right)->name);
}

arkjs_function *arkjs_library_find(const arkjs_library *library, const char *name) {
  arkjs_function wanted = {.name = (char *)name};
  arkjs_function **node = tfind(&wanted, &library->functions, by_name);
  return node ? *node : NULL;
}

ark_status arkjs_library_define(arkjs_library *library, arkjs_function *function, ark_error *error) {
  arkjs_function **node = tsearch(function, &library->functions, by_name);
  if (!node) return ark_fail_memory(error);
  if (*node != function) {
    arkjs_function_release(*node);
    *node = function;
  }
  return ARK_OK;
}

void arkjs_library_forget(arkjs_library *library) {
  while (library->functions) {
    arkjs_function *function = *(arkjs_function **)library->functions;
    tdelete(function, &library->functions, by_name);
    arkjs_function_release(function);
  }
}
