# The variables that the toolchain file of OpenHarmony's NDK sets, for the sandbox that sandbox.mjs lays out. CMakeLists.txt
# asks for OHOS alone, so that the NDK's own file, build/cmake/ohos.toolchain.cmake, can be used instead.
#   OHOS_ARCH          arm64-v8a or x86_64
#   ARKFFI_SANDBOX     the folder of the sandbox for that processor
set(OHOS TRUE)
set(CMAKE_SYSTEM_NAME Linux) # the NDK's CMake, which has a platform file of that name, says OHOS
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES OHOS_ARCH ARKFFI_SANDBOX)

set(ohos_processor_arm64-v8a aarch64)
set(ohos_processor_x86_64 x86_64)
set(CMAKE_SYSTEM_PROCESSOR "${ohos_processor_${OHOS_ARCH}}")

set(CMAKE_C_COMPILER clang-19)
set(CMAKE_C_COMPILER_TARGET "${CMAKE_SYSTEM_PROCESSOR}-linux-ohos")
set(CMAKE_SYSROOT "${ARKFFI_SANDBOX}/sysroot")
set(CMAKE_C_FLAGS_INIT "-D__MUSL__")

# The sandbox has neither start files nor clang's run-time library where clang looks for them.
# Thread-local variables are functions of that library, which the host's libgcc_s has too: no other may replace them.
set(ohos_linker "-fuse-ld=lld-19 -nostdlib -L${CMAKE_SYSROOT}/usr/lib -Wl,--exclude-libs,libclang_rt.builtins.a")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "${ohos_linker}")
set(CMAKE_MODULE_LINKER_FLAGS_INIT "${ohos_linker} -Wl,--fatal-warnings -s")
set(CMAKE_C_STANDARD_LIBRARIES "-lc ${CMAKE_SYSROOT}/usr/lib/libclang_rt.builtins.a")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE NEVER)
