/* Entry points of closures that are part of the binary, for systems that let no memory be made executable. The
 * assembler makes them; where a closure lies is said relative to the code, so that the loader has nothing to relocate.
 *
 * Thread rule: a macro.
 */
#ifndef ARK__STATIC_ENTRIES_H
#define ARK__STATIC_ENTRIES_H

#include "cpu/assembly.h"
#include "cpu/code.h"

/* Bytes from one entry point to the next. */
enum { ARK__STATIC_ENTRY_SIZE = 16 };

/* A name of the assembler's own, which leaves no symbol behind. */
#if defined(__APPLE__)
#define ARK__STATIC_AT "Lark__static_at"
#else
#define ARK__STATIC_AT "ark__static_at"
#endif

/* An entry point. ARK__STATIC_AT is the offset of its closure, for the assembler. */
#if ARK__MS
#define ARK__STATIC_ENTRY(closures)                                                                                    \
  "  endbr64\n"                                                                                                        \
  "  leaq " ARK__SYMBOL(closures) "+" ARK__STATIC_AT "(%rip), %r10\n"                                                  \
                                  "  jmp *8(%r10)\n"
#elif ARK__AAPCS64
/* The page of an address, and the place in that page. */
#if defined(__APPLE__)
#define ARK__PAGE(symbol) ARK__SYMBOL(symbol) "@PAGE+" ARK__STATIC_AT
#define ARK__IN_PAGE(symbol) ARK__SYMBOL(symbol) "@PAGEOFF+" ARK__STATIC_AT
#else
#define ARK__PAGE(symbol) symbol "+" ARK__STATIC_AT
#define ARK__IN_PAGE(symbol) ":lo12:" symbol "+" ARK__STATIC_AT
#endif
/* "hint 34" is `bti c`, which older assemblers do not know. */
#define ARK__STATIC_ENTRY(closures)                                                                                    \
  "  hint 34\n"                                                                                                        \
  "  adrp x16, " ARK__PAGE(closures) "\n"                                                                              \
                                     "  add x16, x16, " ARK__IN_PAGE(closures) "\n"                                    \
                                                                               "  b " ARK__SYMBOL("ark__receive") "\n"
#endif

/* Hides what is defined elsewhere; in Mach-O, only the definition says it. */
#if defined(__APPLE__)
#define ARK__HIDE_OTHER(name)
#else
#define ARK__HIDE_OTHER(name) ARK__HIDE(name)
#endif

/* Defines `name`: the code of `count` entry points, whose closures lie `stride` bytes apart from the symbol `closures`
 * on. All parameters are text. Everything that they name is hidden. */
#if ARK__MS || ARK__AAPCS64
#define ARK__STATIC_ENTRIES(name, count, closures, stride)                                                             \
  __asm__(".text\n"                                                                                                    \
          ".p2align 4\n"                                                                                               \
          ".globl " ARK__SYMBOL(name) "\n" ARK__HIDE(name) ARK__HIDE_OTHER(closures) ARK__HIDE_OTHER("ark__receive")   \
              ARK__IS_FUNCTION(name) ARK__SYMBOL(name) ":\n"                                                           \
                                                       "  .cfi_startproc\n"                                            \
                                                       ".set " ARK__STATIC_AT ", 0\n"                                  \
                                                       ".rept " count "\n"                                             \
                                                       "  .p2align 4\n" ARK__STATIC_ENTRY(                             \
                                                           closures) ".set " ARK__STATIC_AT ", " ARK__STATIC_AT        \
                                                                     "+" stride "\n"                                   \
                                                                     ".endr\n"                                         \
                                                                     "  .cfi_endproc\n" ARK__END_FUNCTION(name))
#endif

#endif
