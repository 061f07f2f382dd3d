/* Whether structs are laid out and passed by value as Clang does it, or as GCC does. They read the standards
 * differently for packed members and bit-fields. cmake/like_clang.cmake decides by the platform, whose libraries one of
 * them compiles.
 *
 * Thread rule: a constant.
 */
#ifndef ARK__LIKE_CLANG_H
#define ARK__LIKE_CLANG_H

#ifndef ARKFFI_LIKE_CLANG
#error "The build must define ARKFFI_LIKE_CLANG, as 1 where the platform's libraries are compiled by Clang, else as 0."
#endif

enum { ARK__LIKE_CLANG = ARKFFI_LIKE_CLANG };

#endif
