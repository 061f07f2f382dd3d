/* The distance between data that different threads write, so that one does not slow the other down.
 *
 * Thread rule: a constant.
 */
#ifndef ARKFFI_CACHE_LINE_H
#define ARKFFI_CACHE_LINE_H

/* Bytes. Cache lines have 64 bytes on x86-64, where they are fetched in pairs, and on most ARM CPUs; 128 on Apple's. */
enum { ARK_CACHE_LINE = 128 };

#endif
