#include "arkffi/signature.h"
#include "arkffi/alloc.h"
#include "types/layout_reader.h"
#include "types/type_text.h"
#include "types/wide.h"
#include <string.h>

static ark_status signature_parse_list(ark__reader *in, char end, ark_signature **out, ark_error *error);

static ark_status signature_fail_type(const ark__reader *in, ark_error *error) {
  char code = *in->at;
  if (code == '\0') {
    return ark_fail(error, ARK_BAD_SIGNATURE, "%s: a type is missing at the end of '%s'", in->what, in->text);
  }
  if (code == '[') return ark__fail_reading(in, "an array cannot be passed by value, as", error);
  if (code == '<') return ark__fail_reading(in, "a calling convention comes before the arguments, not", error);
  if (code > ' ' && code <= '~') {
    return ark_fail(error, ARK_BAD_SIGNATURE, "%s: unknown type code '%c' in '%s'", in->what, code, in->text);
  }
  return ark_fail(error, ARK_BAD_SIGNATURE, "%s: unknown type code \\x%02x in '%s'", in->what, (unsigned char)code,
                  in->text);
}

static ark_status signature_parse_type(ark__reader *in, const ark_type **out, ark_error *error) {
  if (*in->at == '{') return ark__read_aggregate(in, out, error);
  *out = ark_type_of_code(*in->at);
  if (!*out) *out = ark__wide_of_code(*in->at);
  if (!*out) return signature_fail_type(in, error);
  in->at++;
  return ARK_OK;
}

/* Reads the "(pp)i" after a 'k'. */
static ark_status signature_parse_callback(ark__reader *in, ark_signature **out, ark_error *error) {
  if (in->depth == ARK_MAX_NESTING) {
    return ark_fail(error, ARK_BAD_SIGNATURE, "%s: callbacks nest deeper than %d in '%s'", in->what, ARK_MAX_NESTING,
                    in->text);
  }
  in->at++;
  in->depth++;
  ark_status status = signature_parse_list(in, ')', out, error);
  in->depth--;
  if (!status) status = signature_parse_type(in, &(*out)->result, error);
  return status;
}

/* Makes room for one more parameter. There is room for 4, 8 and so on, so it need not be stored. */
static ark_status signature_grow(ark_signature *signature, ark_error *error) {
  size_t count = signature->count;
  bool is_full = !count || (count >= 4 && ark_is_power_of_two(count));
  if (!is_full) return ARK_OK;
  size_t room = count ? 2 * count : 4;
  ark_parameter *parameters = ark_resize(signature->parameters, room * sizeof *parameters);
  if (!parameters) return ark_fail_memory(error);
  signature->parameters = parameters;
  return ARK_OK;
}

static ark_status signature_parse_parameter(ark__reader *in, ark_signature *signature, ark_error *error) {
  ark_parameter parameter = {0};
  ark_status status = signature_grow(signature, error);
  if (!status) status = signature_parse_type(in, &parameter.type, error);
  if (status) return status;
  if (parameter.type->id == ARK_TYPE_VOID) {
    return ark_fail(error, ARK_BAD_SIGNATURE, "%s: void ('v') is no argument in '%s'", in->what, in->text);
  }
  if (parameter.type->id == ARK_TYPE_CALLBACK && *in->at == '(')
    status = signature_parse_callback(in, &parameter.callback, error);
  signature->parameters[signature->count++] = parameter;
  return status;
}

/* Reads the '.', which stands for "...". What C passes to a callback after its dot has no types. */
static ark_status signature_parse_dot(ark__reader *in, char end, ark_signature *signature, ark_error *error) {
  bool is_last = in->at[1] == end;
  const char *wrong = signature->is_variadic ? "there is a second"
                      : !signature->count    ? "a variadic function takes an argument before the"
                      : end && !is_last      ? "a callback takes no arguments after the"
                                             : NULL;
  if (wrong) return ark_fail(error, ARK_BAD_SIGNATURE, "%s: %s '.' in '%s'", in->what, wrong, in->text);
  signature->is_variadic = true;
  signature->fixed = signature->count;
  in->at++;
  return ARK_OK;
}

/* The names of calling conventions; the platform's own has none. */
static const char *const signature_abis[] = {[ARK_ABI_SYSTEM_V] = "<sysv>", [ARK_ABI_MS] = "<ms>"};

enum { ABI_COUNT = sizeof signature_abis / sizeof signature_abis[0] };

/* Reads the calling convention, if one is named. */
static ark_status signature_parse_abi(ark__reader *in, ark_signature *signature, ark_error *error) {
  if (*in->at != '<') return ARK_OK;
  for (int abi = ARK_ABI_PLATFORM + 1; abi < ABI_COUNT; abi++) {
    size_t length = strlen(signature_abis[abi]);
    if (strncmp(in->at, signature_abis[abi], length) != 0) continue;
    signature->abi = (ark_abi)abi;
    in->at += length;
    return ARK_OK;
  }
  return ark__fail_reading(in, "the calling convention is neither <ms> nor <sysv>", error);
}

