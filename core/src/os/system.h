/* Which families of operating systems this one belongs to. The first word of each file's name here says which family it
 * is for; it is empty on all others.
 */
#ifndef ARK__SYSTEM_H
#define ARK__SYSTEM_H

#if defined(_WIN32)
#define ARK__POSIX 0
#else
#define ARK__POSIX 1
#endif

/* Shared objects in ELF: Linux and the BSDs, but not macOS. */
#if ARK__POSIX && !defined(__APPLE__)
#define ARK__ELF 1
#else
#define ARK__ELF 0
#endif

/* Android and OpenHarmony are among them. */
#if defined(__linux__)
#define ARK__LINUX 1
#else
#define ARK__LINUX 0
#endif

#endif
