/* On Windows a library names not only the functions that it needs, but also the file that each is in. Node-API is in
 * the program itself, whose name is node.exe in most cases, and the application's own in that of Electron or of a
 * single executable. So the module names no file: it has the pointers that a linker would make for imported functions,
 * and looks for the functions in the program when it is loaded. It needs no import library, and does the same with
 * every linker. CMake defines ARKFFI_OWN_IMPORTS for Windows. */
#include "arkffi/library.h"
#include <node_api.h>

#ifdef ARKFFI_OWN_IMPORTS
/* The compiler calls an imported function through the pointer that has its name after __imp_. */
#define ARKJS_IMPORT(name) void *__imp_##name;
#include "env/imports.def"
#undef ARKJS_IMPORT

typedef struct imported {
  const char *name;
  void **pointer;
} imported;

#define ARKJS_IMPORT(name) {#name, &__imp_##name},
static const imported imports_all[] = {
#include "env/imports.def"
};
#undef ARKJS_IMPORT

/* Stands for a function that the host lacks. Every host that can load the module has those of version 8. */
static napi_status imports_lacking(void) {
  return napi_generic_failure;
}

/* Runs when the module is loaded. The program itself is looked in first, then its libraries, one of which Node.js can
 * be. */
__attribute__((constructor)) static void imports_find(void) {
  for (size_t i = 0; i < sizeof imports_all / sizeof imports_all[0]; i++) {
    void *found = ark_process_symbol(imports_all[i].name);
    *imports_all[i].pointer = found ? found : (void *)(uintptr_t)imports_lacking;
  }
}
#endif
