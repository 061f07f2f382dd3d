/* A callback that keeps its arguments, which may be structs, and gives a result that the test has chosen. */
#ifndef ARKFFI_TEST_LISTENER_H
#define ARKFFI_TEST_LISTENER_H

#include "support.h"

/* As much as the tests with random structs need: of the alignments and sizes that they make up, and of arguments. */
enum { ROOM_ALIGN = 64, ROOM_SIZE = 4096, LISTENER_ARGS = 20 };

/* Room for a value of any type. */
typedef struct room {
  _Alignas(ROOM_ALIGN) uint8_t bytes[ROOM_SIZE];
} room;

/* The arguments of the last call, and the result of each. */
typedef struct listener {
  const ark_signature *signature;
  room seen[LISTENER_ARGS], answer;
  size_t calls;
} listener;

/* An ark_closure_handler, whose context is a listener. Asserts that the room for a struct that is returned is zero. */
void listener_hear(void *context, const ark_value *args, ark_value *result);

/* For the end of a closure whose listener is not to be freed. */
void listener_ignore_end(void *context);

#endif
