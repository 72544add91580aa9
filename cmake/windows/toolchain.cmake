# Windows from Linux: mingw-w64 compiles, Wine runs. MAPISPOOL_WINDOWS_CPU is x86_64 or i686.

set(CMAKE_SYSTEM_NAME Windows)
set(MAPISPOOL_WINDOWS_CPU x86_64 CACHE STRING "For which processor: x86_64 or i686")
set(CMAKE_SYSTEM_PROCESSOR "${MAPISPOOL_WINDOWS_CPU}")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MAPISPOOL_WINDOWS_CPU)

# Debian has two of each compiler; std::thread needs the one with POSIX threads, which others have alone.
set(prefix "${MAPISPOOL_WINDOWS_CPU}-w64-mingw32")
find_program(MAPISPOOL_MINGW_CC NAMES "${prefix}-gcc-posix" "${prefix}-gcc" REQUIRED)
find_program(MAPISPOOL_MINGW_CXX NAMES "${prefix}-g++-posix" "${prefix}-g++" REQUIRED)
set(CMAKE_C_COMPILER "${MAPISPOOL_MINGW_CC}")
set(CMAKE_CXX_COMPILER "${MAPISPOOL_MINGW_CXX}")
set(CMAKE_RC_COMPILER "${prefix}-windres")

# Programs find the compiler's run-time libraries inside themselves.
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)

set(CMAKE_FIND_ROOT_PATH "/usr/${prefix}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

if(NOT CMAKE_HOST_WIN32)
    set(CMAKE_CROSSCOMPILING_EMULATOR "${CMAKE_CURRENT_LIST_DIR}/wine" "${CMAKE_BINARY_DIR}/wine")
endif()
