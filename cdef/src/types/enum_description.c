#include "types/enum_description.h"
#include "arkffi/signature.h"
#include "base/json.h"
#include "parser/macros.h"
#include <stdio.h>
#include <string.h>

/* The same limit as that of the parameters that are described. */
enum { MOST_PARAMETERS = ARK_MAX_ARGS + 1 };

/* The enum that a type is, or that the elements of an array have; NULL if it is none. */
static const cdef_type *enum_found_in(const cdef_type *type) {
  while (type->kind == CDEF_ARRAY && type->target.type) type = type->target.type;
  return type->kind == CDEF_SCALAR && type->is_enum && !type->is_refused ? type : NULL;
}

static void enum_write_use(cdef_buffer *json, const char *key, size_t length, const cdef_type *type) {
  const cdef_type *found = enum_found_in(type);
  if (!found) return;
  cdef_json_separate(json);
  cdef_json_string(json, key, length);
  cdef_buffer_print(json, ":%u", found->index);
}

/* Begins an object after its key, which is taken back by enum_close if nothing is written into it. */
static size_t enum_open(cdef_buffer *json, const char *key, size_t length) {
  size_t start = json->length;
  cdef_json_separate(json);
  cdef_json_string(json, key, length);
  cdef_buffer_write(json, ":{");
  return start;
}

static void enum_close(cdef_buffer *json, size_t start) {
  if (json->has_failed) return;
  if (json->text[json->length - 1] == '{') {
    cdef_buffer_cut(json, start);
  } else {
    cdef_buffer_write(json, "}");
  }
}

static void enum_write_symbol(cdef_buffer *json, const cdef_name *name, const cdef_name *written) {
  if (name->meaning != CDEF_FUNCTION_NAME && name->meaning != CDEF_VARIABLE) return;
  const cdef_type *type = name->qualified.type;
  size_t start = enum_open(json, written->text, written->length), index = 0;
  if (name->meaning == CDEF_VARIABLE) {
    enum_write_use(json, "type", strlen("type"), type);
  } else {
    for (const cdef_member *parameter = type->members; parameter && index < MOST_PARAMETERS;
         parameter = parameter->next, index++) {
      char key[24];
      int length = snprintf(key, sizeof key, "%zu", index);
      /* An array is passed by its address. */
      if (parameter->qualified.type->kind == CDEF_SCALAR)
        enum_write_use(json, key, (size_t)length, parameter->qualified.type);
    }
    enum_write_use(json, "returns", strlen("returns"), type->target.type);
  }
  enum_close(json, start);
}

static void enum_write_symbols(const cdef_parser *parser, cdef_buffer *json) {
  for (const cdef_name *name = parser->first_name; name; name = name->next) enum_write_symbol(json, name, name);
  for (const cdef_macro *macro = parser->first_macro; macro; macro = macro->next) {
    if (macro->name->macro == macro && macro->alias) enum_write_symbol(json, macro->alias, macro->name);
  }
}

/* Writes the members of each struct and union under its number. */
static void enum_write_members(const cdef_parser *parser, cdef_buffer *json) {
  for (const cdef_type *record = parser->first_record; record; record = record->next) {
    char key[24];
    int length = snprintf(key, sizeof key, "%u", record->index);
    size_t start = enum_open(json, key, (size_t)length);
    for (const cdef_member *member = record->members; member; member = member->next) {
      if (member->name) enum_write_use(json, member->name->text, member->name->length, member->qualified.type);
    }
    enum_close(json, start);
  }
}

static void enum_write_typedefs(const cdef_parser *parser, cdef_buffer *json) {
  for (const cdef_name *name = parser->first_name; name; name = name->next) {
    if (name->meaning == CDEF_TYPE_NAME) enum_write_use(json, name->text, name->length, name->qualified.type);
  }
}

static void enum_write_types(const cdef_parser *parser, cdef_buffer *json) {
  for (const cdef_type *type = parser->first_enum; type; type = type->next) {
    cdef_json_separate(json);
    cdef_buffer_write(json, "{\"name\":");
    const char *name = type->name ? type->name : "enum";
    cdef_json_string(json, name, strlen(name));
    cdef_buffer_write(json, ",\"constants\":[");
    for (const cdef_member *constant = type->members; constant; constant = constant->next) {
      cdef_json_separate(json);
      cdef_json_string(json, constant->name->text, constant->name->length);
    }
    cdef_buffer_write(json, "]}");
  }
}

void cdef_write_enums(const cdef_parser *parser, cdef_buffer *json) {
  cdef_buffer_write(json, "{\"types\":[");
  enum_write_types(parser, json);
  cdef_buffer_write(json, "],\"symbols\":{");
  enum_write_symbols(parser, json);
  cdef_buffer_write(json, "},\"fields\":{");
  enum_write_members(parser, json);
  cdef_buffer_write(json, "},\"typedefs\":{");
  enum_write_typedefs(parser, json);
  cdef_buffer_write(json, "}}");
}
