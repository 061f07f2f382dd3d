#include "v8/buffer_argument.h"
#include "v8/object.h"
#include "values/value.h"

/* The types of objects in their maps. */
enum { DATA_VIEW = 0x80B, TYPED_ARRAY = 0x80D };

/* The offsets of the fields of buffers and views, in words. */
typedef struct layout {
  uint16_t buffer_type;
  /* Of an ArrayBuffer: its size and the address of its bytes; both are 0 when detached. */
  uint8_t buffer_size, buffer_bytes;
  uint8_t view_buffer, view_flags, view_offset, view_size; /* of views; their sizes and offsets are in bytes */
  uint8_t typed_array_bytes, data_view_bytes;              /* the address of a view's bytes */
} layout;

static const layout buffer_layout_of_11 = {0x80E, 4, 6, 3, 6, 4, 5, 8, 7};
static const layout buffer_layout_of_13 = {0x80E, 5, 7, 4, 5, 6, 7, 9, 8};
static const layout buffer_layout_of_14 = {0x80F, 5, 7, 4, 5, 6, 7, 9, 8};

/* Flags of a view: its buffer is resizable; its length follows the buffer's. */
enum { RESIZABLE = 2, TRACKS_LENGTH = 1 };

static inline uintptr_t buffer_word(const void *object, unsigned index) {
  return ((const uintptr_t *)object)[index];
}

/* The address of the bytes; 0 when the buffer is empty or detached. */
static inline uintptr_t buffer_bytes_of_buffer(const void *buffer, const layout *at) {
  return buffer_word(buffer, at->buffer_size) ? buffer_word(buffer, at->buffer_bytes) : 0;
}

static inline uintptr_t buffer_bytes_of_view(const void *view, uintptr_t bytes, const layout *at) {
  uintptr_t whole = buffer_bytes_of_buffer(arkjs_v8_object(buffer_word(view, at->view_buffer)), at);
  if (!whole || !buffer_word(view, at->view_size) || buffer_word(view, at->view_flags) & (RESIZABLE | TRACKS_LENGTH))
    return 0;
  /* On-heap typed arrays have no backing store yet, so this check fails for them. */
  return bytes == whole + buffer_word(view, at->view_offset) ? bytes : 0;
}

static inline int32_t buffer_put_address(napi_value value, double slot, const layout *at) {
  const void *object = arkjs_v8_object_of(value);
  unsigned type = object ? arkjs_v8_type_of(object) : 0;
  uintptr_t bytes = 0;
  if (type == TYPED_ARRAY) {
    bytes = buffer_bytes_of_view(object, buffer_word(object, at->typed_array_bytes), at);
  } else if (type == at->buffer_type) {
    bytes = buffer_bytes_of_buffer(object, at);
  } else if (type == DATA_VIEW) {
    bytes = buffer_bytes_of_view(object, buffer_word(object, at->data_view_bytes), at);
  }
  if (!bytes) return 0;
  *(double *)(intptr_t)slot = (double)(intptr_t)bytes;
  return 1;
}

static int32_t buffer_put_address_11(const void *receiver, napi_value value, double slot) {
  (void)receiver;
  return buffer_put_address(value, slot, &buffer_layout_of_11);
}

static int32_t buffer_put_address_13(const void *receiver, napi_value value, double slot) {
  (void)receiver;
  return buffer_put_address(value, slot, &buffer_layout_of_13);
}

static int32_t buffer_put_address_14(const void *receiver, napi_value value, double slot) {
  (void)receiver;
  return buffer_put_address(value, slot, &buffer_layout_of_14);
}

/* The self-test: samples with their expected results. */

typedef enum verdict {
  FOUND,
  FOUND_OR_NOT, /* either, but an address must be right */
  NOT_FOUND,
} verdict;

