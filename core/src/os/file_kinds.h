/* What files are that have another format than the libraries of this system.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__FILE_KINDS_H
#define ARK__FILE_KINDS_H

#include <stddef.h>

/* Says what a file is, as "it is …", from its first `length` bytes; the file is empty if there are none. The text is a
 * constant. */
const char *ark__file_kind(const unsigned char *bytes, size_t length);

#endif
