# libffi is linked statically, so that the native module needs none on the machine that it runs on.
include_guard(GLOBAL)

# Debian's libffi.a may not be position-independent; its libffi_pic.a is, if there is one.
find_library(ARKFFI_LIBFFI NAMES libffi_pic.a libffi.a)
find_path(ARKFFI_LIBFFI_INCLUDE ffi.h)

if(NOT ARKFFI_LIBFFI OR NOT ARKFFI_LIBFFI_INCLUDE)
  message(FATAL_ERROR "arkffi links libffi statically and found no libffi.a with its header ffi.h; a shared libffi is "
                      "not enough. On Debian: apt-get install libffi-dev. Elsewhere, name your own: "
                      "-DARKFFI_LIBFFI=/path/libffi.a -DARKFFI_LIBFFI_INCLUDE=/path/include")
endif()

add_library(arkffi_libffi STATIC IMPORTED GLOBAL)
set_target_properties(arkffi_libffi PROPERTIES IMPORTED_LOCATION "${ARKFFI_LIBFFI}"
                                               INTERFACE_INCLUDE_DIRECTORIES "${ARKFFI_LIBFFI_INCLUDE}")
