/* Structs, unions and arrays written as text.
 *
 * A struct is its members in braces, "{i{dd}[3h]}"; "[3h]" is an array, "I:3" a bit-field of three bits. The letters of
 * scalars are those of def/types.def. Attributes of the whole struct come before its members, in this order:
 *
 *   {|id}     a union
 *   {%I:3h:2} bit-fields are placed as Microsoft's compilers do, as with __attribute__((ms_struct))
 *   {=I:3h:2} bit-fields are placed as GCC does elsewhere, as with __attribute__((gcc_struct))
 *   {!cd}     packed: no padding between members, as with __attribute__((packed))
 *   {!4:cd}   members are aligned to at most 4 bytes, as with #pragma pack(4); 1 to 16, a power of two
 *   {@16:dd}  aligned to at least 16 bytes, as with __attribute__((aligned(16))); a power of two
 *
 * An underscore before a bit-field, "_I:5", says that it has no name in C; a bit-field of width 0 never has one.
 * Attributes of a member come after it, in this order:
 *
 *   {cd!}     packed: aligned to a byte, and a bit-field to a bit, as with __attribute__((packed)) on the member
 *   {cd@16}   aligned to at least 16 bytes, as with __attribute__((aligned(16))) or _Alignas(16) on the member
 *   {cd!@2}   both: aligned to 2 bytes
 *
 * Thread rule: any thread.
 */
#ifndef ARKFFI_LAYOUT_H
#define ARKFFI_LAYOUT_H

#include "aggregate.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads one struct or union from text. On ARK_OK the caller has a reference in *out, which ark_type_release ends. Fails
 * with ARK_BAD_SIGNATURE (the message says where in the text), ARK_OUT_OF_RANGE (larger than ARK_MAX_OBJECT) or
 * ARK_NO_MEMORY. */
ark_status ark_layout_parse(const char *text, const ark_aggregate **out, ark_error *error);

#ifdef __cplusplus
}
#endif
#endif
