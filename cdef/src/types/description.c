#include "types/description.h"
#include "arkffi/signature.h"
#include "base/floating_value.h"
#include "base/json.h"
#include "parser/macros.h"
#include "types/basic_types.h"
#include "types/enum_description.h"
#include "types/text_length.h"
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

/* JavaScript's numbers are exact for integers below this magnitude. */
#define SAFE_INTEGER ((uint64_t)1 << 53)

/* To be raised when descriptions of another version, which programs may have kept, are no longer understood. */
enum { CDEF_DESCRIPTION_VERSION = 1 };

/* Parameters that are described. One more than a call may have is enough to refuse the function, and all of them
 * could make a description much longer than its text, because a typedef can declare many functions of one type. */
enum { MOST_PARAMETERS = ARK_MAX_ARGS + 1 };

/* Bytes of the names of all parameters of a function that are described, for the same reason. */
enum { MOST_NAME_BYTES = 512 };

/* ---- What pointers point to */

static bool description_is_record(const cdef_type *type) {
  return type->kind == CDEF_STRUCT || type->kind == CDEF_UNION;
}

/* The struct or union that a pointer, or each pointer of an array, points to; NULL for any other type. */
static const cdef_type *description_record_of(const cdef_type *type) {
  while (type->kind == CDEF_ARRAY) type = type->target.type;
  if (type->kind != CDEF_POINTER || type->is_refused) return NULL;
  const cdef_type *target = type->target.type;
  return description_is_record(target) && !target->is_refused ? target : NULL;
}

/* Writes the number of that struct or union, if there is one, after `key`. */
static void description_write_record_target(cdef_buffer *json, const cdef_type *type, const char *key) {
  const cdef_type *record = description_record_of(type);
  if (!record) return;
  cdef_json_separate(json);
  cdef_buffer_print(json, "\"%s\":%u", key, record->index);
}

/* Writes the structs and unions that the pointers of a function type point to. */
static void description_write_records(cdef_buffer *json, const cdef_type *function) {
  size_t start = json->length;
  cdef_buffer_write(json, ",\"to\":{");
  size_t empty = json->length, index = 0;
  for (const cdef_member *parameter = function->members; parameter && index < MOST_PARAMETERS;
       parameter = parameter->next, index++) {
    char key[24];
    snprintf(key, sizeof key, "%zu", index);
    description_write_record_target(json, parameter->qualified.type, key);
  }
  description_write_record_target(json, function->target.type, "returns");
  if (json->length == empty) {
    cdef_buffer_cut(json, start);
  } else {
    cdef_buffer_write(json, "}");
  }
}

/* ---- Types */

/* Whether JavaScript converts the values of a type, which is then described by its letters. */
static bool description_is_converted(const cdef_type *type) {
  return type->kind == CDEF_FOREIGN && type->letters && !type->unusable;
}

static void description_write_type(cdef_parser *parser, cdef_buffer *json, const cdef_qualified_type *qualified,
                                   bool is_parameter);
static const char *description_of_function(cdef_parser *parser, const cdef_type *type, bool is_shape);

/* The number of the shape of a function type. Types with the same description are one shape. */
static unsigned description_shape_of(cdef_parser *parser, const cdef_qualified_type *qualified) {
  const char *json = description_of_function(parser, qualified->type, true);
  cdef_name *shape = cdef_name_of(&parser->shapes, &parser->arena, json, strlen(json));
  if (!shape) {
    cdef_fail_memory(parser);
    return 0;
  }
  if (!shape->is_listed) {
    shape->is_listed = true;
    shape->json = json;
    shape->value.bits = parser->type_count++;
    *parser->next_shape = shape;
    parser->next_shape = &shape->next;
  }
  return (unsigned)shape->value.bits;
}

static void description_write_pointer(cdef_parser *parser, cdef_buffer *json, const cdef_type *pointer,
                                      bool is_parameter) {
  const cdef_basic_types *basic = &parser->basic;
  const cdef_qualified_type *target = &pointer->target;
  bool is_not_text = pointer->is_not_text && target->type->kind != CDEF_FUNCTION;
  if (is_not_text) {
    cdef_buffer_write(json, "\"p\"");
  } else if (target->type == &basic->char_type) {
    cdef_buffer_write(json, target->is_const ? "\"s\"" : "\"char *\"");
  } else if (target->type == &basic->char16_type && target->is_const) {
    cdef_buffer_write(json, "\"S\"");
  } else if (target->type == &basic->wchar_type && target->is_const) {
    cdef_buffer_write(json, "\"w\"");
  } else if (target->type->kind != CDEF_FUNCTION) {
    cdef_buffer_write(json, "\"p\"");
  } else if (is_parameter) {
    cdef_buffer_print(json, "%u", description_shape_of(parser, target));
  } else {
    cdef_buffer_write(json, "\"k\"");
  }
}

