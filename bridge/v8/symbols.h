/* Functions of V8 that have no place in Node-API, as C sees them.
 *
 * They are looked up in the running process under the names that C++ compilers give them, so the module loads where they
 * are not. A v8::Local is a pointer to a handle, which is what a napi_value is too.
 */
#ifndef ARKJS_V8_SYMBOLS_H
#define ARKJS_V8_SYMBOLS_H

#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

/* v8::CFunctionInfo and v8::CFunction; room for them, since V8's own constructors fill them in. They have been two words
 * from V8 11 to 14. */
typedef struct arkjs_v8_info {
  uint64_t words[2];
} arkjs_v8_info;

typedef struct arkjs_v8_function {
  const void *words[2];
} arkjs_v8_function;

/* The most bytes of a v8::CTypeInfo: the type first, and no flags after it. */
enum { ARKJS_V8_MOST_TYPE_SIZE = 3 };

/* v8::CTypeInfo::Type, the same from V8 11 to 14. */
typedef enum arkjs_v8_type {
  ARKJS_V8_VOID = 0,
  ARKJS_V8_INT32 = 3,
  ARKJS_V8_FLOAT32 = 7,
  ARKJS_V8_FLOAT64 = 8,
  ARKJS_V8_VALUE = 10,
} arkjs_v8_type;

/* v8::TryCatch, with room to spare: it has been six words from V8 11 to 14. */
typedef struct arkjs_v8_try_catch {
  _Alignas(16) uint64_t words[16];
} arkjs_v8_try_catch;

/* std::shared_ptr<v8::BackingStore>. It is two pointers, which C++ returns where the caller says and takes by address; one
 * more makes C return it the same way. */
typedef struct arkjs_v8_store {
  void *store, *counts, *more;
} arkjs_v8_store;

/* What the functions are for; flags. */
typedef enum arkjs_v8_use {
  ARKJS_V8_FAST = 1,    /* calls of C from optimised code */
  ARKJS_V8_CALLS = 2,   /* calls of JavaScript by C */
  ARKJS_V8_BUFFERS = 4, /* second ArrayBuffers over the same memory */
} arkjs_v8_use;

/* The functions that this process has; NULL for the others. */
typedef struct arkjs_v8_symbols {
#define ARKJS_V8_SYMBOL(uses, declaration, member, name, other) declaration;
#include "v8/symbols.def"
#undef ARKJS_V8_SYMBOL
  unsigned uses;       /* arkjs_v8_use: for which all functions are there */
  const char *failure; /* why there can be no fast calls, static; NULL where there can */
  unsigned major;      /* version; set, like the next, where there can be fast calls */
  unsigned type_size;  /* bytes of a v8::CTypeInfo in this version */
} arkjs_v8_symbols;

/* What this process has for fast calls, or NULL with the reason why there can be none. Static and constant. Any thread. */
const arkjs_v8_symbols *arkjs_v8_find(const char **reason);

/* What this process has for another use, or NULL where a function is missing. Static and constant. Any thread. */
const arkjs_v8_symbols *arkjs_v8_find_for(arkjs_v8_use use);

#endif
