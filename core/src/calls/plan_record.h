/* What a call plan consists of.
 *
 * Thread rule: constant once made.
 */
#ifndef ARK__PLAN_RECORD_H
#define ARK__PLAN_RECORD_H

#include "arkffi/slot_caller.h"
#include "calls/ffi_call.h"
#include "cpu/direct_call.h"
#include "cpu/placement.h"

/* The registers of a direct call, integers first. */
enum { ARK__DIRECT_REGISTERS = ARK__DIRECT_INTEGERS + ARK__DIRECT_FLOATS };

struct ark_plan {
  const ark_signature *signature;
  ark__placement *placement; /* owned; NULL unless structs are passed by value, or floats in two registers */
  ark__ffi_call *ffi;        /* owned; NULL unless libffi makes the calls */
  bool direct, uses_floats;
  ark_slot_caller slot_caller;
  uint8_t stack;         /* words of arguments that lie on the stack */
  uint16_t stack_floats; /* bit i: word i of the stack is a float; only for words that have slots */
  uint8_t
      sources[ARK__DIRECT_REGISTERS + 1]; /* of a direct call: the argument in each register; C has no empty array */
  uint8_t words[];                        /* of each argument: its word in the argument block, or its position */
};

#endif
