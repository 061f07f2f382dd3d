#include "closures/receive.h"
#include "arkffi/alloc.h"
#include "calls/struct_placement.h"
#include <string.h>

/* The handler may close its closure, and that may be replaced and freed before the handler returns: from then on, no
 * receiver reads it. */

/* ---- Calls without structs by value */

/* Reads arguments that each have the register of their class's next number. */
static void receive_by_class(const ark_signature *signature, const ark__received *call, ark_value *values) {
  size_t integer = 0, real = 0, stack = 0;
  for (size_t i = 0; i < signature->count; i++) {
    const ark_type *type = signature->parameters[i].type;
    uint64_t word;
    if (type->kind == ARK_KIND_FLOAT) {
      word = real != ARK__CODE_FLOATS ? call->floats[real++] : call->stack[stack++];
    } else {
      word = integer != ARK__CODE_INTEGERS ? call->integers[integer++] : call->stack[stack++];
    }
    values[i] = ark_value_widen(type, (ark_value){.bits = word});
  }
}

/* Reads arguments that each have the register of their position. */
static void receive_by_position(const ark_signature *signature, const ark__received *call, ark_value *values) {
  for (size_t i = 0; i < signature->count; i++) {
    const ark_type *type = signature->parameters[i].type;
    /* As many words of the stack as there are registers come before the first argument on it. */
    const uint64_t *words = i >= ARK__POSITIONS            ? call->stack
                            : type->kind == ARK_KIND_FLOAT ? call->floats
                                                           : call->integers;
    values[i] = ark_value_widen(type, (ark_value){.bits = words[i]});
  }
}

static ark__answer receive_scalars(const ark_closure *closure, ark__received *call, ark_value *values) {
  (ark__is_ms(closure->signature) ? receive_by_position : receive_by_class)(closure->signature, call, values);
  ark_value value = {0};
  closure->handler(closure->context, values, &value);
  return (ark__answer){value.bits, NULL};
}

/* ---- Calls that need a placement, most because of structs by value: the placement of a call, read backwards */

/* The context of such a closure. Most closures have no structs by value, and so no room for this. */
typedef struct receive_form {
  ark__placement *placement; /* owned */
  void *context;             /* of the handler */
  void (*freed)(void *context);
} receive_form;

static void receive_free_form(void *context) {
  receive_form *form = context;
  ark_free(form->placement);
  form->freed(form->context);
  ark_free(form);
}

/* The arguments of one call, and where structs that come in registers are put together. */
typedef struct arguments {
  const ark__placement *placement;
  ark__received *call;
  uint64_t *stack; /* the first argument on the stack */
  size_t parts_used;
  _Alignas(16) uint64_t parts[2 * (ARK__STACK_WORDS - 2)]; /* for each register, with as much padding */
} arguments;

/* The address of a word of the call's argument block that is a register. */
static uint64_t *receive_register(ark__received *call, size_t word) {
  if (word < ARK__FLOAT_WORDS) return &call->integers[word - ARK__INTEGER_WORDS];
  if (word < ARK__INDIRECT_WORD) return &call->floats[word - ARK__FLOAT_WORDS];
  return &call->indirect;
}

/* The address of any word of the call's argument block. */
static uint64_t *receive_word(const arguments *in, size_t word) {
  return word < ARK__STACK_WORDS ? receive_register(in->call, word) : &in->stack[word - ARK__STACK_WORDS];
}

/* A whole struct on the stack, or the next part of one in registers. */
static void receive_bytes(arguments *in, const ark__move *move, size_t struct_size, ark_value *value) {
  if (move->word >= ARK__STACK_WORDS) {
    value->pointer = (char *)receive_word(in, move->word) + move->byte;
    return;
  }
  if (!value->pointer) {
    value->pointer = &in->parts[in->parts_used];
    in->parts_used += (struct_size + 15) / 16 * 2;
  }
  for (size_t done = 0; done < move->size; done += 8) {
    size_t size = move->size - done < 8 ? move->size - done : 8;
    memcpy((char *)value->pointer + move->offset + done, receive_word(in, move->word + done / 8), size);
  }
}

/* A struct whose members all have no name is not passed at all; the handler gets the address of this. */
static const uint64_t receive_nothing[2];

static void receive_args(arguments *in, const ark_signature *signature, ark_value *values) {
  for (size_t i = 0; i < signature->count; i++) values[i].bits = 0;
  for (size_t i = 0; i < in->placement->move_count; i++) {
    const ark__move *move = &in->placement->moves[i];
    const ark_type *type = signature->parameters[move->argument].type;
    ark_value *value = &values[move->argument];
    switch (move->kind) {
    case ARK__MOVE_SCALAR:
    case ARK__MOVE_PACKED:
      *value = ark_value_load(type, (const char *)receive_word(in, move->word) + move->byte);
      break;
    case ARK__MOVE_BYTES: receive_bytes(in, move, type->size, value); break;
    case ARK__MOVE_REFERENCE: memcpy(&value->pointer, receive_word(in, move->word), sizeof value->pointer);
    }
  }
  for (size_t i = 0; i < signature->count; i++) {
    bool is_struct = signature->parameters[i].type->kind == ARK_KIND_AGGREGATE;
    if (is_struct && !values[i].pointer) values[i].pointer = (void *)receive_nothing;
  }
}

