#include "arkffi/layout.h"
#include "arkffi/alloc.h"
#include "arkffi/signature.h"
#include <string.h>

/* No object is larger: differences of pointers must fit a ptrdiff_t. */
#define LARGEST_OBJECT ((size_t)PTRDIFF_MAX)

typedef struct extent {
  size_t size, align;
} extent;

typedef struct reader {
  const char *text, *at;
  unsigned depth;
} reader;

static ark_status fail_text(const reader *in, const char *what, ark_error *error) {
  return ark_fail(error, ARK_BAD_SIGNATURE, "struct layout: %s at position %td of '%s'", what, in->at - in->text + 1,
                  in->text);
}

static ark_status fail_size(const reader *in, ark_error *error) {
  return ark_fail(error, ARK_OUT_OF_RANGE, "struct layout: '%s' is larger than memory", in->text);
}

/* Puts one member behind the others: at the next multiple of its alignment. */
static bool place(extent *whole, extent member, size_t *offset) {
  size_t padding = (member.align - whole->size % member.align) % member.align;
  if (whole->size > LARGEST_OBJECT - padding || whole->size + padding > LARGEST_OBJECT - member.size) return false;
  *offset = whole->size + padding;
  whole->size = *offset + member.size;
  if (member.align > whole->align) whole->align = member.align;
  return true;
}

/* A struct ends on its own alignment, so that an array of it keeps every element aligned. */
static bool finish(extent *whole) {
  size_t offset;
  return place(whole, (extent){0, whole->align}, &offset);
}

static ark_status read_members(reader *in, char end, extent *whole, ark_layout *layout, ark_error *error);
static ark_status read_type(reader *in, extent *out, ark_error *error);

static ark_status read_array(reader *in, extent *out, ark_error *error) {
  size_t count = 0;
  in->at++;
  if (*in->at < '1' || *in->at > '9') return fail_text(in, "an array's length is missing", error);
  for (; *in->at >= '0' && *in->at <= '9'; in->at++) {
    if (count > LARGEST_OBJECT / 10 - 1) return fail_size(in, error);
    count = count * 10 + (size_t)(*in->at - '0');
  }
  ark_status status = read_type(in, out, error);
  if (status) return status;
  if (*in->at != ']') return fail_text(in, "']' is missing", error);
  in->at++;
  if (out->size && count > LARGEST_OBJECT / out->size) return fail_size(in, error);
  out->size *= count;
  return ARK_OK;
}

static ark_status read_type(reader *in, extent *out, ark_error *error) {
  char code = *in->at;
  if (code == '[' || code == '{') {
    if (in->depth == ARK_MAX_NESTING) return fail_text(in, "members nest too deep", error);
    in->depth++;
    ark_status status;
    if (code == '[') {
      status = read_array(in, out, error);
    } else {
      in->at++;
      *out = (extent){0, 1};
      status = read_members(in, '}', out, NULL, error);
    }
    in->depth--;
    return status;
  }
  const ark_type *type = ark_type_of_code(code);
  if (!type || !type->size) return fail_text(in, code ? "there is no type of a member" : "a type is missing", error);
  in->at++;
  *out = (extent){type->size, type->align};
  return ARK_OK;
}

/* Reads members up to `end` and past it; notes their offsets where a layout is given. */
static ark_status read_members(reader *in, char end, extent *whole, ark_layout *layout, ark_error *error) {
  while (*in->at && *in->at != end) {
    extent member;
    size_t offset;
    ark_status status = read_type(in, &member, error);
    if (status) return status;
    if (!place(whole, member, &offset)) return fail_size(in, error);
    if (layout) layout->offsets[layout->count++] = offset;
  }
  if (*in->at != end) return fail_text(in, "'}' is missing", error);
  if (end) in->at++;
  return finish(whole) ? ARK_OK : fail_size(in, error);
}

ark_status ark_layout_parse(const char *members, ark_layout **out, ark_error *error) {
  /* A member takes at least one character, so the text's length is room enough. */
  size_t room = strlen(members);
  if (room > (LARGEST_OBJECT - sizeof(ark_layout)) / sizeof(size_t)) return ark_fail_memory(error);
  ark_layout *layout = ark_alloc(1, sizeof *layout + room * sizeof(size_t));
  if (!layout) return ark_fail_memory(error);
  layout->offsets = (size_t *)(layout + 1);

  reader in = {.text = members, .at = members};
  extent whole = {0, 1};
  ark_status status = read_members(&in, '\0', &whole, layout, error);
  if (status) {
    ark_free(layout);
    return status;
  }
  layout->size = whole.size;
  layout->align = whole.align;
  *out = layout;
  return ARK_OK;
}
