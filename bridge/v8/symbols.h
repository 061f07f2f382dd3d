/* Functions of V8 that Node-API does not offer, as C sees them.
 *
 * They are looked up in the running process by the names that C++ compilers give them, so the module loads on hosts
 * without them too. A v8::Local is a pointer to a handle, and so is a napi_value.
 * Thread rule: any thread.
 */
#ifndef ARKJS_V8_SYMBOLS_H
#define ARKJS_V8_SYMBOLS_H

#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

/* Room for v8::CFunctionInfo and v8::CFunction, which V8's own constructors fill in. Both are two words in V8 11 to
 * 14. */
typedef struct arkjs_v8_info {
  uint64_t words[2];
} arkjs_v8_info;

typedef struct arkjs_v8_function {
  const void *words[2];
} arkjs_v8_function;

/* The maximum size of a v8::CTypeInfo in bytes. The type comes first; the flags after it are zero. */
enum { ARKJS_V8_MOST_TYPE_SIZE = 3 };

/* v8::CTypeInfo::Type; the same in V8 11 to 14. */
typedef enum arkjs_v8_type {
  ARKJS_V8_VOID = 0,
  ARKJS_V8_INT32 = 3,
  ARKJS_V8_FLOAT32 = 7,
  ARKJS_V8_FLOAT64 = 8,
  ARKJS_V8_VALUE = 10,
} arkjs_v8_type;

/* v8::TryCatch, with spare room: it is six words in V8 11 to 14. */
typedef struct arkjs_v8_try_catch {
  _Alignas(16) uint64_t words[16];
} arkjs_v8_try_catch;

/* std::shared_ptr<v8::BackingStore>. It is two pointers. C++ returns it in memory of the caller and takes it by
 * address; the third pointer makes C return it in the same way. */
typedef struct arkjs_v8_store {
  void *store, *counts, *more;
} arkjs_v8_store;

/* What the functions are used for. They can be combined. */
typedef enum arkjs_v8_use {
  ARKJS_V8_FAST = 1,    /* calls of C from optimised code */
  ARKJS_V8_CALLS = 2,   /* calls of JavaScript from C */
  ARKJS_V8_BUFFERS = 4, /* aliases of ArrayBuffers */
} arkjs_v8_use;

/* The functions of this process; NULL for those it lacks. */
typedef struct arkjs_v8_symbols {
#define ARKJS_V8_SYMBOL(uses, declaration, member, name, other) declaration;
#include "v8/symbols.def"
#undef ARKJS_V8_SYMBOL
  unsigned uses;       /* arkjs_v8_use: the uses for which no function is missing */
  const char *failure; /* why fast calls are impossible, static; NULL when they are possible */
  unsigned major;      /* V8's major version; set, like the next, when fast calls are possible */
  unsigned type_size;  /* the size of a v8::CTypeInfo in this version, in bytes */
} arkjs_v8_symbols;

/* The functions for fast calls, or NULL with the reason why they are impossible. Both are static and constant. */
const arkjs_v8_symbols *arkjs_v8_find(const char **reason);

/* The functions for another use, or NULL when one is missing. Static and constant. */
const arkjs_v8_symbols *arkjs_v8_find_for(arkjs_v8_use use);

#endif
