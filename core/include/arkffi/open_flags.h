/* How the system's loader opens a shared library.
 *
 * Thread rule: constants.
 */
#ifndef ARKFFI_OPEN_FLAGS_H
#define ARKFFI_OPEN_FLAGS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Flags of ark_library_open, in any combination. */
enum ark_open_flags {
  ARK_OPEN_NOW = 1,      /* resolve every symbol that the library needs at once; opening fails when one is missing */
  ARK_OPEN_GLOBAL = 2,   /* libraries opened later can use its symbols */
  ARK_OPEN_NODELETE = 4, /* it stays mapped until the process ends */
  /* The library resolves names in itself and its dependencies before the rest of the process. Opening fails with
   * ARK_NOT_SUPPORTED where the loader cannot do this. */
  ARK_OPEN_DEEP = 8,
  /* Never deep. Without either of the two flags a library is opened deep when the program has functions that would
   * otherwise be called in place of its own, or of those of a library that it needs. */
  ARK_OPEN_SHALLOW = 16
};

#ifdef __cplusplus
}
#endif
#endif
