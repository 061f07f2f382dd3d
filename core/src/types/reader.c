#include "types/reader.h"

ark_status ark__fail_reading(const ark__reader *in, const char *problem, ark_error *error) {
  return ark_fail(error, ARK_BAD_SIGNATURE, "%s: %s at position %td of '%s'", in->what, problem, in->at - in->text + 1,
                  in->text);
}
