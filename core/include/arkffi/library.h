/* Shared libraries: opening, symbols, and how long the code stays mapped.
 *
 * An ark_library is one successful open. All opens of the same shared object share one ark_image, which is what
 * is mapped: it stays mapped while a library is open on it or an ark_image_hold is out.
 * Thread rule: an ark_library belongs to the thread that opened it. Images are shared by all threads; hold and drop
 * are safe on any.
 */
#ifndef ARKFFI_LIBRARY_H
#define ARKFFI_LIBRARY_H

#include "error.h"
#include "open_flags.h"
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_library ark_library;
typedef struct ark_image ark_image;

/* Opens `name`, or the running process for NULL; `flags` are ark_open_flags. A name with a slash is a path. A bare name is looked for by the
 * system's loader, then in each folder of `search`, a list as PATH is (NULL for none), then in `beside` (NULL for
 * none). On ARK_OK the caller owns *out and gives it back with ark_library_close. Fails with ARK_LIBRARY_NOT_FOUND,
 * whose message says what was tried and what the loader answered, or ARK_NO_MEMORY. */
ark_status ark_library_open(const char *name, unsigned flags, const char *search, const char *beside, ark_library **out,
                            ark_error *error);

/* Ends the library and frees it. The image is unmapped with its last user. NULL is ignored. */
void ark_library_close(ark_library *library);

/* Frees the library and leaves its image mapped and open for good: at the end of a thread that is not known to be the
 * last to use it. A library may have threads of its own that run its code. NULL is ignored. */
void ark_library_leave(ark_library *library);

/* The image the library is open on; valid until the library is closed, or longer for who refers to it. */
ark_image *ark_library_image(const ark_library *library);

/* The address of an exported function or variable. Fails with ARK_SYMBOL_NOT_FOUND, whose message says what was meant
 * where a near name is exported. */
ark_status ark_library_symbol(const ark_library *library, const char *name, void **out, ark_error *error);

/* The names that the library exports, of the process those of every object in it: for each an 'f' (function) or 'd'
 * (data), the name and a NUL, and an empty text at the end. A name with several versions is there several times. On
 * ARK_OK the caller frees *out with ark_free. Fails with ARK_NO_MEMORY. */
ark_status ark_library_list(const ark_library *library, char **out, ark_error *error);

/* The address of something that the process exports as a whole, or NULL. */
void *ark_process_symbol(const char *name);

/* The folder of the shared object (or program) that holds `address`, without a slash at its end; the caller frees it
 * with ark_free. NULL when it is not known. */
char *ark_folder_of(const void *address);

/* The name of its file, without folders; valid while it is loaded. NULL when it is not known. */
const char *ark_file_of(const void *address);

/* The image that `address` lies in, with a reference that the caller drops with ark_image_release; NULL when no
 * library open in this process contains it. */
ark_image *ark_image_at(const void *address);

/* Keeps the structure (not the mapping) alive: for those who may ask later whether the image is still open. */
void ark_image_refer(ark_image *image);
void ark_image_release(ark_image *image); /* NULL is ignored */

/* Whether a library is still open on it. */
bool ark_image_is_open(const ark_image *image);

/* Keeps the code mapped until ark_image_drop. False when it is closed, then nothing is held. Both imply a reference. */
bool ark_image_hold(ark_image *image);
void ark_image_drop(ark_image *image);

#ifdef __cplusplus
}
#endif
#endif
