/* Types as text, for printing them and what contains them.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__TYPE_TEXT_H
#define ARK__TYPE_TEXT_H

#include "arkffi/aggregate.h"
#include "types/text_writer.h"

void ark__write_type(ark__text_writer *to, const ark_type *type);

#endif
