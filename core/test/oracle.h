/* libffi as an oracle: it makes the calls that arkffi makes, and has no code in common with it. */
#ifndef ARKFFI_TEST_ORACLE_H
#define ARKFFI_TEST_ORACLE_H

#include "support.h"
#include <ffi.h>

/* libffi's description of a type, which lasts as long as the process unless it is a struct. A struct may have nested
 * structs and arrays, but no attributes, bit-fields or unions, which libffi does not know. The caller frees it with
 * oracle_type_free. */
ffi_type *oracle_type(const ark_type *type);
void oracle_type_free(ffi_type *type);

/* libffi's name for the calling convention of a signature. */
ffi_abi oracle_abi(const ark_signature *signature);

/* Calls a function that is not variadic. An integer result is widened to 64 bits; `result` has room for at least that.
 */
void oracle_call(const ark_signature *signature, ark_c_function function, const ark_value *args, void *result);

#endif
