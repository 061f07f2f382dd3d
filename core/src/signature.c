#include "arkffi/signature.h"
#include "arkffi/alloc.h"
#include <stdio.h>
#include <string.h>

/* A position in the text of argument types; the whole text is kept for messages. */
typedef struct reader {
  const char *text, *at;
  unsigned depth;
} reader;

static ark_status parse_list(reader *in, char end, const ark_type *result, ark_signature **out, ark_error *error);

/* A signature with no parameters yet and room for some. */
static ark_signature *allocate(size_t room) {
  ark_signature *signature = ark_alloc(1, sizeof *signature);
  ark_parameter *parameters = ark_alloc(room, sizeof *parameters);
  if (!signature || !parameters) {
    ark_free(signature);
    ark_free(parameters);
    return NULL;
  }
  signature->parameters = parameters;
  return signature;
}

static ark_status fail_type(char code, const char *where, const char *text, ark_error *error) {
  if (code == '\0') return ark_fail(error, ARK_BAD_SIGNATURE, "%s: a type is missing at the end of '%s'", where, text);
  if (code == '.') {
    return ark_fail(error, ARK_BAD_SIGNATURE, "%s: variadic functions cannot be declared in '%s'", where, text);
  }
  if (code > ' ' && code <= '~') {
    return ark_fail(error, ARK_BAD_SIGNATURE, "%s: unknown type code '%c' in '%s'", where, code, text);
  }
  return ark_fail(error, ARK_BAD_SIGNATURE, "%s: unknown type code \\x%02x in '%s'", where, (unsigned char)code, text);
}

static ark_status parse_result(const char *text, const ark_type **out, ark_error *error) {
  *out = ark_type_of_code(text[0]);
  if (!*out) return fail_type(text[0], "return type", text, error);
  if (text[1]) return ark_fail(error, ARK_BAD_SIGNATURE, "return type: expected one type code, got '%s'", text);
  return ARK_OK;
}

/* The "(pp)i" behind a 'k'. */
static ark_status parse_callback(reader *in, ark_signature **out, ark_error *error) {
  if (in->depth == ARK_MAX_NESTING) {
    return ark_fail(error, ARK_BAD_SIGNATURE, "argument types: callbacks nest deeper than %d in '%s'", ARK_MAX_NESTING,
                    in->text);
  }
  in->at++;
  in->depth++;
  ark_status status = parse_list(in, ')', NULL, out, error);
  in->depth--;
  return status;
}

static size_t count_types(const reader *in, char end) {
  size_t count = 0;
  unsigned depth = 0;
  for (const char *at = in->at; *at && (depth || *at != end); at++) {
    if (*at == '(') {
      depth++;
    } else if (*at == ')') {
      if (depth-- == 0) break;
      if (at[1]) at++; /* what the callback returns is no argument of its own */
    } else if (!depth) {
      count++;
    }
  }
  return count;
}

static ark_status parse_parameters(reader *in, char end, ark_signature *signature, size_t room, ark_error *error) {
  while (*in->at != end) {
    char code = *in->at;
    const ark_type *type = ark_type_of_code(code);
    if (!type || signature->count == room) return fail_type(code, "argument types", in->text, error);
    if (type->id == ARK_TYPE_VOID) {
      return ark_fail(error, ARK_BAD_SIGNATURE, "argument types: void ('v') is no argument in '%s'", in->text);
    }
    ark_parameter *parameter = &signature->parameters[signature->count++];
    parameter->type = type;
    in->at++;
    if (type->id == ARK_TYPE_CALLBACK && *in->at == '(') {
      ark_status status = parse_callback(in, &parameter->callback, error);
      if (status) return status;
    }
  }
  return ARK_OK;
}

/* Reads types up to `end`, and the result behind it where none is given. */
static ark_status parse_list(reader *in, char end, const ark_type *result, ark_signature **out, ark_error *error) {
  size_t room = count_types(in, end);
  if (room > ARK_MAX_ARGS) {
    return ark_fail(error, ARK_BAD_SIGNATURE, "argument types: %zu arguments are more than %d", room, ARK_MAX_ARGS);
  }
  ark_signature *signature = allocate(room);
  if (!signature) return ark_fail_memory(error);
  ark_status status = parse_parameters(in, end, signature, room, error);
  if (!status && !result) {
    in->at++;
    result = ark_type_of_code(*in->at);
    if (result) {
      in->at++;
    } else {
      status = fail_type(*in->at, "argument types", in->text, error);
    }
  }
  if (status) {
    ark_signature_free(signature);
    return status;
  }
  signature->result = result;
  *out = signature;
  return ARK_OK;
}

ark_status ark_signature_parse(const char *args, const char *result, ark_signature **out, ark_error *error) {
  const ark_type *result_type;
  ark_status status = parse_result(result, &result_type, error);
  if (status) return status;
  reader in = {.text = args, .at = args};
  return parse_list(&in, '\0', result_type, out, error);
}

ark_status ark_signature_copy(const ark_signature *signature, ark_signature **out, ark_error *error) {
  ark_signature *copy = allocate(signature->count);
  if (!copy) return ark_fail_memory(error);
  copy->result = signature->result;
  for (; copy->count < signature->count; copy->count++) {
    const ark_parameter *parameter = &signature->parameters[copy->count];
    copy->parameters[copy->count].type = parameter->type;
    if (!parameter->callback) continue;
    ark_status status = ark_signature_copy(parameter->callback, &copy->parameters[copy->count].callback, error);
    if (status) {
      ark_signature_free(copy);
      return status;
    }
  }
  *out = copy;
  return ARK_OK;
}

void ark_signature_free(ark_signature *signature) {
  if (!signature) return;
  for (size_t i = 0; i < signature->count; i++) ark_signature_free(signature->parameters[i].callback);
  ark_free(signature->parameters);
  ark_free(signature);
}

bool ark_signature_equal(const ark_signature *left, const ark_signature *right) {
  if (left->result != right->result || left->count != right->count) return false;
  for (size_t i = 0; i < left->count; i++) {
    const ark_parameter *a = &left->parameters[i], *b = &right->parameters[i];
    if (a->type != b->type || !a->callback != !b->callback) return false;
    if (a->callback && !ark_signature_equal(a->callback, b->callback)) return false;
  }
  return true;
}

typedef struct writer {
  char *at, *end;
} writer;

static void put(writer *to, char c) {
  if (to->at < to->end) *to->at++ = c;
}

static void print(writer *to, const ark_signature *signature) {
  put(to, '(');
  for (size_t i = 0; i < signature->count; i++) {
    put(to, signature->parameters[i].type->code);
    if (signature->parameters[i].callback) print(to, signature->parameters[i].callback);
  }
  put(to, ')');
  put(to, signature->result->code);
}

void ark_signature_print(const ark_signature *signature, char *out, size_t size) {
  if (!size) return;
  writer to = {out, out + size - 1};
  print(&to, signature);
  *to.at = '\0';
}
