#include "arkffi/thunk.h"
#include "arkffi/alloc.h"
#include "cpu/code.h"
#include "os/pages.h"

struct ark_thunks {
  uint8_t *page;
  size_t page_size, stride, count;
  void *targets[]; /* of each thunk; its code reads them */
};

ark_passing ark_thunk_passing(const ark_type *type) {
  switch (type->kind) {
  case ARK_KIND_VOID: return ARK_PASS_NOTHING;
  case ARK_KIND_FLOAT: return type->id == ARK_TYPE_FLOAT ? ARK_PASS_FLOAT : ARK_PASS_DOUBLE;
  default: return type->size <= 4 ? ARK_PASS_INT32 : ARK_PASS_WIDE;
  }
}

static bool thunk_is_scalar(const ark_type *type) {
  return type->kind == ARK_KIND_BOOL || type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_UNSIGNED ||
         type->kind == ARK_KIND_FLOAT || type->kind == ARK_KIND_POINTER;
}

bool ark_thunks_support(const ark_signature *signature) {
  if (!ARK__CODE_INTEGERS || signature->is_variadic || signature->count > ARK_MAX_THUNK_ARGS) return false;
  for (size_t i = 0; i < signature->count; i++) {
    const ark_type *type = signature->parameters[i].type;
    if (!thunk_is_scalar(type) && type->kind != ARK_KIND_STRING) return false;
  }
  ark_kind result = signature->result->kind;
  return thunk_is_scalar(signature->result) || result == ARK_KIND_STRING || result == ARK_KIND_VOID;
}

/* How many registers and words of the stack are in use. */
typedef struct usage {
  uint8_t integers, floats, stack;
} usage;

static ark__location thunk_next_location(usage *used, bool is_float) {
  if (is_float && used->floats != ARK__CODE_FLOATS) return (ark__location){ARK__IN_FLOAT, used->floats++};
  if (!is_float && used->integers != ARK__CODE_INTEGERS) return (ark__location){ARK__IN_INTEGER, used->integers++};
  return (ark__location){ARK__ON_STACK, used->stack++};
}

/* Appends the moves for which `wanted` is true, in the order of the arguments or backwards. */
static void thunk_choose(const ark__transfer *all, size_t count, bool backwards,
                         bool (*wanted)(const ark__transfer *move), ark__transfer *out, size_t *length) {
  for (size_t i = 0; i < count; i++) {
    const ark__transfer *move = &all[backwards ? count - 1 - i : i];
    if (wanted(move)) out[(*length)++] = *move;
  }
}

static bool thunk_goes_to_stack(const ark__transfer *move) {
  return move->to.kind == ARK__ON_STACK;
}

static bool thunk_is_integer(const ark__transfer *move) {
  return move->to.kind == ARK__IN_INTEGER && !move->converts;
}

static bool thunk_goes_up(const ark__transfer *move) {
  return thunk_is_integer(move) && move->from.kind == ARK__IN_INTEGER && move->to.index > move->from.index;
}

static bool thunk_goes_down(const ark__transfer *move) {
  return thunk_is_integer(move) && !thunk_goes_up(move);
}

static bool thunk_is_converted(const ark__transfer *move) {
  return move->to.kind == ARK__IN_INTEGER && move->converts;
}

static bool thunk_is_float(const ark__transfer *move) {
  return move->to.kind == ARK__IN_FLOAT;
}

/* Puts the moves into an order in which none overwrites what a later one reads. Moves to the stack overwrite nothing.
 * Dropping the receiver moves integers one register down, and each double before them that becomes an integer moves
 * them one up: so the integers that move up are the last ones, and are moved from the last to the first. Floats only
 * move down. Doubles that become integers are converted after integers have moved, and before floats move. */
static size_t thunk_order(const ark__transfer *all, size_t count, ark__transfer *out) {
  size_t length = 0;
  thunk_choose(all, count, false, thunk_goes_to_stack, out, &length);
  thunk_choose(all, count, true, thunk_goes_up, out, &length);
  thunk_choose(all, count, false, thunk_goes_down, out, &length);
  thunk_choose(all, count, false, thunk_is_converted, out, &length);
  thunk_choose(all, count, false, thunk_is_float, out, &length);
  return length;
}

static size_t thunk_place(const ark_signature *signature, ark__transfer *moves, size_t *stack) {
  usage in = {.integers = 1}, out = {0};
  ark__transfer all[ARK_MAX_THUNK_ARGS];
  for (size_t i = 0; i < signature->count; i++) {
    ark_passing passing = ark_thunk_passing(signature->parameters[i].type);
    bool converts = passing == ARK_PASS_WIDE;
    all[i].from = thunk_next_location(&in, passing != ARK_PASS_INT32);
    all[i].to = thunk_next_location(&out, passing != ARK_PASS_INT32 && !converts);
    all[i].converts = converts;
  }
  *stack = out.stack;
  return thunk_order(all, signature->count, moves);
}

/* Each thunk begins at a quarter of a cache line. */
static size_t thunk_align(size_t size) {
  return (size + 15) & ~(size_t)15;
}

/* What a thunk stores of its result. */
static ark__result thunk_stored_result(const ark_type *type, bool stores_all) {
  ark_passing passing = ark_thunk_passing(type);
  if (passing == ARK_PASS_WIDE) return ARK__WIDE_INTEGER;
  if (!stores_all || passing == ARK_PASS_NOTHING) return ARK__NO_RESULT;
  return passing == ARK_PASS_INT32 ? ARK__INTEGER : ARK__FLOAT;
}

ark_status ark_thunks_create(const ark_signature *signature, uint64_t *results, uint8_t *called, ark_thunks **out,
                             ark_error *error) {
  ark__transfer moves[ARK_MAX_THUNK_ARGS];
  ark__shim shim = {
      .moves = moves, .called = called, .result = thunk_stored_result(signature->result, called), .results = results};
  shim.count = thunk_place(signature, moves, &shim.stack);
  size_t size, stride = thunk_align(ark__shim_write(&shim, NULL, NULL, 0));
  uint8_t *page = ark__page_create(&size);
  if (!page) return ark_fail_memory(error);
  size_t count = size / stride;
  ark_thunks *thunks = ark_alloc(1, sizeof *thunks + count * sizeof thunks->targets[0]);
  if (thunks) {
    *thunks = (ark_thunks){page, size, stride, count};
    for (size_t i = 0; i < count; i++) ark__shim_write(&shim, &thunks->targets[i], page + i * stride, stride);
    if (ark__page_seal(page, size)) {
      *out = thunks;
      return ARK_OK;
    }
  }
  ark_free(thunks);
  ark__page_free(page, size);
  return ark_fail_memory(error);
}

void ark_thunks_free(ark_thunks *thunks) {
  if (!thunks) return;
  ark__page_free(thunks->page, thunks->page_size);
  ark_free(thunks);
}

size_t ark_thunks_count(const ark_thunks *thunks) {
  return thunks->count;
}

ark_c_function ark_thunks_code(const ark_thunks *thunks, size_t index) {
  return (ark_c_function)(uintptr_t)(thunks->page + index * thunks->stride);
}

void ark_thunks_set_target(ark_thunks *thunks, size_t index, ark_c_function target) {
  thunks->targets[index] = (void *)(uintptr_t)target;
}
