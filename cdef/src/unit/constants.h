/* What the macros of a text stand for: constants, or other names of functions and variables.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_CONSTANTS_H
#define CDEF_CONSTANTS_H

#include "parser/parser.h"

/* Evaluates all macros that are still defined. The whole text must have been read, because macros may name what comes
 * after them. */
void cdef_evaluate_macros(cdef_parser *parser);

#endif
