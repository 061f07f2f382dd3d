#include "arkffi/alloc.h"
#include "arkffi/environment.h"
#include "os/windows_api.h"

#if ARK__WINDOWS
#include <string.h>

/* A process has the rights of the user who started it, or asks for more in a dialogue that says for what. */
bool ark_environment(const char *name, char **out) {
  *out = NULL;
  wchar_t *wide = ark__wide(name);
  if (!wide) return false;
  DWORD room = GetEnvironmentVariableW(wide, NULL, 0);
  wchar_t *value = room ? ark__system_alloc(room, sizeof *value) : NULL;
  DWORD length = value ? GetEnvironmentVariableW(wide, value, room) : 0;
  ark__system_free(wide);
  /* Another thread may have made it longer meanwhile: then it counts as not set. */
  bool is_set = value && length < room;
  char *text = is_set ? ark__narrow(value) : NULL;
  if (text) *out = ark_copy_text(text, strlen(text));
  ark__system_free(text);
  bool lacks_memory = (room && !value) || (is_set && !*out);
  ark__system_free(value);
  return !lacks_memory;
}
#endif