static void description_write_unusable(cdef_buffer *json, const char *reason) {
  cdef_buffer_write(json, "{\"unusable\":");
  cdef_json_string(json, reason, strlen(reason));
  cdef_buffer_write(json, "}");
}

/* Recurses for arrays only, which nest at most CDEF_MAX_DEPTH levels. */
static void description_write_type(cdef_parser *parser, cdef_buffer *json, const cdef_qualified_type *qualified,
                                   bool is_parameter) {
  const cdef_type *type = qualified->type;
  bool is_converted = description_is_converted(type);
  if (type->is_refused || (type->kind == CDEF_FOREIGN && !is_converted)) {
    description_write_unusable(json, cdef_why_unusable(parser, type));
    return;
  }
  switch (type->kind) {
  case CDEF_VOID: cdef_buffer_write(json, "\"v\""); break;
  case CDEF_SCALAR: cdef_buffer_print(json, "\"%c\"", type->scalar->code); break;
  case CDEF_FOREIGN: cdef_buffer_print(json, "\"%s\"", type->letters); break;
  case CDEF_POINTER: description_write_pointer(parser, json, type, is_parameter); break;
  case CDEF_ARRAY:
    cdef_buffer_write(json, "[");
    description_write_type(parser, json, &type->target, false);
    cdef_buffer_print(json, ",%" PRIu64 "]", type->count);
    break;
  case CDEF_FUNCTION: cdef_buffer_print(json, "%u", description_shape_of(parser, qualified)); break;
  case CDEF_STRUCT:
  case CDEF_UNION: cdef_buffer_print(json, "%u", type->index); break;
  }
}

const char *cdef_describe_type(cdef_parser *parser, const cdef_qualified_type *qualified) {
  cdef_buffer json = {0};
  description_write_type(parser, &json, qualified, true);
  return cdef_finish_text(parser, &json);
}

static void description_write_reason(cdef_buffer *json, const char *reason) {
  cdef_buffer_write(json, ",\"unusable\":");
  cdef_json_string(json, reason, strlen(reason));
}

/* The reason why a function cannot be called, or NULL. */
static const char *description_why_uncallable(cdef_parser *parser, const cdef_type *type) {
  if (type->unusable) return type->unusable;
  const char *why = cdef_why_unusable(parser, type->target.type);
  if (why) return cdef_format_reason(parser, "result: %s", why);
  size_t number = 1;
  for (const cdef_member *parameter = type->members; parameter && number <= MOST_PARAMETERS;
       parameter = parameter->next, number++) {
    why = cdef_why_unusable(parser, parameter->qualified.type);
    if (why) return cdef_format_reason(parser, "argument %zu: %s", number, why);
  }
  return NULL;
}

/* In a shape, a parameter that is a function pointer is described as an address, so that descriptions do not nest. */
static const char *description_of_function(cdef_parser *parser, const cdef_type *type, bool is_shape) {
  cdef_buffer json = {0};
  cdef_buffer_write(&json, "\"args\":[");
  size_t number = 1;
  for (const cdef_member *parameter = type->members; parameter && number <= MOST_PARAMETERS;
       parameter = parameter->next, number++) {
    cdef_json_separate(&json);
    if (is_shape && cdef_has_length_argument(parser, parameter)) {
      cdef_buffer_write(&json, "\"p\"");
    } else {
      description_write_type(parser, &json, &parameter->qualified, !is_shape);
    }
  }
  if (type->is_variadic) {
    cdef_json_separate(&json);
    cdef_buffer_write(&json, "\"...\"");
  }
  cdef_buffer_write(&json, "],\"returns\":");
  description_write_type(parser, &json, &type->target, false);
  if (is_shape) description_write_records(&json, type);
  if (type->abi) cdef_buffer_print(&json, ",\"abi\":\"%s\"", type->abi == ARK_ABI_MS ? "ms" : "sysv");
  const char *why = description_why_uncallable(parser, type);
  if (why) description_write_reason(&json, why);
  return cdef_finish_text(parser, &json);
}

