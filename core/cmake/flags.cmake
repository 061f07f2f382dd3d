# How all C code of arkffi is compiled.
#   arkffi_flags    the language and the sanitizers: everything links to it
#   arkffi_strict   the warnings for the product: core, cdef and bridge link to it
# Left out are -Wcast-qual (dlsym and Node-API return pointers to constant data as plain ones) and -Wfloat-equal (a
# conversion must compare a double with its integer exactly).
include_guard(GLOBAL)

set(ARKFFI_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(arkffi_flags INTERFACE)
target_compile_options(arkffi_flags INTERFACE -Wall -Wextra -Werror)
if(ARKFFI_SANITIZE)
  # The first report ends the process, so that no test can miss it.
  target_compile_options(arkffi_flags INTERFACE -fsanitize=${ARKFFI_SANITIZE} -fno-sanitize-recover=all
                                                -fno-omit-frame-pointer)
  target_link_options(arkffi_flags INTERFACE -fsanitize=${ARKFFI_SANITIZE})
endif()

add_library(arkffi_strict INTERFACE)
target_link_libraries(arkffi_strict INTERFACE arkffi_flags)
target_compile_options(
  arkffi_strict INTERFACE -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
                          -Wconversion -Wundef -Wvla -Wpointer-arith -Wwrite-strings -Wformat=2)
