#include "parser/macros.h"
#include "parser/lexer.h"
#include <string.h>

typedef struct cdef_saved_macro {
  cdef_name *name;
  cdef_macro *macro;
  struct cdef_saved_macro *next;
} cdef_saved_macro;

void cdef_add_token(cdef_parser *parser, cdef_token_list *list, const cdef_token *token) {
  if (list->count == list->size) {
    size_t size = list->size ? 2 * list->size : 8;
    cdef_token *tokens = ark_arena_take(list->arena, size * sizeof *tokens);
    if (!tokens) {
      cdef_fail_memory(parser);
      return;
    }
    if (list->count) memcpy(tokens, list->tokens, list->count * sizeof *tokens);
    list->tokens = tokens;
    list->size = size;
  }
  list->tokens[list->count++] = *token;
}

void cdef_define_macro(cdef_parser *parser, cdef_name *name) {
  cdef_macro *macro = cdef_take_memory(parser, sizeof *macro);
  if (!macro) return;
  *macro = (cdef_macro){.name = name, .at = parser->at, .here = parser->here, .has_parameters = *parser->at == '('};
  name->macro = macro;
  *parser->next_macro = macro;
  parser->next_macro = &macro->next;
}

void cdef_push_macro(cdef_parser *parser, cdef_name *name) {
  cdef_saved_macro *saved = cdef_take_memory(parser, sizeof *saved);
  if (!saved) return;
  *saved = (cdef_saved_macro){name, name->macro, parser->saved_macros};
  parser->saved_macros = saved;
}

void cdef_pop_macro(cdef_parser *parser, cdef_name *name) {
  for (cdef_saved_macro **at = &parser->saved_macros; *at; at = &(*at)->next) {
    if ((*at)->name != name) continue;
    name->macro = (*at)->macro;
    *at = (*at)->next;
    return;
  }
}

/* ---- Reading a definition */

static void macro_read_parameters(cdef_parser *parser, cdef_macro *macro) {
  cdef_name *parameters[CDEF_MAX_PARAMETERS];
  size_t count = 0;
  cdef_expect(parser, '(');
  while (!cdef_is(parser, ')') && !macro->is_variadic && !parser->status) {
    if (count == CDEF_MAX_PARAMETERS) {
      cdef_fail(parser, "it has more than %d parameters", CDEF_MAX_PARAMETERS);
      return;
    }
    if (cdef_is(parser, CDEF_ELLIPSIS)) {
      parameters[count] = cdef_name_of(&parser->names, &parser->arena, "__VA_ARGS__", strlen("__VA_ARGS__"));
      if (!parameters[count]) cdef_fail_memory(parser);
    } else {
      parameters[count] = parser->token.name;
      if (!parser->token.name) cdef_fail_expected(parser, "a name");
      for (size_t i = 0; i < count && !parser->status; i++) {
        if (parameters[i] == parser->token.name)
          cdef_fail(parser, "two of its parameters are '%.*s'", (int)parser->token.length, parser->token.location.text);
      }
      cdef_next(parser);
    }
    count++;
    macro->is_variadic = cdef_take(parser, CDEF_ELLIPSIS);
    if (cdef_is(parser, ')')) break;
    cdef_expect(parser, ',');
    if (cdef_is(parser, ')')) cdef_fail_expected(parser, "a name");
  }
  if (!cdef_is(parser, ')')) cdef_fail_expected(parser, "')'");
  macro->parameters = cdef_take_memory(parser, (count + 1) * sizeof(cdef_name *));
  if (!macro->parameters) return;
  memcpy(macro->parameters, parameters, count * sizeof(cdef_name *));
  macro->parameter_count = count;
  cdef_next(parser);
}

/* Checks what C11 6.10.3.3 requires of ##: it has a token on each side. */
static void macro_check_pastes(cdef_parser *parser, const cdef_token_list *list) {
  if (!list->count) return;
  if (list->tokens[0].kind == CDEF_PASTE) cdef_fail(parser, "nothing is before its first ##");
  if (list->tokens[list->count - 1].kind == CDEF_PASTE) cdef_fail(parser, "nothing is after its last ##");
}

static void macro_read_tokens(cdef_parser *parser, cdef_macro *macro) {
  cdef_token_list list = {.arena = &parser->arena};
  for (; !cdef_is(parser, CDEF_END); cdef_next(parser)) cdef_add_token(parser, &list, &parser->token);
  macro_check_pastes(parser, &list);
  cdef_token end = {.kind = CDEF_END, .location = parser->token.location};
  cdef_add_token(parser, &list, &end);
  macro->tokens = list.tokens;
  macro->token_count = list.count ? list.count - 1 : 0;
}

bool cdef_read_macro(cdef_parser *parser, cdef_macro *macro) {
  if (macro->is_read) return !macro->problem;
  cdef_trial trial;
  cdef_begin_trial(parser, &trial);
  parser->at = macro->at;
  parser->here = macro->here;
  parser->replay = NULL;
  parser->in_directive = true;
  cdef_next(parser);
  if (macro->has_parameters) macro_read_parameters(parser, macro);
  macro_read_tokens(parser, macro);
  if (!cdef_end_trial(parser, &trial)) macro->problem = cdef_format_reason(parser, "%s", trial.reason.message);
  macro->is_read = true;
  return !macro->problem;
}