/* Whether the type of a variable is `const char []`, whose length only the library knows. */
static bool description_is_text(const cdef_parser *parser, const cdef_type *type) {
  if (type->kind != CDEF_ARRAY || type->is_complete || type->is_refused) return false;
  return type->target.type == &parser->basic.char_type && type->target.is_const;
}

const char *cdef_describe_symbol(cdef_parser *parser, const cdef_qualified_type *qualified) {
  if (qualified->type->kind == CDEF_FUNCTION) return description_of_function(parser, qualified->type, false);
  cdef_buffer json = {0};
  cdef_buffer_write(&json, "\"type\":");
  if (description_is_text(parser, qualified->type)) {
    cdef_buffer_write(&json, "[\"char\",0]");
  } else {
    description_write_type(parser, &json, qualified, false);
    description_write_record_target(&json, qualified->type, "to");
  }
  const char *why = cdef_why_unusable(parser, qualified->type);
  if (why) description_write_reason(&json, why);
  return cdef_finish_text(parser, &json);
}

/* ---- The parameters of a function, beyond their types */

static bool description_is_text_pointer(const cdef_parser *parser, const cdef_type *pointer) {
  return pointer->target.type == &parser->basic.char_type && !pointer->is_not_text;
}

/* Writes what a type points to, after `key`: a scalar, an address, or a struct. Nothing if that is not known, or if the
 * type itself says that it is text. */
static void description_write_target(const cdef_parser *parser, cdef_buffer *json, const cdef_type *type,
                                     const char *key) {
  if (type->kind != CDEF_POINTER || type->is_refused || description_is_text_pointer(parser, type)) return;
  const cdef_type *target = type->target.type;
  if (target->is_refused) return;
  bool is_record = description_is_record(target);
  bool is_converted = description_is_converted(target);
  if (target->kind != CDEF_SCALAR && target->kind != CDEF_POINTER && !is_record && !is_converted) return;
  cdef_json_separate(json);
  cdef_buffer_print(json, "\"%s\":", key);
  if (is_record) {
    cdef_buffer_print(json, "%u", target->index);
  } else if (is_converted) {
    cdef_buffer_print(json, "\"%s\"", target->letters);
  } else {
    cdef_buffer_print(json, "\"%c\"", target->kind == CDEF_SCALAR ? target->scalar->code : 'p');
  }
}

/* Whether the names of parameters are described: not if none has one, nor if they are long, because a typedef can
 * declare many functions of one type, each of which is described. */
static bool description_has_names(const cdef_type *function) {
  size_t number = 1, length = 0;
  for (const cdef_member *parameter = function->members; parameter && number <= MOST_PARAMETERS;
       parameter = parameter->next, number++) {
    if (parameter->name) length += parameter->name->length;
  }
  return length > 0 && length <= MOST_NAME_BYTES;
}

/* Writes the names of parameters, with null for one without a name. */
static void description_write_names(cdef_buffer *json, const cdef_type *function) {
  size_t number = 1;
  cdef_buffer_write(json, "\"names\":[");
  for (const cdef_member *parameter = function->members; parameter && number <= MOST_PARAMETERS;
       parameter = parameter->next, number++) {
    cdef_json_separate(json);
    if (parameter->name) {
      cdef_json_string(json, parameter->name->text, parameter->name->length);
    } else {
      cdef_buffer_write(json, "null");
    }
  }
  cdef_buffer_write(json, "]");
}

/* Writes what the pointers of a function point to, each under the index of its parameter. */
static void description_write_targets(const cdef_parser *parser, cdef_buffer *json, const cdef_type *function) {
  size_t index = 0;
  for (const cdef_member *parameter = function->members; parameter && index < MOST_PARAMETERS;
       parameter = parameter->next, index++) {
    char key[24];
    snprintf(key, sizeof key, "%zu", index);
    description_write_target(parser, json, parameter->qualified.type, key);
  }
  description_write_target(parser, json, function->target.type, "returns");
}

/* Writes the parameters of a function under its own name, or under that of a macro. */
static void description_write_parameters(const cdef_parser *parser, cdef_buffer *json, const cdef_name *name,
                                         const cdef_name *written) {
  if (name->meaning != CDEF_FUNCTION_NAME) return;
  size_t start = json->length;
  cdef_json_separate(json);
  cdef_json_string(json, written->text, written->length);
  cdef_buffer_write(json, ":{");
  size_t empty = json->length;
  if (description_has_names(name->qualified.type)) description_write_names(json, name->qualified.type);
  description_write_targets(parser, json, name->qualified.type);
  if (json->length == empty) {
    cdef_buffer_cut(json, start);
  } else {
    cdef_buffer_write(json, "}");
  }
}

