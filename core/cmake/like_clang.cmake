# GCC and Clang do not agree about some structs with packed members or bit-fields: where members lie, and how such a struct
# is passed by value. What counts is the compiler of the libraries that programs open, so the platform decides, and not the
# compiler of arkffi itself. On Windows that is Microsoft's compiler, which Clang imitates; MinGW's GCC differs from it in packed
# and aligned bit-fields, in unions with bit-fields, and in what `#pragma pack` limits.
include_guard(GLOBAL)

set(systems_of_clang Android Darwin FreeBSD OHOS OpenBSD Windows)
if(CMAKE_SYSTEM_NAME IN_LIST systems_of_clang OR OHOS)
  set(like_clang ON)
else()
  set(like_clang OFF)
endif()
option(ARKFFI_LIKE_CLANG "Lay structs out, and pass them, as Clang does, and not as GCC does" ${like_clang})
