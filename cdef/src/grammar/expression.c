#include "grammar/expression.h"
#include "base/operators.h"
#include "base/utf8.h"
#include "grammar/unary.h"
#include "parser/lexer.h"
#include <string.h>

/* Bytes of a name in a problem. */
enum { LONGEST_SUBJECT = 160 };

/* Reads a binary expression whose operators have at least the precedence `lowest`. */
static cdef_value expression_read_binary(cdef_parser *parser, int lowest) {
  cdef_value left = cdef_read_unary(parser);
  for (;;) {
    int op = parser->token.kind, precedence = cdef_precedence_of(op);
    if (!precedence || precedence < lowest) return left;
    cdef_next(parser);
    left = cdef_apply_binary(op, left, expression_read_binary(parser, precedence + 1));
  }
}

cdef_value cdef_read_expression(cdef_parser *parser) {
  cdef_enter_level(parser);
  cdef_value value = expression_read_binary(parser, 1);
  if (cdef_take(parser, '?')) {
    bool is_short = cdef_is(parser, ':'); /* GNU C: `a ?: b` is `a ? a : b` */
    cdef_value yes = is_short ? value : cdef_read_expression(parser);
    cdef_expect(parser, ':');
    value = cdef_choose(value, yes, cdef_read_expression(parser));
  }
  cdef_leave_level(parser);
  return value;
}

const char *cdef_problem_of(cdef_parser *parser, const cdef_value *value) {
  const char *at = strchr(value->problem, '%');
  if (!at) return value->problem;
  int length = (int)cdef_cut_length(value->subject, value->subject_length, LONGEST_SUBJECT);
  return cdef_format_reason(parser, "%.*s%.*s%s", (int)(at - value->problem), value->problem, length, value->subject,
                            at + 1);
}

cdef_value cdef_read_constant(cdef_parser *parser) {
  cdef_location location = parser->token.location;
  cdef_value value = cdef_narrow(cdef_read_expression(parser));
  if (!value.problem && value.kind != CDEF_INTEGER) value = cdef_no_value("this is no integer");
  if (value.problem && !parser->status) cdef_fail_at(parser, &location, "%s", cdef_problem_of(parser, &value));
  return value.problem ? cdef_value_of(0, false, sizeof(int)) : value;
}
