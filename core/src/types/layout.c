#include "arkffi/layout.h"
#include "types/layout_reader.h"

ark_status ark_layout_parse(const char *text, const ark_aggregate **out, ark_error *error) {
  ark__reader in = {.what = "struct layout", .text = text, .at = text};
  const ark_type *type;
  ark_status status = ark__read_aggregate(&in, &type, error);
  if (status) return status;
  if (*in.at) {
    ark_type_release(type);
    return ark__fail_reading(&in, "the struct has ended", error);
  }
  *out = ark_aggregate_of(type);
  return ARK_OK;
}