/* Copies the handler's struct to the registers of the result. */
static ark__answer receive_give_pieces(const ark__placement *placement, const void *from, ark__returned *out) {
  uint64_t *integer = out->integers, *real = out->floats;
  *out = (ark__returned){0};
  for (size_t i = 0; i < placement->piece_count; i++) {
    const ark__piece *piece = &placement->pieces[i];
    memcpy(piece->is_float ? real++ : integer++, (const char *)from + piece->offset, piece->size);
  }
  return (ark__answer){0, out};
}

/* The handler's number of 80 bits as the result. */
static ark__answer receive_give_x87(const void *from, ark__received *call) {
  call->is_x87 = true;
  memcpy(call->returned.integers, from, sizeof call->returned.integers);
  return (ark__answer){0, &call->returned};
}

/* Where C wants a struct that is returned in memory; NULL for one that is returned in registers. */
static void *receive_result_memory(const ark__placement *placement, ark__received *call) {
  void *memory = NULL;
  if (placement->result_word < ARK__MAX_WORDS)
    memcpy(&memory, receive_register(call, placement->result_word), sizeof memory);
  return memory;
}

static ark__answer receive_for_struct(const ark_closure *closure, ark__received *call, const ark_value *values) {
  _Alignas(16) uint64_t registers[ARK__MAX_PIECES] = {0};
  const receive_form *form = closure->context;
  const ark__placement placement = *form->placement; /* without its moves */
  void *memory = receive_result_memory(&placement, call);
  ark_value value = {.pointer = memory ? memory : registers};
  if (memory) memset(memory, 0, closure->signature->result->size);
  closure->handler(form->context, values, &value);
  if (placement.is_x87) return receive_give_x87(registers, call);
  call->is_x87 = false;
  if (!memory) return receive_give_pieces(&placement, registers, &call->returned);
  return (ark__answer){(uintptr_t)memory, NULL};
}

static ark__answer receive_structs(const ark_closure *closure, ark__received *call, ark_value *values) {
  const receive_form *form = closure->context;
  arguments in = {.placement = form->placement, .call = call, .stack = call->stack};
  if (ark__is_ms(closure->signature)) in.stack += ARK__POSITIONS;
  receive_args(&in, closure->signature, values);
  if (closure->signature->result->kind == ARK_KIND_AGGREGATE) return receive_for_struct(closure, call, values);
  ark_value value = {0};
  closure->handler(form->context, values, &value);
  return (ark__answer){value.bits, NULL};
}

/* ---- The receivers */

/* The signature by which a closure finds its arguments. Those before the dots of a variadic function are where they are
 * in any other function, except by Windows' convention on 64-bit ARM. By Microsoft's on x86-64, not every compiler
 * passes a float among them in both registers. */
static ark_signature receive_signature_of(const ark_closure *closure) {
  ark_signature signature = *closure->signature;
  signature.is_variadic = ARK__WINDOWS_AAPCS64 && signature.is_variadic;
  return signature;
}

static ARK__RECEIVES ark__answer receive_few_scalars(const void *closure, ark__received *call) {
  ark_value values[ARK__FEW_ARGS];
  return receive_scalars(closure, call, values);
}

static ARK__RECEIVES ark__answer receive_many_scalars(const void *closure, ark__received *call) {
  ark_value values[ARK_MAX_ARGS];
  return receive_scalars(closure, call, values);
}

static ARK__RECEIVES ark__answer receive_few_structs(const void *closure, ark__received *call) {
  ark_value values[ARK__FEW_ARGS];
  return receive_structs(closure, call, values);
}

static ARK__RECEIVES ark__answer receive_many_structs(const void *closure, ark__received *call) {
  ark_value values[ARK_MAX_ARGS];
  return receive_structs(closure, call, values);
}

/* Puts a form between the closure and its context. */
static ark_status receive_add_form(ark_closure *closure, const ark_signature *signature, ark_error *error) {
  ark__placement *placement = NULL;
  ark_status status = ark__place_structs(signature, &placement, error);
  if (status) return status;
  receive_form *form = ark_alloc(1, sizeof *form);
  if (!form) {
    ark_free(placement);
    return ark_fail_memory(error);
  }
  *form = (receive_form){placement, closure->context, closure->freed};
  closure->context = form;
  closure->freed = receive_free_form;
  return ARK_OK;
}

ark_status ark__closure_set_receiver(ark_closure *closure, ark_error *error) {
  bool is_few = closure->signature->count <= ARK__FEW_ARGS;
  ark_signature signature = receive_signature_of(closure);
  if (!ark__needs_placement(&signature)) {
    closure->receive = is_few ? receive_few_scalars : receive_many_scalars;
    return ARK_OK;
  }
  closure->receive = is_few ? receive_few_structs : receive_many_structs;
  return receive_add_form(closure, &signature, error);
}

void ark__closure_drop_receiver(ark_closure *closure) {
  if (closure->freed != receive_free_form) return;
  receive_form *form = closure->context;
  ark_free(form->placement);
  ark_free(form);
}
