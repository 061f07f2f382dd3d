# The protections that Linux distributions compile their packages with, as far as the compiler has them: arkffi_hardening.
# docs/platforms.md says what they cost.
include_guard(GLOBAL)
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)

option(ARKFFI_HARDENING "Compile with stack protector, checked functions of the C library and the like" ON)

add_library(arkffi_hardening INTERFACE)

# A flag that the compiler knows but ignores, with a warning, counts as not known.
function(arkffi_add_hardening variable flag)
  set(CMAKE_REQUIRED_FLAGS -Werror)
  check_c_compiler_flag("${flag}" ${variable})
  if(${variable})
    target_compile_options(arkffi_hardening INTERFACE "${flag}")
  endif()
endfunction()

if(ARKFFI_HARDENING)
  arkffi_add_hardening(ARKFFI_HAS_STACK_PROTECTOR -fstack-protector-strong)
  if(MINGW AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_link_libraries(arkffi_hardening INTERFACE ssp) # what it calls is in a library of GCC there
  elseif(WIN32)
    target_compile_definitions(arkffi_hardening INTERFACE ARKFFI_OWN_STACK_GUARD) # src/os/windows_stack_guard.c
  endif()
  # Compilers for Windows touch every page of a large frame anyway. GCC 12 ends with an error of its own when it has to do both.
  if(NOT WIN32)
    arkffi_add_hardening(ARKFFI_HAS_STACK_CLASH_PROTECTION -fstack-clash-protection)
  endif()
  # Indirect branches land on marked instructions only: CET on x86-64, BTI and signed return addresses on 64-bit ARM. Each
  # compiler knows the flag of its processor only. macOS has neither for code that is not Apple's own.
  if(NOT APPLE)
    arkffi_add_hardening(ARKFFI_HAS_CF_PROTECTION -fcf-protection=full)
    arkffi_add_hardening(ARKFFI_HAS_BRANCH_PROTECTION -mbranch-protection=standard)
  endif()

  # The sanitizers watch the C library's functions themselves, and do not know the checked ones. Without optimisation there
  # are no checked functions, and headers warn. Level 3 needs newer headers and compilers than level 2. On Windows, only GCC
  # brings these functions.
  if(NOT ARKFFI_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND (NOT WIN32 OR CMAKE_C_COMPILER_ID STREQUAL "GNU"))
    foreach(level 3 2)
      set(CMAKE_REQUIRED_FLAGS "-O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${level}")
      check_c_source_compiles("#include <string.h>\nint main(void) { return 0; }" ARKFFI_HAS_FORTIFY_${level})
      if(ARKFFI_HAS_FORTIFY_${level})
        target_compile_options(arkffi_hardening INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${level})
        break()
      endif()
    endforeach()
  endif()
endif()
