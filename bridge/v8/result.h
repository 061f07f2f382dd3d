/* Strings as results of calls by V8. Many functions give the same one each time: so the bytes of the last one are
 * remembered here, and the string that was made of them in JavaScript.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_RESULT_H
#define ARKJS_V8_RESULT_H

#include "../function.h"

/* What `arkjs_v8_recall` answers. */
enum {
  ARKJS_V8_OTHER_TEXT,
  ARKJS_V8_SAME_TEXT, /* as was remembered last */
  ARKJS_V8_NO_TEXT,   /* NULL */
};

/* Called by V8, with the address of a function's memory, behind a call of it. */
int32_t arkjs_v8_recall(const void *receiver, double memory);

/* `memoryOf(number)`: the address of the memory of a C function, by its number in the cells, and a function for behind a
 * call: that gives the string anew, and remembers it. The C function has the memory for as long as it is. undefined when out
 * of memory, or where it gives no string. */
napi_value arkjs_v8_memory_of(napi_env napi, napi_callback_info info);

#endif
