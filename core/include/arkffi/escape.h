/* Leaving C code by longjmp, past frames that no compiler of arkffi has made.
 *
 * Thread rule: the thread of the buffer.
 */
#ifndef ARKFFI_ESCAPE_H
#define ARKFFI_ESCAPE_H

#include <setjmp.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Call it when setjmp has filled the buffer: a longjmp then only restores the registers, as everywhere but on Windows.
 * There it would unwind each frame, for which code that is made at run time has no tables. */
void ark_escape_without_unwinding(jmp_buf buffer);

#ifdef __cplusplus
}
#endif
#endif
