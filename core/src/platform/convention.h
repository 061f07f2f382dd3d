/* Which calling convention is this machine's, of those that arkffi knows by itself. Where it is none of them, libffi makes
 * calls and closures, without structs by value.
 *
 * ARKFFI_UNKNOWN_CPU, a definition for the compiler, has any machine be such a one, to try that out.
 */
#ifndef ARK__CONVENTION_H
#define ARK__CONVENTION_H

/* System V on x86-64, and AAPCS64 on 64-bit ARM, of which Apple has a variant of its own. */
#if defined(ARKFFI_UNKNOWN_CPU) || defined(_WIN32) || defined(__ILP32__)
#define ARK__SYSTEM_V 0
#define ARK__ANY_AAPCS64 0
#else
#if defined(__x86_64__)
#define ARK__SYSTEM_V 1
#else
#define ARK__SYSTEM_V 0
#endif
#if defined(__aarch64__)
#define ARK__ANY_AAPCS64 1
#else
#define ARK__ANY_AAPCS64 0
#endif
#endif

#if ARK__ANY_AAPCS64 && !defined(__APPLE__)
#define ARK__AAPCS64 1
#else
#define ARK__AAPCS64 0
#endif

#endif
