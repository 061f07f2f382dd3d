# libffi makes calls and closures on processors that arkffi does not know. It is linked statically, so that the native
# module needs none on the machine that it runs on. The core's tests compare arkffi with it on every processor.
include_guard(GLOBAL)
include(CheckCSourceCompiles)

if(ARKFFI_UNKNOWN_CPU)
  set(ARKFFI_NEEDS_LIBFFI ON)
else()
  # Only the core's header knows; a header that refuses the processor is left to refuse it when arkffi is compiled.
  set(CMAKE_REQUIRED_INCLUDES "${CMAKE_CURRENT_LIST_DIR}/../src")
  set(CMAKE_REQUIRED_QUIET ON)
  check_c_source_compiles("#include \"cpu/convention.h\"\n#if !ARK__NEEDS_LIBFFI\n#error\n#endif\nint main(void) { return 0; }"
                          ARKFFI_NEEDS_LIBFFI)
  unset(CMAKE_REQUIRED_INCLUDES)
  unset(CMAKE_REQUIRED_QUIET)
endif()

if(ARKFFI_NEEDS_LIBFFI OR ARKFFI_TESTS)
  # Debian's libffi.a may not be position-independent; its libffi_pic.a is, if there is one.
  find_library(ARKFFI_LIBFFI NAMES libffi_pic.a libffi.a)
  find_path(ARKFFI_LIBFFI_INCLUDE ffi.h)

  if(NOT ARKFFI_LIBFFI OR NOT ARKFFI_LIBFFI_INCLUDE)
    message(FATAL_ERROR "arkffi links libffi statically on this processor, and for its tests, and found no libffi.a with "
                        "its header ffi.h; a shared libffi is not enough. On Debian: apt-get install libffi-dev. "
                        "Elsewhere, name your own: "
                        "-DARKFFI_LIBFFI=/path/libffi.a -DARKFFI_LIBFFI_INCLUDE=/path/include")
  endif()

  add_library(arkffi_libffi STATIC IMPORTED GLOBAL)
  set_target_properties(arkffi_libffi PROPERTIES IMPORTED_LOCATION "${ARKFFI_LIBFFI}"
                                                 INTERFACE_INCLUDE_DIRECTORIES "${ARKFFI_LIBFFI_INCLUDE}")
endif()
