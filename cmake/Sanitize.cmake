# With MAPISPOOL_SANITIZE the library is instrumented, and so must be whatever links it: mapispool_sanitizer
# is what both library targets bring along.
#
# cmake/Cargo.cmake has the Rust side.

add_library(mapispool_sanitizer INTERFACE)

if(MAPISPOOL_SANITIZE STREQUAL "address")
    set(flags -fsanitize=address -fno-omit-frame-pointer -g)
elseif(MAPISPOOL_SANITIZE STREQUAL "thread")
    # The runtimes of gcc 12 and clang 14 lack three functions that instrumented Rust calls.
    target_sources(mapispool_sanitizer INTERFACE "${PROJECT_SOURCE_DIR}/c-tests/support/tsan_mem.c")
    set(flags -fsanitize=thread -fno-omit-frame-pointer -fno-builtin -rdynamic -g)
elseif(MAPISPOOL_SANITIZE)
    message(FATAL_ERROR "MAPISPOOL_SANITIZE is address, thread or nothing")
endif()
target_compile_options(mapispool_sanitizer INTERFACE ${flags})
target_link_options(mapispool_sanitizer INTERFACE ${flags})
