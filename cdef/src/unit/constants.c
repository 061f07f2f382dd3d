#include "unit/constants.h"
#include "base/floating_value.h"
#include "grammar/declarator.h"
#include "grammar/expression.h"
#include "grammar/specifiers.h"
#include "parser/expansion.h"
#include "parser/lexer.h"
#include "types/description.h"

/* Macros that name another, up to the function that is meant. */
enum { MOST_NAMES = 16 };

/* ---- Other names of functions and variables */

static bool constant_is_symbol(const cdef_name *name) {
  return name->meaning == CDEF_FUNCTION_NAME || name->meaning == CDEF_VARIABLE;
}

/* Whether the tokens from `at` to before `end` are the parameters of a macro in order, in brackets. */
static bool constant_passes_parameters(const cdef_macro *macro, const cdef_token *at, const cdef_token *end) {
  if (at == end || at->kind != '(' || end[-1].kind != ')') return false;
  at++;
  end--;
  for (size_t i = 0; i < macro->parameter_count; i++) {
    if (i && (at == end || at++->kind != ',')) return false;
    if (at == end || !at->name) return false;
    bool is_last = macro->is_variadic && i + 1 == macro->parameter_count;
    bool is_rest = is_last && cdef_token_is(at, "__VA_ARGS__");
    if (at->name != macro->parameters[i] && !is_rest) return false;
    at++;
  }
  return at == end;
}

/* The name that a macro only replaces its own by: `#define foo foo_v2`, or with the same parameters in the same order.
 * NULL for any other macro. */
static const cdef_name *constant_renames(cdef_parser *parser, cdef_macro *macro) {
  if (!cdef_read_macro(parser, macro)) return NULL;
  const cdef_token *at = macro->tokens, *end = at + macro->token_count;
  while (end - at >= 3 && at->kind == '(' && end[-1].kind == ')' && (end[-2].kind == ')' || end - at == 3)) {
    at++;
    end--;
  }
  if (at == end || at->kind != CDEF_IDENTIFIER) return NULL;
  const cdef_name *name = at++->name;
  bool is_whole = macro->has_parameters ? constant_passes_parameters(macro, at, end) : at == end;
  return is_whole && name != macro->name ? name : NULL;
}

/* The function or variable that a macro is another name of, or NULL. */
static const cdef_name *constant_alias_of(cdef_parser *parser, cdef_macro *macro) {
  if (constant_is_symbol(macro->name)) return NULL;
  bool has_parameters = macro->has_parameters;
  for (size_t i = 0; i < MOST_NAMES && macro; i++) {
    const cdef_name *name = constant_renames(parser, macro);
    if (!name) return NULL;
    if (constant_is_symbol(name)) return has_parameters && name->meaning == CDEF_VARIABLE ? NULL : name;
    macro = name->macro;
    if (macro && macro->has_parameters) has_parameters = true;
  }
  return NULL;
}

/* ---- Constants */

/* The reason why a value cannot be a number of JavaScript, or NULL. */
static const char *constant_why_no_number(const cdef_value *value) {
  if (value->kind == CDEF_TEXT) return value->json ? NULL : "its bytes are no text";
  if (value->kind != CDEF_LONG_DOUBLE) return NULL;
  double number = (double)value->number;
  bool is_too_large = number - number != 0 && value->number - value->number == 0;
  return is_too_large || (number == 0 && value->number != 0) ? "a number cannot hold this long double" : NULL;
}

/* Reads the expansion of a macro as an expression. */
static void constant_read_value(cdef_parser *parser, cdef_macro *macro) {
  if (cdef_is(parser, CDEF_END)) {
    macro->reason = "it is defined as nothing";
    return;
  }
  cdef_value value = cdef_read_expression(parser);
  if (!parser->status && !cdef_is(parser, CDEF_END)) cdef_fail_expected(parser, "the end");
  if (parser->status) return;
  if (value.problem) {
    macro->reason = cdef_problem_of(parser, &value);
  } else {
    macro->reason = constant_why_no_number(&value);
    if (!macro->reason) macro->json = cdef_describe_constant(parser, &value, &macro->list);
  }
}

/* Whether the expansion is the name of a type. */
static bool constant_is_type(cdef_parser *parser) {
  if (!cdef_begins_type(parser)) return false;
  cdef_read_type_name(parser);
  return !parser->status && cdef_is(parser, CDEF_END);
}

/* Reads the expansion of a macro, and says why it cannot be read. */
static void constant_evaluate(cdef_parser *parser, cdef_macro *macro) {
  ark_arena arena;
  ark_arena_init(&arena, NULL);
  cdef_trial trial;
  cdef_begin_trial(parser, &trial);
  parser->in_directive = true;
  cdef_replay_macro(parser, macro, &arena);
  cdef_position start = cdef_position_of(parser);
  bool is_expanded = !parser->status, is_type = is_expanded && constant_is_type(parser);
  if (is_expanded && parser->status == ARK_BAD_SIGNATURE) parser->status = ARK_OK;
  if (is_type) macro->reason = "it is a type";
  if (is_expanded && !is_type && !parser->status) {
    cdef_return_to(parser, &start);
    constant_read_value(parser, macro);
  }
  if (!cdef_end_trial(parser, &trial)) {
    bool is_none = is_expanded; /* or the message says what is wrong with the macro */
    macro->reason = cdef_format_reason(parser, "%s%s", is_none ? "it is no expression: " : "", trial.reason.message);
  }
  ark_arena_clear(&arena);
}

void cdef_evaluate_macros(cdef_parser *parser) {
  for (cdef_macro *macro = parser->first_macro; macro && !parser->status; macro = macro->next) {
    if (macro->name->macro != macro) continue;
    macro->alias = constant_alias_of(parser, macro);
    if (macro->alias) {
      bool is_variable = macro->alias->meaning == CDEF_VARIABLE;
      macro->reason = is_variable ? "it is another name of a variable" : "it is another name of a function";
    } else if (macro->has_parameters) {
      macro->reason = "it is a macro with parameters";
    } else {
      constant_evaluate(parser, macro);
    }
  }
}