/* Reads types up to `end`, and moves past it. The caller frees *out, also when this fails. */
static ark_status signature_parse_list(ark__reader *in, char end, ark_signature **out, ark_error *error) {
  ark_signature *signature = *out = ark_alloc(1, sizeof *signature);
  if (!signature) return ark_fail_memory(error);
  ark_status status = signature_parse_abi(in, signature, error);
  while (*in->at != end && !status) {
    if (*in->at == '.') {
      status = signature_parse_dot(in, end, signature, error);
      continue;
    }
    if (signature->count == ARK_MAX_ARGS) {
      return ark_fail(error, ARK_BAD_SIGNATURE, "%s: argument %d is beyond the limit of %d", in->what, ARK_MAX_ARGS + 1,
                      ARK_MAX_ARGS);
    }
    status = signature_parse_parameter(in, signature, error);
  }
  if (!signature->is_variadic) signature->fixed = signature->count;
  if (!status && end) in->at++;
  return status;
}

/* What the first programs for OpenHarmony have as the type of a result: a struct of two doubles. */
#define TWO_DOUBLES "2"

static ark_status signature_parse_result(const char *text, const ark_type **out, ark_error *error) {
  if (strcmp(text, TWO_DOUBLES) == 0) text = "{dd}";
  ark__reader in = {.what = "return type", .text = text, .at = text};
  ark_status status = signature_parse_type(&in, out, error);
  if (status || !*in.at) return status;
  ark_type_release(*out);
  *out = NULL;
  return ark_fail(error, ARK_BAD_SIGNATURE, "return type: expected one type, got '%s'", text);
}

ark_status ark_signature_parse(const char *args, const char *result, ark_signature **out, ark_error *error) {
  const ark_type *result_type = NULL;
  ark_signature *signature = NULL;
  ark__reader in = {.what = "argument types", .text = args, .at = args};
  ark_status status = signature_parse_result(result, &result_type, error);
  if (!status) status = signature_parse_list(&in, '\0', &signature, error);
  if (status) {
    ark_type_release(result_type);
    ark_signature_free(signature);
    return status;
  }
  signature->result = result_type;
  *out = signature;
  return ARK_OK;
}

static ark_status signature_copy_parameter(const ark_parameter *parameter, ark_parameter *out, ark_error *error) {
  out->type = parameter->type;
  ark_type_retain(parameter->type);
  return parameter->callback ? ark_signature_copy(parameter->callback, &out->callback, error) : ARK_OK;
}

ark_status ark_signature_copy(const ark_signature *signature, ark_signature **out, ark_error *error) {
  ark_signature *copy = ark_alloc(1, sizeof *copy);
  if (!copy) return ark_fail_memory(error);
  copy->result = signature->result;
  ark_type_retain(copy->result);
  copy->fixed = signature->fixed;
  copy->is_variadic = signature->is_variadic;
  copy->abi = signature->abi;
  copy->parameters = ark_alloc(signature->count, sizeof *copy->parameters);
  ark_status status = copy->parameters ? ARK_OK : ark_fail_memory(error);
  for (; copy->count < signature->count && !status; copy->count++) {
    status = signature_copy_parameter(&signature->parameters[copy->count], &copy->parameters[copy->count], error);
  }
  if (status) {
    ark_signature_free(copy);
    return status;
  }
  *out = copy;
  return ARK_OK;
}

void ark_signature_free(ark_signature *signature) {
  if (!signature) return;
  for (size_t i = 0; i < signature->count; i++) {
    ark_type_release(signature->parameters[i].type);
    ark_signature_free(signature->parameters[i].callback);
  }
  ark_type_release(signature->result);
  ark_free(signature->parameters);
  ark_free(signature);
}

bool ark_signature_equal(const ark_signature *left, const ark_signature *right) {
  if (left->count != right->count || left->fixed != right->fixed || left->abi != right->abi) return false;
  if (left->is_variadic != right->is_variadic || !ark_type_equal(left->result, right->result)) return false;
  for (size_t i = 0; i < left->count; i++) {
    const ark_parameter *a = &left->parameters[i], *b = &right->parameters[i];
    if (!ark_type_equal(a->type, b->type) || !a->callback != !b->callback) return false;
    if (a->callback && !ark_signature_equal(a->callback, b->callback)) return false;
  }
  return true;
}

static void signature_write(ark__text_writer *to, const ark_signature *signature) {
  ark__write_char(to, '(');
  for (const char *abi = signature_abis[signature->abi]; abi && *abi; abi++) ark__write_char(to, *abi);
  for (size_t i = 0; i < signature->count; i++) {
    if (i == signature->fixed) ark__write_char(to, '.');
    ark__write_type(to, signature->parameters[i].type);
    if (signature->parameters[i].callback) signature_write(to, signature->parameters[i].callback);
  }
  if (signature->is_variadic && signature->fixed == signature->count) ark__write_char(to, '.');
  ark__write_char(to, ')');
  ark__write_type(to, signature->result);
}

void ark_signature_print(const ark_signature *signature, char *out, size_t size) {
  ark__text_writer to = ark__text_writer_to(out, size);
  signature_write(&to, signature);
  ark__text_writer_end(&to);
}