static void description_write_all_parameters(const cdef_parser *parser, cdef_buffer *json) {
  for (const cdef_name *name = parser->first_name; name; name = name->next)
    description_write_parameters(parser, json, name, name);
  for (const cdef_macro *macro = parser->first_macro; macro; macro = macro->next) {
    if (macro->name->macro == macro && macro->alias)
      description_write_parameters(parser, json, macro->alias, macro->name);
  }
}

/* ---- The whole description */

/* Whether the description marks each member as packed: a struct with `__attribute__((packed))` under `#pragma pack` is
 * described by its pack limit. */
static bool description_packs_members(const cdef_type *record) {
  return record->is_packed && record->pack;
}

/* Writes the layout attributes of a member as the core has them, which include those of the member's typedef, and what
 * it points to. */
static void description_write_attributes(cdef_buffer *json, const cdef_type *record, const cdef_member *member) {
  const ark_member *laid_out = member->laid_out;
  bool is_packed = laid_out->is_packed || description_packs_members(record);
  size_t start = json->length;
  cdef_buffer_write(json, ",{");
  size_t empty = json->length;
  if (laid_out->is_bit_field) cdef_buffer_print(json, "\"bits\":%d", member->bits);
  if (laid_out->least_align) {
    cdef_json_separate(json);
    cdef_buffer_print(json, "\"align\":%zu", laid_out->least_align);
  }
  if (is_packed) {
    cdef_json_separate(json);
    cdef_buffer_write(json, "\"packed\":true");
  }
  description_write_record_target(json, member->qualified.type, "to");
  if (json->length == empty) {
    cdef_buffer_cut(json, start);
  } else {
    cdef_buffer_write(json, "}");
  }
}

static void description_write_member(cdef_parser *parser, cdef_buffer *json, const cdef_type *record,
                                     const cdef_member *member) {
  cdef_json_separate(json);
  cdef_buffer_write(json, "[");
  if (member->name) {
    cdef_json_string(json, member->name->text, member->name->length);
  } else {
    cdef_buffer_write(json, "null");
  }
  cdef_buffer_write(json, ",");
  if (cdef_has_length_member(parser, member)) {
    cdef_buffer_write(json, "\"p\"");
  } else {
    description_write_type(parser, json, &member->qualified, false);
  }
  description_write_attributes(json, record, member);
  cdef_buffer_write(json, "]");
}

static void description_write_record(cdef_parser *parser, cdef_buffer *json, const cdef_type *record) {
  cdef_buffer_print(json, "{\"kind\":\"%s\",\"name\":", record->kind == CDEF_UNION ? "union" : "struct");
  cdef_json_string(json, record->name, strlen(record->name));
  if (record->tag) {
    cdef_buffer_write(json, ",\"tag\":");
    cdef_json_string(json, record->tag->text, record->tag->length);
  }
  if (record->unusable) description_write_reason(json, record->unusable);
  if (record->is_complete) {
    cdef_buffer_print(json, ",\"size\":%zu,\"align\":%zu", record->size, record->align);
    if (record->pack) {
      cdef_buffer_print(json, ",\"packed\":%zu", record->pack);
    } else if (record->is_packed) {
      cdef_buffer_write(json, ",\"packed\":true");
    }
    if (record->is_big_endian) cdef_buffer_write(json, ",\"endian\":\"big\"");
    if (record->bits) {
      cdef_buffer_print(json, ",\"bitFields\":\"%s\"", record->bits == ARK_BIT_FIELDS_MS ? "ms" : "gcc");
    }
    if (record->least_align) cdef_buffer_print(json, ",\"least\":%zu", record->least_align);
    if (record->typedef_align > record->align) cdef_buffer_print(json, ",\"memory\":%zu", record->typedef_align);
    cdef_buffer_write(json, ",\"fields\":[");
    for (const cdef_member *member = record->members; member; member = member->next) {
      description_write_member(parser, json, record, member);
    }
    cdef_buffer_write(json, "]");
  }
  cdef_buffer_write(json, "}");
}

/* Writes structs, unions and shapes in the order of their numbers. Describing structs may still add shapes, whose
 * numbers follow all others. */
