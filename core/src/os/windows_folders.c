/* Where the loader looks for a bare name, as windows_loader.c asks it to: in the program's folder and in that of
 * Windows' own libraries, and neither in the current folder nor in those of PATH. Folders that the program adds by
 * AddDllDirectory cannot be asked for. */
#include "os/files.h"
#include "os/windows_api.h"

#if ARK__WINDOWS

bool ark__each_loadable(ark__file_visitor visit, void *context) {
  char *program = ark__folder_of_program(), *system = ark__folder_of_system();
  bool has_memory = program && system;
  if (has_memory) {
    ark__each_file(program, visit, context);
    ark__each_file(system, visit, context);
  }
  ark__system_free(program);
  ark__system_free(system);
  return has_memory;
}

/* Only a library that the program could replace is looked for, and there is none. */
bool ark__find_loadable(const char *name, char *out, size_t size) {
  (void)name;
  if (size) *out = '\0';
  return true;
}
#endif
