#include "parser/expansion.h"
#include "base/utf8.h"
#include "parser/lexer.h"
#include <string.h>

/* Messages quote at most this many bytes of a token. */
enum { LONGEST_QUOTE = 40 };

/* Tokens that are read in place of a macro, until they end. */
typedef struct expansion_frame {
  const cdef_token *at, *end;
  cdef_macro *macro; /* NULL for the tokens that are expanded */
  struct expansion_frame *below;
} expansion_frame;

/* What one expansion may still go through. Its own share is taken first, then its share of what all have together. */
typedef struct expansion_limits {
  size_t tokens, bytes;
  size_t own_tokens, own_bytes;
  size_t shared; /* as `expansion_budget` of the parser, of which it is a part */
} expansion_limits;

/* One expansion, of a text or of an argument. The limits are those of the outermost one. */
typedef struct expansion {
  cdef_parser *parser;
  ark_arena *arena;
  expansion_frame *top;
  expansion_limits *left;
} expansion;

/* An argument of a macro: the tokens as they were written, and expanded if that was needed already. */
typedef struct expansion_argument {
  cdef_token_list written, expanded;
  bool is_expanded;
} expansion_argument;

/* Takes a token from the own share of an expansion, if there is room. What stays in memory counts as many tokens. */
static bool expansion_take_own(expansion_limits *left, size_t length, bool stays) {
  size_t tokens = stays ? CDEF_OWN_TOKENS / CDEF_OWN_PASTES : 1;
  if (left->own_tokens < tokens || left->own_bytes < length) return false;
  left->own_tokens -= tokens;
  left->own_bytes -= length;
  return true;
}

/* Counts a token of `length` bytes that an expansion makes; one that stays in the memory of the parser needs more of
 * it. Fails when these are too many. */
static bool expansion_count(expansion *self, size_t length, bool stays) {
  cdef_parser *parser = self->parser;
  expansion_limits *left = self->left;
  size_t cost = length + (stays ? 64 : 8);
  if (parser->status) return false;
  if (!left->tokens || left->bytes < length) {
    cdef_fail(parser, "it expands to more than %d tokens, or to tokens that are too long", CDEF_MAX_EXPANSION);
    return false;
  }
  left->tokens--;
  left->bytes -= length;
  if (expansion_take_own(left, length, stays)) return true;
  if (left->shared < cost) {
    cdef_fail(parser, "it expands to too many tokens, with what other macros of the text expand to");
    return false;
  }
  left->shared -= cost;
  parser->expansion_budget -= cost;
  return true;
}

/* Adds a token that an expansion has made, and counts it. */
static void expansion_add(expansion *self, cdef_token_list *list, const cdef_token *token) {
  if (expansion_count(self, token->length, false)) cdef_add_token(self->parser, list, token);
}

static void expansion_run(expansion *self, const cdef_token *tokens, size_t count, cdef_token_list *out);

/* ---- Tokens that are being read */

static void expansion_push(expansion *self, const cdef_token *tokens, size_t count, cdef_macro *macro) {
  if (!count) return;
  expansion_frame *frame = ark_arena_take(self->arena, sizeof *frame);
  if (!frame) {
    cdef_fail_memory(self->parser);
    return;
  }
  *frame = (expansion_frame){tokens, tokens + count, macro, self->top};
  if (macro) macro->is_expanding = true;
  self->top = frame;
}

/* The next token, which stays; NULL at the end. A macro whose tokens have all been read can be expanded again. */
static const cdef_token *expansion_peek(expansion *self) {
  while (self->top && self->top->at == self->top->end) {
    if (self->top->macro) self->top->macro->is_expanding = false;
    self->top = self->top->below;
  }
  return self->top ? self->top->at : NULL;
}

static const cdef_token *expansion_next(expansion *self) {
  const cdef_token *token = expansion_peek(self);
  if (token) self->top->at++;
  return token;
}

/* ---- Arguments */

