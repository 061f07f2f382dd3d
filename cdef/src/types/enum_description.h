/* The enums of a text in its description: their constants, and which arguments, results, variables and members have
 * them.
 *
 * Thread rule: a parser belongs to one thread.
 */
#ifndef CDEF_ENUM_DESCRIPTION_H
#define CDEF_ENUM_DESCRIPTION_H

#include "base/text_buffer.h"
#include "parser/parser.h"

/* Writes the value of the key "enums". */
void cdef_write_enums(const cdef_parser *parser, cdef_buffer *json);

#endif
