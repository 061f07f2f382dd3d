/* Whether structs are laid out and passed by value as Clang does it, or as GCC does. They read the standards
 * differently for packed members and bit-fields. cmake/like_clang.cmake decides by the platform, whose libraries one of
 * them compiles. On Windows, where bit-fields are placed by other rules, what is like Clang is like Microsoft's own
 * compiler, and like GCC is like MinGW's.
 *
 * Thread rule: a constant.
 */
#ifndef ARK__LIKE_CLANG_H
#define ARK__LIKE_CLANG_H

#ifndef ARKFFI_LIKE_CLANG
#error "The build must define ARKFFI_LIKE_CLANG, as 1 where the platform's libraries are compiled by Clang, else as 0."
#endif

#ifndef ARKFFI_MS_BIT_FIELDS
#define ARKFFI_MS_BIT_FIELDS 0
#endif

/* Whether bit-fields are placed by Microsoft's rules where no attribute says it, and whether everything is laid out as
 * by Microsoft's own compiler. */
enum {
  ARK__LIKE_CLANG = ARKFFI_LIKE_CLANG,
  ARK__MS_BIT_FIELDS = ARKFFI_MS_BIT_FIELDS,
  ARK__LIKE_MICROSOFT = ARK__LIKE_CLANG && ARK__MS_BIT_FIELDS
};

#endif