static bool expansion_is(const cdef_token *token, int kind) {
  return token->kind == kind;
}

/* Reads the arguments of a macro, after its name. Their number may differ from that of the parameters, of which there
 * is at least one argument each. NULL after a failure. */
static expansion_argument *expansion_read_arguments(expansion *self, const cdef_macro *macro) {
  cdef_parser *parser = self->parser;
  size_t room = macro->parameter_count ? macro->parameter_count : 1, count = 1, inside = 0;
  expansion_argument *arguments = ark_arena_take(self->arena, room * sizeof *arguments);
  if (!arguments) {
    cdef_fail_memory(parser);
    return NULL;
  }
  for (size_t i = 0; i < room; i++)
    arguments[i] = (expansion_argument){.written = {.arena = self->arena}, .expanded = {.arena = self->arena}};
  expansion_next(self); /* the bracket */
  for (;;) {
    const cdef_token *token = expansion_next(self);
    if (!token) {
      cdef_fail(parser, "the arguments of '%.*s' do not end", (int)macro->name->length, macro->name->text);
      return NULL;
    }
    if (expansion_is(token, ')') && !inside) break;
    if (expansion_is(token, '(')) inside++;
    if (expansion_is(token, ')')) inside--;
    bool is_last = macro->is_variadic && count == macro->parameter_count;
    if (expansion_is(token, ',') && !inside && !is_last) {
      count++;
    } else if (count <= room) {
      expansion_add(self, &arguments[count - 1].written, token);
    }
    if (parser->status) return NULL;
  }
  bool has_none = count == 1 && !arguments[0].written.count;
  size_t least = macro->parameter_count - macro->is_variadic;
  if (macro->parameter_count == 0 ? !has_none : count < least || (count > macro->parameter_count)) {
    cdef_fail(parser, "'%.*s' takes %zu arguments, got %zu", (int)macro->name->length, macro->name->text,
              macro->parameter_count, has_none ? (size_t)0 : count);
    return NULL;
  }
  return arguments;
}

static const cdef_token_list *expansion_of_argument(expansion *self, expansion_argument *argument) {
  if (!argument->is_expanded) {
    argument->is_expanded = true;
    expansion inner = *self;
    inner.top = NULL;
    cdef_enter_level(self->parser);
    if (!self->parser->status)
      expansion_run(&inner, argument->written.tokens, argument->written.count, &argument->expanded);
    cdef_leave_level(self->parser);
  }
  return &argument->expanded;
}

/* ---- Operators of a macro's tokens */

/* The number of the parameter that a token names, or the number of parameters if it names none. */
static size_t expansion_parameter_of(const cdef_macro *macro, const cdef_token *token) {
  size_t i = 0;
  while (i < macro->parameter_count && macro->parameters[i] != token->name) i++;
  return i;
}

/* The text of a string literal that has the spelling of tokens in it: the operator #. */
static cdef_token expansion_quote(expansion *self, const cdef_token_list *list) {
  cdef_token token = {.kind = CDEF_STRING};
  size_t size = 3;
  for (size_t i = 0; i < list->count; i++) size += 2 * list->tokens[i].length + 1;
  char *text = expansion_count(self, size, false) ? cdef_take_memory(self->parser, size) : NULL, *out = text;
  if (!text) return token;
  *out++ = '"';
  for (size_t i = 0; i < list->count; i++) {
    const cdef_token *part = &list->tokens[i];
    bool is_literal = part->kind == CDEF_STRING || part->kind == CDEF_CHARACTER;
    if (part->has_space && i) *out++ = ' ';
    for (size_t j = 0; j < part->length; j++) {
      char c = part->location.text[j];
      if (c == '"' || (is_literal && c == '\\')) *out++ = '\\';
      *out++ = c;
    }
  }
  *out++ = '"';
  *out = '\0';
  token.length = (size_t)(out - text);
  token.location = (cdef_location){.text = text, .line_start = text};
  return token;
}