/* A list of values for each verdict. */
static const char buffer_samples[] =
    "(() => {"
    "  const [one, small] = [new ArrayBuffer(128), new Uint8Array(8)];"
    "  const classes = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array,"
    "    Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array];"
    "  const arrays = classes.flatMap((one) => [new one(200), new one(200).subarray(3, 5)]);"
    "  const shared = new Uint8Array(new SharedArrayBuffer(64), 8, 8);"
    "  const views = [new Uint8Array(one, 8, 8), new DataView(one), new DataView(one, 9)];"
    "  const resizable = new ArrayBuffer(8, { maxByteLength: 16 });"
    "  const empty = [new ArrayBuffer(0), new Uint8Array(0), new Uint8Array(one, 128)];"
    "  const resized = [resizable, new Uint8Array(resizable), new DataView(resizable, 1, 2)];"
    "  const others = [1, 0.5, 1n, 'text', null, undefined, true, Symbol(), {}, [], () => 1];"
    "  return [[one, ...arrays, ...views, shared], [small, ...resized, ...empty], others];"
    "})()";

static bool buffer_comes_out(arkjs_env *env, arkjs_v8_put_address *put, napi_value value, verdict wanted) {
  double slot = 0;
  napi_value buffer;
  void *data = NULL;
  size_t size;
  bool is_found = put(NULL, value, (double)(uintptr_t)&slot);
  if (wanted == FOUND_OR_NOT && !is_found) return true;
  if (wanted == NOT_FOUND || !is_found) return is_found == (wanted != NOT_FOUND);
  return arkjs_find_bytes(env, value, &buffer, &data, &size) && slot == (double)(uintptr_t)data;
}

static bool buffer_come_out(arkjs_env *env, arkjs_v8_put_address *put, napi_value list, verdict wanted) {
  uint32_t count = 0;
  napi_value value;
  napi_get_array_length(env->napi, list, &count);
  for (uint32_t i = 0; i < count; i++) {
    if (napi_get_element(env->napi, list, i, &value) != napi_ok) return false;
    if (!buffer_comes_out(env, put, value, wanted)) return false;
  }
  return count;
}

/* Whether the size and the address of a buffer are in the expected fields, which tell whether it is detached.
 * Detaching a buffer to test this would slow down the whole program: until the first buffer is detached, V8 omits a
 * check at each access to a typed array. */
static bool buffer_knows_buffers(arkjs_env *env, const layout *at) {
  enum { SIZE = 72 };
  napi_value buffer;
  void *data;
  if (napi_create_arraybuffer(env->napi, SIZE, &data, &buffer) != napi_ok) return false;
  const void *object = arkjs_v8_object_of(buffer);
  return arkjs_v8_type_of(object) == at->buffer_type && buffer_word(object, at->buffer_size) == SIZE &&
         buffer_word(object, at->buffer_bytes) == (uintptr_t)data;
}

static bool buffer_works(arkjs_env *env, arkjs_v8_put_address *put, const layout *at) {
  napi_value list, lists = arkjs_v8_samples(env->napi, buffer_samples);
  for (uint32_t i = FOUND; i <= NOT_FOUND && lists; i++) {
    if (napi_get_element(env->napi, lists, i, &list) != napi_ok) return false;
    if (!buffer_come_out(env, put, list, (verdict)i)) return false;
  }
  return lists && buffer_knows_buffers(env, at);
}

arkjs_v8_put_address *arkjs_v8_address_putter(arkjs_env *env, const arkjs_v8_symbols *symbols) {
  static const struct {
    arkjs_v8_put_address *put;
    const layout *at;
  } known[] = {{buffer_put_address_11, &buffer_layout_of_11},
               {buffer_put_address_13, &buffer_layout_of_13},
               {buffer_put_address_14, &buffer_layout_of_14}};
  size_t i = symbols->major < 13 ? 0 : symbols->major < 14 ? 1 : 2;
  return buffer_works(env, known[i].put, known[i].at) ? known[i].put : NULL;
}
