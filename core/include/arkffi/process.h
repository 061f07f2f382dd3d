/* The shared objects of the running process: what each one needs of the others.
 *
 * Thread rule: any thread.
 */
#ifndef ARKFFI_PROCESS_H
#define ARKFFI_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How many shared objects have been loaded since the process started. 0 where the system does not say. */
uint64_t ark_process_loads(void);

/* One shared object of the process, or the program. It is valid during a call of ark_object_test only. */
typedef struct ark_object ark_object;

/* Says whether an object is the one that is looked for. It runs under a lock of the loader, so it must neither load
 * anything nor look up a symbol: another thread may hold the loader's other lock and wait for this one. */
typedef bool (*ark_object_test)(const void *context, const ark_object *object);

/* Whether some object passes the test. */
bool ark_process_has(ark_object_test test, const void *context);

/* Whether an address lies inside the object. */
bool ark_object_contains(const ark_object *object, const void *address);

/* Whether the object exports a symbol of that name. */
bool ark_object_exports(const ark_object *object, const char *name);

/* Whether `wanted` is true of the name of some symbol that the object takes from other objects. */
bool ark_object_imports(const ark_object *object, bool (*wanted)(const char *name));

#ifdef __cplusplus
}
#endif
#endif