/* Reads a text that must be one token. */
static bool expansion_read_token(cdef_parser *parser, const char *text, cdef_token *out) {
  cdef_trial trial;
  cdef_begin_trial(parser, &trial);
  parser->at = text;
  parser->here = (cdef_location){.text = text, .line_start = text};
  parser->replay = NULL;
  parser->in_directive = true;
  cdef_next(parser);
  *out = parser->token;
  bool is_whole = !*parser->at && !out->has_space && !cdef_is(parser, CDEF_END);
  return cdef_end_trial(parser, &trial) && is_whole;
}

/* Makes one token of two: the operator ##. */
static void expansion_paste(expansion *self, cdef_token *left, const cdef_token *right) {
  cdef_parser *parser = self->parser;
  size_t length = left->length + right->length;
  char *text = expansion_count(self, length, true) ? cdef_take_memory(parser, length + 1) : NULL;
  if (!text) return;
  memcpy(text, left->location.text, left->length);
  memcpy(text + left->length, right->location.text, right->length);
  bool has_space = left->has_space;
  if (!expansion_read_token(parser, text, left)) {
    int shown = (int)cdef_cut_length(text, length, LONGEST_QUOTE);
    cdef_fail(parser, "## makes no token of '%.*s'", shown, text);
  }
  left->has_space = has_space;
}

/* ---- Substitution */

typedef struct expansion_substitution {
  expansion *self;
  const cdef_macro *macro;
  expansion_argument *arguments;
  cdef_token_list out;
  bool pastes;   /* the next token is pasted to the last one */
  bool is_empty; /* what is left of ## is nothing, so that the next token stays as it is */
} expansion_substitution;

static void expansion_put(expansion_substitution *to, const cdef_token *token, bool has_space) {
  cdef_token copy = *token;
  copy.has_space = has_space;
  if (to->pastes && !to->is_empty && to->out.count) {
    expansion_paste(to->self, &to->out.tokens[to->out.count - 1], &copy);
  } else {
    expansion_add(to->self, &to->out, &copy);
  }
  to->pastes = to->is_empty = false;
}

/* Whether the arguments for `...` are there, and not empty. */
static bool expansion_has_variadic(const expansion_substitution *to) {
  return to->macro->is_variadic && to->arguments[to->macro->parameter_count - 1].written.count > 0;
}

/* Adds an argument. Beside ## it is not expanded. */
static void expansion_put_argument(expansion_substitution *to, size_t index, const cdef_token *token,
                                   bool is_before_paste) {
  expansion_argument *argument = &to->arguments[index];
  bool is_written = to->pastes || is_before_paste;
  const cdef_token_list *list = is_written ? &argument->written : expansion_of_argument(to->self, argument);
  if (!list->count) {
    to->is_empty = is_before_paste && (!to->pastes || to->is_empty);
    to->pastes = false;
    return;
  }
  for (size_t i = 0; i < list->count && !to->self->parser->status; i++)
    expansion_put(to, &list->tokens[i], i ? list->tokens[i].has_space : token->has_space);
}

/* The index of the bracket that closes the one at `open`, or the number of tokens. */
static size_t expansion_find_closing(const cdef_macro *macro, size_t open) {
  size_t inside = 0, i = open;
  for (; i < macro->token_count; i++) {
    if (expansion_is(&macro->tokens[i], '(')) inside++;
    if (expansion_is(&macro->tokens[i], ')') && --inside == 0) break;
  }
  return i;
}

static bool expansion_is_option(const cdef_macro *macro, size_t i) {
  const cdef_token *token = &macro->tokens[i];
  return macro->is_variadic && cdef_token_is(token, "__VA_OPT__") && i + 1 < macro->token_count &&
         expansion_is(token + 1, '(');
}

