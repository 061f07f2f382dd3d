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

/* A thunk moves whole words of the stack, which Apple's convention has not. V8 makes no call there that has more than
 * eight arguments with its own first one and the address of a target. */
static bool thunk_may_use_stack(void) {
  return !ARK__APPLE_AAPCS64;
}

static bool thunk_is_scalar(const ark_type *type) {
  return type->kind == ARK_KIND_BOOL || type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_UNSIGNED ||
         type->kind == ARK_KIND_FLOAT || type->kind == ARK_KIND_POINTER;
}

bool ark_thunks_support(const ark_signature *signature) {
  if (!ARK__CODE_INTEGERS || signature->is_variadic || signature->count > ARK_MAX_THUNK_ARGS) return false;
  if (!thunk_may_use_stack() && signature->count + 1 >= ARK__CODE_INTEGERS) return false;
  for (size_t i = 0; i < signature->count; i++) {
    const ark_type *type = signature->parameters[i].type;
    if (!thunk_is_scalar(type) && type->kind != ARK_KIND_STRING) return false;
  }
  ark_kind result = signature->result->kind;
  return thunk_is_scalar(signature->result) || result == ARK_KIND_STRING || result == ARK_KIND_VOID;
}

/* Which registers and words of the stack of a call are in use. */
typedef struct usage {
  bool is_ms; /* registers by position; the words of the stack that come first hold no arguments */
  uint8_t integers, floats, stack;
} usage;

static usage thunk_begin(bool is_ms) {
  return (usage){.is_ms = is_ms, .stack = is_ms ? ARK__POSITIONS : 0};
}

static ark__location thunk_next_location(usage *used, bool is_float) {
  if (used->is_ms) {
    if (used->integers == ARK__POSITIONS) return (ark__location){ARK__ON_STACK, used->stack++};
    return (ark__location){is_float ? ARK__IN_FLOAT : ARK__IN_INTEGER, used->integers++};
  }
  if (is_float && used->floats != ARK__CODE_FLOATS) return (ark__location){ARK__IN_FLOAT, used->floats++};
  if (!is_float && used->integers != ARK__CODE_INTEGERS) return (ark__location){ARK__IN_INTEGER, used->integers++};
  return (ark__location){ARK__ON_STACK, used->stack++};
}

/* Whether a move overwrites what another one reads. The words of the stack that are written are others than those that
 * are read. */
static bool thunk_overwrites(const ark__transfer *move, const ark__transfer *other, bool is_ms) {
  if (move->to.kind == ARK__ON_STACK || move->to.kind != other->from.kind) return false;
  bool is_integer = move->to.kind == ARK__IN_INTEGER;
  return (is_integer ? ark__own_index(is_ms, move->to.index) : move->to.index) == other->from.index;
}

/* The first move that overwrites nothing that another one of them reads. There always is one, because no moves form a
 * circle. Between two float registers, all moves of a call go down, or all go up. From a float register to an integer
 * register, a move ends a chain of moves. And between integer registers: in one convention, dropping the receiver moves
 * arguments one register down, and each double before them that becomes an integer moves them one up, so that those
 * that move up are the last ones; without a receiver none moves down. From System V's rsi rdx rcx r8 r9 to Microsoft's
 * rcx rdx r8 r9, where no argument comes to an earlier place of these rows, the last argument overwrites what no
 * earlier one lies in. */
static size_t thunk_find_free(const ark__transfer *moves, size_t count, bool is_ms) {
  for (size_t i = 0; i < count; i++) {
    size_t readers = 0;
    for (size_t j = 0; j < count; j++) readers += j != i && thunk_overwrites(&moves[i], &moves[j], is_ms);
    if (!readers) return i;
  }
  return 0;
}

/* Puts the moves into an order in which none overwrites what a later one reads. */
static void thunk_order(ark__transfer *moves, size_t count, bool is_ms) {
  for (; count > 1; moves++, count--) {
    size_t first = thunk_find_free(moves, count, is_ms);
    ark__transfer found = moves[first];
    moves[first] = moves[0];
    moves[0] = found;
  }
}

/* Fills in the moves, and sets *stack to the number of words that the target finds on the stack. Returns where one more
 * double comes in. */
static ark__location thunk_place(const ark_signature *signature, bool has_receiver, ark__transfer *moves,
                                 size_t *stack) {
  usage in = thunk_begin(!ARK__SYSTEM_V && ARK__MS), out = thunk_begin(ark__is_ms(signature));
  if (has_receiver) thunk_next_location(&in, false);
  for (size_t i = 0; i < signature->count; i++) {
    ark_passing passing = ark_thunk_passing(signature->parameters[i].type);
    bool converts = passing == ARK_PASS_WIDE;
    moves[i].from = thunk_next_location(&in, passing != ARK_PASS_INT32);
    moves[i].to = thunk_next_location(&out, passing != ARK_PASS_INT32 && !converts);
    moves[i].converts = converts;
  }
  *stack = out.stack;
  thunk_order(moves, signature->count, out.is_ms);
  return thunk_next_location(&in, true);
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

ark_status ark_thunks_create(const ark_signature *signature, ark_thunk_kind kind, uint64_t *results, uint8_t *mark,
                             ark_thunks **out, ark_error *error) {
  bool is_for_all = kind != ARK_THUNK_MARKING;
  ark__transfer moves[ARK_MAX_THUNK_ARGS];
  ark__shim shim = {.is_ms = ark__is_ms(signature),
                    .moves = moves,
                    .count = signature->count,
                    .called = kind == ARK_THUNK_STORING ? mark : NULL,
                    .mark = kind == ARK_THUNK_MARKING ? mark : NULL,
                    .result = thunk_stored_result(signature->result, kind != ARK_THUNK_RETURNING),
                    .results = results};
  ark__location last = thunk_place(signature, is_for_all, moves, &shim.stack);
  if (is_for_all) shim.given = &last;
  size_t size, stride = thunk_align(ark__shim_write(&shim, NULL, NULL, 0));
  uint8_t *page = ark__page_create(&size);
  if (!page) return ark_fail_memory(error);
  size_t count = is_for_all ? 1 : size / stride;
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
