#include "types/text_length.h"
#include <string.h>

static bool text_is_pointer(const cdef_parser *parser, const cdef_type *type) {
  if (type->kind != CDEF_POINTER || type->is_refused) return false;
  const cdef_type *target = type->target.type;
  const cdef_basic_types *basic = &parser->basic;
  return target == &basic->char_type || target == &basic->char16_type || target == &basic->wchar_type;
}

/* Whether a type is one of integers that can count: neither bool nor char nor an enum. */
static bool text_is_count(const cdef_parser *parser, const cdef_type *type) {
  if (type->kind != CDEF_SCALAR || type->is_enum || type == &parser->basic.char_type) return false;
  return type->scalar->kind == ARK_KIND_SIGNED || type->scalar->kind == ARK_KIND_UNSIGNED;
}

static char text_lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether a name contains a word in small letters, in any letters. */
static bool text_name_has(const cdef_name *name, const char *word) {
  size_t length = strlen(word);
  for (size_t start = 0; start + length <= name->length; start++) {
    size_t same = 0;
    while (same < length && text_lower(name->text[start + same]) == word[same]) same++;
    if (same == length) return true;
  }
  return false;
}

static bool text_names_count(const cdef_name *name) {
  if (name->length == 1) return text_lower(*name->text) == 'n';
  return text_name_has(name, "len") || text_name_has(name, "size") || text_name_has(name, "count") ||
         text_name_has(name, "bytes");
}

bool cdef_has_length_argument(const cdef_parser *parser, const cdef_member *parameter) {
  return parameter->next && text_is_pointer(parser, parameter->qualified.type) &&
         text_is_count(parser, parameter->next->qualified.type);
}

bool cdef_has_length_member(const cdef_parser *parser, const cdef_member *member) {
  const cdef_member *next = member->next;
  if (!next || !text_is_pointer(parser, member->qualified.type) || !text_is_count(parser, next->qualified.type))
    return false;
  return next->qualified.type->size == sizeof(size_t) || (next->name && text_names_count(next->name));
}