/* Adds the tokens of a macro from `i` to before `end`, with the arguments instead of the parameters. */
static void expansion_substitute(expansion_substitution *to, size_t i, size_t end) {
  const cdef_macro *macro = to->macro;
  for (; i < end && !to->self->parser->status; i++) {
    const cdef_token *token = &macro->tokens[i];
    bool is_before_paste = i + 1 < end && expansion_is(token + 1, CDEF_PASTE);
    size_t index = expansion_parameter_of(macro, token);
    if (expansion_is(token, CDEF_PASTE)) {
      /* `, ## __VA_ARGS__` in GNU C: without arguments the comma goes as well; with them nothing is pasted. */
      bool is_last = i + 1 < end && expansion_parameter_of(macro, token + 1) == macro->parameter_count - 1;
      size_t count = to->out.count;
      bool is_comma = macro->is_variadic && is_last && count && expansion_is(&to->out.tokens[count - 1], ',');
      if (is_comma && !expansion_has_variadic(to)) to->out.count--;
      to->pastes = !is_comma;
    } else if (expansion_is_option(macro, i)) {
      size_t closing = expansion_find_closing(macro, i + 1);
      if (closing == macro->token_count) cdef_fail(to->self->parser, "nothing closes the '(' of its __VA_OPT__");
      cdef_enter_level(to->self->parser);
      if (expansion_has_variadic(to)) expansion_substitute(to, i + 2, closing < end ? closing : end);
      cdef_leave_level(to->self->parser);
      i = closing;
    } else if (macro->has_parameters && expansion_is(token, '#') && i + 1 < end) {
      index = expansion_parameter_of(macro, token + 1);
      if (index == macro->parameter_count) {
        cdef_fail(to->self->parser, "# is not followed by a parameter");
        return;
      }
      cdef_token quoted = expansion_quote(to->self, &to->arguments[index].written);
      expansion_put(to, &quoted, token->has_space);
      i++;
    } else if (index < macro->parameter_count) {
      expansion_put_argument(to, index, token, is_before_paste);
    } else {
      expansion_put(to, token, token->has_space);
    }
  }
}

/* Replaces a macro whose name was just read by its tokens. */
static void expansion_replace(expansion *self, cdef_macro *macro, const cdef_token *name) {
  cdef_parser *parser = self->parser;
  if (!cdef_read_macro(parser, macro)) {
    cdef_fail(parser, "%s", macro->problem);
    return;
  }
  expansion_argument *arguments = macro->has_parameters ? expansion_read_arguments(self, macro) : NULL;
  if (macro->has_parameters && !arguments) return;
  expansion_substitution to = {.self = self, .macro = macro, .arguments = arguments, .out = {.arena = self->arena}};
  expansion_substitute(&to, 0, macro->token_count);
  if (parser->status) return;
  if (to.out.count) to.out.tokens[0].has_space = name->has_space;
  expansion_push(self, to.out.tokens, to.out.count, macro);
}

static void expansion_run(expansion *self, const cdef_token *tokens, size_t count, cdef_token_list *out) {
  cdef_parser *parser = self->parser;
  expansion_push(self, tokens, count, NULL);
  while (!parser->status) {
    const cdef_token *next = expansion_next(self);
    if (!next) return;
    cdef_token token = *next;
    cdef_macro *macro = token.name && !token.is_final ? token.name->macro : NULL;
    if (macro && macro->is_expanding) token.is_final = true;
    if (macro && !token.is_final && macro->has_parameters) {
      const cdef_token *bracket = expansion_peek(self);
      if (!bracket || !expansion_is(bracket, '(')) macro = NULL;
    }
    if (macro && !token.is_final) {
      expansion_replace(self, macro, &token);
    } else {
      expansion_add(self, out, &token);
    }
  }
  /* After a failure some macros are still marked. */
  for (; self->top; self->top = self->top->below) {
    if (self->top->macro) self->top->macro->is_expanding = false;
  }
}

