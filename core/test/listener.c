#include "listener.h"

void listener_hear(void *context, const ark_value *args, ark_value *result) {
  listener *to = context;
  to->calls++;
  for (size_t i = 0; i < to->signature->count; i++) {
    const ark_type *type = to->signature->parameters[i].type;
    memcpy(to->seen[i].bytes, type->kind == ARK_KIND_AGGREGATE ? args[i].pointer : &args[i], type->size);
  }
  const ark_type *type = to->signature->result;
  if (type->kind == ARK_KIND_AGGREGATE) {
    for (size_t i = 0; i < type->size; i++) assert_int_equal(((const uint8_t *)result->pointer)[i], 0);
    memcpy(result->pointer, to->answer.bytes, type->size);
  } else if (type->size) {
    *result = ark_value_load(type, to->answer.bytes);
  }
}

void listener_ignore_end(void *context) {
  (void)context;
}
