/* Pointers to characters whose number C gives beside them. Such characters need not end with NUL, so JavaScript must
 * not read them as a string.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_TEXT_LENGTH_H
#define CDEF_TEXT_LENGTH_H

#include "parser/parser.h"

/* Whether a parameter points to characters and the next one is an integer, which may be their number. It is asked for
 * functions that C calls: to those that JavaScript calls, arkffi passes strings that end with NUL. */
bool cdef_has_length_argument(const cdef_parser *parser, const cdef_member *parameter);

/* Whether a member points to characters and the next one is their number, by its width or its name. Other integers
 * after a string are common in structs. */
bool cdef_has_length_member(const cdef_parser *parser, const cdef_member *member);

#endif
