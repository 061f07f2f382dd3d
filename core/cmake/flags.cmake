# How all C code of arkffi is compiled.
#   arkffi_flags    the language and the sanitizers: everything links to it
#   arkffi_strict   the warnings and the hardening for the product: core, cdef and bridge link to it
# Left out are -Wcast-qual (dlsym and Node-API return pointers to constant data as plain ones) and -Wfloat-equal (a
# conversion must compare a double with its integer exactly).
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/hardening.cmake")

# A compiler newer than those of `make test-compilers` may have new warnings, which must not prevent a build.
option(ARKFFI_WERROR "Treat warnings as errors" OFF)

set(ARKFFI_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(arkffi_flags INTERFACE)
target_compile_options(arkffi_flags INTERFACE -Wall -Wextra)
if(MINGW)
  # Its own functions print as C11 says; Microsoft's older library does not know %zu, and leaves a cut text without its NUL.
  target_compile_definitions(arkffi_flags INTERFACE __USE_MINGW_ANSI_STDIO=1)
endif()
if(ARKFFI_WERROR)
  target_compile_options(arkffi_flags INTERFACE -Werror)
endif()
if(ARKFFI_SANITIZE)
  # The first report ends the process, so that no test can miss it.
  target_compile_options(arkffi_flags INTERFACE -fsanitize=${ARKFFI_SANITIZE} -fno-sanitize-recover=all
                                                -fno-omit-frame-pointer)
  target_link_options(arkffi_flags INTERFACE -fsanitize=${ARKFFI_SANITIZE})
endif()

add_library(arkffi_strict INTERFACE)
target_link_libraries(arkffi_strict INTERFACE arkffi_flags arkffi_hardening)
target_compile_options(
  arkffi_strict INTERFACE -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
                          -Wconversion -Wundef -Wvla -Wpointer-arith -Wwrite-strings -Wformat=2)