static void description_write_types(cdef_parser *parser, cdef_buffer *json) {
  const cdef_type *record = parser->first_record;
  const cdef_name *last_shape = NULL;
  for (unsigned index = 0; index < parser->type_count; index++) {
    cdef_json_separate(json);
    if (record && record->index == index) {
      description_write_record(parser, json, record);
      record = record->next;
      continue;
    }
    const cdef_name *shape = last_shape ? last_shape->next : parser->first_shape;
    if (!shape) return; /* out of memory, so the list is incomplete */
    cdef_buffer_write(json, "{");
    cdef_buffer_write(json, shape->json);
    cdef_buffer_write(json, "}");
    last_shape = shape;
  }
}

/* What JSON has no number for. Negative zero it has, but `JSON.stringify` writes 0. */
static bool description_is_special(double number) {
  return number - number != 0 || (number == 0 && 1 / number < 0);
}

static cdef_constant_list description_list_of(const cdef_value *value) {
  if (value->kind == CDEF_TEXT) return CDEF_PLAIN_CONSTANTS;
  if (cdef_is_floating(value->kind)) {
    return description_is_special((double)value->number) ? CDEF_SPECIAL_CONSTANTS : CDEF_PLAIN_CONSTANTS;
  }
  bool is_negative = value->kind == CDEF_INTEGER && cdef_is_negative(*value);
  cdef_bits magnitude = is_negative ? 0 - value->bits : value->bits;
  return magnitude >= SAFE_INTEGER ? CDEF_LARGE_CONSTANTS : CDEF_PLAIN_CONSTANTS;
}

static void description_write_value(cdef_buffer *json, const cdef_value *value) {
  cdef_constant_list list = description_list_of(value);
  const char *quote = list == CDEF_LARGE_CONSTANTS ? "\"" : "";
  if (value->kind == CDEF_TEXT) {
    cdef_buffer_write(json, value->json);
  } else if (list == CDEF_SPECIAL_CONSTANTS) {
    double number = (double)value->number;
    cdef_buffer_write(json, number != number ? "\"NaN\""
                            : number == 0    ? "\"-0\""
                            : number < 0     ? "\"-Infinity\""
                                             : "\"Infinity\"");
  } else if (cdef_is_floating(value->kind)) {
    cdef_write_double(json, (double)value->number);
  } else if (value->kind == CDEF_INTEGER && cdef_is_negative(*value)) {
    cdef_buffer_print(json, "%s%" PRId64 "%s", quote, (int64_t)value->bits, quote);
  } else {
    cdef_buffer_print(json, "%s%" PRIu64 "%s", quote, (uint64_t)value->bits, quote);
  }
}

const char *cdef_describe_constant(cdef_parser *parser, const cdef_value *value, cdef_constant_list *list) {
  cdef_buffer json = {0};
  *list = description_list_of(value);
  description_write_value(&json, value);
  return cdef_finish_text(parser, &json);
}

static void description_write_name(cdef_buffer *json, const cdef_name *name) {
  cdef_json_separate(json);
  cdef_json_string(json, name->text, name->length);
  cdef_buffer_write(json, ":");
}

/* Whether a name is a macro that is a constant. Such a macro hides an enum's constant of the same name, as in C. */
static bool description_is_constant_macro(const cdef_name *name) {
  return name->macro && name->macro->json;
}

static void description_write_constants(const cdef_parser *parser, cdef_buffer *json, cdef_constant_list list) {
  for (const cdef_name *name = parser->first_name; name; name = name->next) {
    if (name->meaning != CDEF_CONSTANT || description_is_constant_macro(name)) continue;
    cdef_value value = cdef_value_of(name->value.bits, name->value.is_unsigned, name->value.size);
    if (description_list_of(&value) != list) continue;
    description_write_name(json, name);
    description_write_value(json, &value);
  }
  for (const cdef_macro *macro = parser->first_macro; macro; macro = macro->next) {
    if (macro->name->macro != macro || !macro->json || macro->list != list) continue;
    description_write_name(json, macro->name);
    cdef_buffer_write(json, macro->json);
  }
}

/* Writes why each other macro is no constant. */
static void description_write_reasons(const cdef_parser *parser, cdef_buffer *json) {
  for (const cdef_macro *macro = parser->first_macro; macro; macro = macro->next) {
    const cdef_name *name = macro->name;
    if (name->macro != macro || !macro->reason || name->meaning == CDEF_CONSTANT) continue;
    description_write_name(json, name);
    cdef_json_string(json, macro->reason, strlen(macro->reason));
  }
}

