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

/* v8::CTypeInfo: so many bytes each, the type first and no flags behind it. */
enum { ARKJS_V8_MOST_TYPE_SIZE = 3 };

/* v8::CTypeInfo::Type, the same from V8 11 to 14. */
typedef enum arkjs_v8_type {
  ARKJS_V8_VOID = 0,
  ARKJS_V8_INT32 = 3,
  ARKJS_V8_FLOAT32 = 7,
  ARKJS_V8_FLOAT64 = 8,
  ARKJS_V8_VALUE = 10,
} arkjs_v8_type;

typedef struct arkjs_v8_symbols {
  const char *(*version)(void);
  void *(*current_isolate)(void);
  napi_value (*current_context)(void *isolate);
  /* 0 and 0 for the last enums: it may not be called with `new`, and nobody knows what it has for side effects. */
  napi_value (*create_template)(void *isolate, void (*slow)(const void *info), napi_value data, napi_value signature,
                                int length, int constructor, int side_effects, const arkjs_v8_function *fast,
                                uint16_t instance_type, uint16_t range_start, uint16_t range_end);
  napi_value (*function_of_template)(napi_value function_template, napi_value context);
  void (*init_info)(arkjs_v8_info *info, const uint8_t *result, unsigned count, const uint8_t *args, uint8_t int64);
  const uint8_t *(*argument_of_info)(const arkjs_v8_info *info, unsigned index);
  void (*init_function)(arkjs_v8_function *function, const void *address, const arkjs_v8_info *info);
  /* v8::String::NewFromOneByte and NewFromUtf8. 0 for the enum: a string of its own. NULL when it is too long. */
  napi_value (*create_latin1)(void *isolate, const char *text, int kind, int length);
  napi_value (*create_utf8)(void *isolate, const char *text, int kind, int length);
  unsigned major;     /* version */
  unsigned type_size; /* bytes of a v8::CTypeInfo in this version */
} arkjs_v8_symbols;

/* What this process has, or NULL with the reason why it cannot be used. Static. Any thread. */
const arkjs_v8_symbols *arkjs_v8_find(const char **reason);

#endif