/* Whether the tokens from `at` on are `_Pragma("…")`. */
static bool expansion_is_at_pragma(const cdef_token *at, const cdef_token *end) {
  return end - at >= 4 && cdef_token_is(at, "_Pragma") && expansion_is(at + 1, '(') &&
         expansion_is(at + 2, CDEF_STRING) && expansion_is(at + 3, ')');
}

/* Removes the operator _Pragma from the tokens from `first` on. */
static void expansion_remove_pragmas(cdef_token_list *list, size_t first) {
  const cdef_token *end = list->tokens + list->count;
  size_t count = first;
  for (size_t i = first; i < list->count; i++) {
    if (expansion_is_at_pragma(&list->tokens[i], end)) {
      i += 3;
    } else {
      list->tokens[count++] = list->tokens[i];
    }
  }
  list->count = count;
}

/* Expands tokens, and adds the result to a list. Fails if a macro is used wrongly, or if the result is too long. */
static void expansion_expand(cdef_parser *parser, const cdef_token *tokens, size_t count, expansion_limits left,
                             cdef_token_list *out) {
  size_t first = out->count;
  left.tokens = CDEF_MAX_EXPANSION;
  left.bytes = CDEF_MAX_EXPANSION_BYTES;
  expansion self = {.parser = parser, .arena = out->arena, .left = &left};
  expansion_run(&self, tokens, count, out);
  if (out->count > first) expansion_remove_pragmas(out, first);
}

/* ---- Use */

void cdef_replay_macro(cdef_parser *parser, cdef_macro *macro, ark_arena *arena) {
  cdef_token name = {.kind = CDEF_IDENTIFIER, .length = macro->name->length, .location = macro->here};
  name.name = macro->name;
  name.location.text = macro->name->text;
  cdef_token_list list = {.arena = arena};
  expansion_limits left = {
      .own_tokens = CDEF_OWN_TOKENS, .own_bytes = CDEF_OWN_BYTES, .shared = parser->expansion_budget / CDEF_SHARES};
  expansion_expand(parser, &name, 1, left, &list);
  cdef_token end = {.kind = CDEF_END, .location = macro->here};
  end.location.text = macro->at;
  cdef_add_token(parser, &list, &end);
  if (parser->status) return;
  parser->replay = list.tokens;
  cdef_next(parser);
}

/* Reads the current token, the name of a macro, and the arguments after it if it has parameters. False, with some
 * tokens read, if there are none. */
static bool expansion_read_use(cdef_parser *parser, const cdef_macro *macro, cdef_token_list *use) {
  cdef_add_token(parser, use, &parser->token);
  if (!macro->has_parameters) return true;
  size_t inside = 0;
  cdef_next(parser);
  if (!cdef_is(parser, '(')) return false;
  do {
    if (cdef_is(parser, '(')) inside++;
    if (cdef_is(parser, ')')) inside--;
    if (cdef_is(parser, CDEF_END)) return false;
    cdef_add_token(parser, use, &parser->token);
    if (inside) cdef_next(parser);
  } while (inside && !parser->status);
  return true;
}

bool cdef_expand_here(cdef_parser *parser) {
  cdef_macro *macro = parser->token.name ? parser->token.name->macro : NULL;
  if (!macro || parser->replay || parser->status) return false;
  cdef_position start = cdef_position_of(parser);
  cdef_token_list use = {.arena = &parser->arena}, list = {.arena = &parser->arena};
  if (!expansion_read_use(parser, macro, &use)) {
    if (!parser->status) cdef_return_to(parser, &start);
    return false;
  }
  /* A failure is that of the whole text, so that nothing has to be left for other macros. */
  expansion_expand(parser, use.tokens, use.count, (expansion_limits){.shared = parser->expansion_budget}, &list);
  cdef_token end = {.kind = CDEF_RESUME};
  cdef_add_token(parser, &list, &end);
  if (parser->status) return true;
  parser->replay = list.tokens;
  cdef_next(parser);
  return true;
}