/* Writes a function or variable under its own name, or under that of a macro. */
static void description_write_symbol(cdef_buffer *json, const cdef_name *name, const cdef_name *alias) {
  const cdef_name *written = alias ? alias : name;
  cdef_json_separate(json);
  cdef_json_string(json, written->text, written->length);
  cdef_buffer_write(json, ":{");
  cdef_buffer_write(json, name->json);
  if (name->label) {
    cdef_buffer_write(json, ",\"symbol\":");
    cdef_json_string(json, name->label, strlen(name->label));
  } else if (alias) {
    cdef_buffer_write(json, ",\"symbol\":");
    cdef_json_string(json, name->text, name->length);
  }
  cdef_buffer_write(json, "}");
}

static void description_write_symbols(const cdef_parser *parser, cdef_buffer *json) {
  for (const cdef_name *name = parser->first_name; name; name = name->next) {
    if (name->meaning == CDEF_FUNCTION_NAME || name->meaning == CDEF_VARIABLE)
      description_write_symbol(json, name, NULL);
  }
  for (const cdef_macro *macro = parser->first_macro; macro; macro = macro->next) {
    if (macro->name->macro == macro && macro->alias) description_write_symbol(json, macro->alias, macro->name);
  }
}

/* Writes the functions that only the header has. */
static void description_write_inline(const cdef_parser *parser, cdef_buffer *json) {
  for (const cdef_name *name = parser->first_inline; name; name = name->next_inline) {
    if (name->meaning != CDEF_UNKNOWN) continue; /* also declared as one of the library's */
    cdef_json_separate(json);
    cdef_json_string(json, name->text, name->length);
  }
}

static void description_write_typedefs(cdef_parser *parser, cdef_buffer *json) {
  for (const cdef_name *name = parser->first_name; name; name = name->next) {
    if (name->meaning != CDEF_TYPE_NAME) continue;
    cdef_json_separate(json);
    cdef_json_string(json, name->text, name->length);
    cdef_buffer_write(json, ":");
    description_write_type(parser, json, &name->qualified, true);
  }
}

/* Writes what those typedefs point to that are pointers to structs. */
static void description_write_pointers(const cdef_parser *parser, cdef_buffer *json) {
  for (const cdef_name *name = parser->first_name; name; name = name->next) {
    const cdef_type *record = name->meaning == CDEF_TYPE_NAME ? description_record_of(name->qualified.type) : NULL;
    if (!record) continue;
    description_write_name(json, name);
    cdef_buffer_print(json, "%u", record->index);
  }
}

/* Writes what the types of a description depend on, so that one that was kept is not used where they are others. */
static void description_write_platform(cdef_buffer *json) {
  uint16_t one = 1;
  uint8_t first = 0;
  memcpy(&first, &one, 1);
  cdef_buffer_print(json, "\"platform\":\"%s-endian, pointer %zu, long %zu, long double %zu, wchar_t %c%zu, char %c\"",
                    first ? "little" : "big", sizeof(void *), sizeof(long), sizeof(long double),
                    (wchar_t)-1 < (wchar_t)1 ? 'i' : 'u', sizeof(wchar_t), CHAR_MIN < 0 ? 'i' : 'u');
}

void cdef_write_description(cdef_parser *parser, cdef_buffer *json) {
  cdef_buffer_print(json, "{\"arkffi\":%d,", CDEF_DESCRIPTION_VERSION);
  description_write_platform(json);
  cdef_buffer_print(json, ",\"header\":%s,\"symbols\":{", parser->is_header ? "true" : "false");
  description_write_symbols(parser, json);
  cdef_buffer_write(json, "},\"parameters\":{");
  description_write_all_parameters(parser, json);
  cdef_buffer_write(json, "},\"constants\":{");
  description_write_constants(parser, json, CDEF_PLAIN_CONSTANTS);
  cdef_buffer_write(json, "},\"large\":{");
  description_write_constants(parser, json, CDEF_LARGE_CONSTANTS);
  cdef_buffer_write(json, "},\"special\":{");
  description_write_constants(parser, json, CDEF_SPECIAL_CONSTANTS);
  cdef_buffer_write(json, "},\"reasons\":{");
  description_write_reasons(parser, json);
  cdef_buffer_write(json, "},\"inline\":[");
  description_write_inline(parser, json);
  cdef_buffer_write(json, "],\"enums\":");
  cdef_write_enums(parser, json);
  cdef_buffer_write(json, ",\"typedefs\":{");
  description_write_typedefs(parser, json);
  cdef_buffer_write(json, "},\"pointers\":{");
  description_write_pointers(parser, json);
  cdef_buffer_write(json, "},\"types\":[");
  description_write_types(parser, json);
  cdef_buffer_write(json, "]}");
}
