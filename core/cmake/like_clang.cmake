# GCC and Clang do not agree about some structs with packed members or bit-fields: where members lie, and how such a struct
# is passed by value. What counts is the compiler of the libraries that programs open, so the platform decides, and not the
# compiler of arkffi itself.
include_guard(GLOBAL)

set(systems_of_clang Android Darwin FreeBSD OHOS OpenBSD)
if(CMAKE_SYSTEM_NAME IN_LIST systems_of_clang OR OHOS)
  set(like_clang ON)
else()
  set(like_clang OFF)
endif()
option(ARKFFI_LIKE_CLANG "Lay structs out, and pass them, as Clang does, and not as GCC does" ${like_clang})
