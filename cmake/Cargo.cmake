# Cargo and rustc: where they are, and what stands before and after every call.
#
#   MAPISPOOL_CARGO              the command, with its environment
#   MAPISPOOL_CARGO_OPTIONS      what each `cargo build` gets
#   MAPISPOOL_CARGO_OUTPUT       where the built files are; depends on the configuration
#
# Build trees that share MAPISPOOL_CARGO_DIR compile the Rust side once.

# Where rustup puts them, for when it did not get round to the PATH.
set(places "$ENV{HOME}/.cargo/bin" "$ENV{USERPROFILE}/.cargo/bin")
find_program(CARGO_EXECUTABLE cargo PATHS ${places} DOC "Rust's package manager")
find_program(RUSTC_EXECUTABLE rustc PATHS ${places} DOC "Rust's compiler")
if(NOT CARGO_EXECUTABLE OR NOT RUSTC_EXECUTABLE)
    message(FATAL_ERROR "mapispool is built with Rust: cargo and rustc were not found.")
endif()

set(MAPISPOOL_CARGO_DIR "${PROJECT_BINARY_DIR}/cargo" CACHE PATH "Where cargo keeps what it builds")

set(debug "$<CONFIG:Debug>")
# RelWithDebInfo is cargo's release profile too, with what a debugger wants.
set(debug_info "$<IF:$<CONFIG:RelWithDebInfo>,full,none>")
set(environment "RUSTC=${RUSTC_EXECUTABLE}" "CARGO_PROFILE_RELEASE_DEBUG=${debug_info}")
set(MAPISPOOL_CARGO_OPTIONS --locked --target-dir "${MAPISPOOL_CARGO_DIR}")
set(target "${MAPISPOOL_CARGO_TARGET}")

if(MAPISPOOL_VERSION_RESOURCE)
    list(APPEND environment "MAPISPOOL_VERSION_RESOURCE=${MAPISPOOL_VERSION_RESOURCE}")
endif()
if(MAPISPOOL_SANITIZE OR MAPISPOOL_BUILD_STD)
    # Both are unstable; this is how a stable compiler accepts them.
    list(APPEND environment "RUSTC_BOOTSTRAP=1")
endif()
if(MAPISPOOL_SANITIZE)
    list(APPEND environment "RUSTFLAGS=-Zsanitizer=${MAPISPOOL_SANITIZE}")
    if(NOT target)
        # Named, so that build scripts are not instrumented too.
        execute_process(COMMAND "${RUSTC_EXECUTABLE}" -vV OUTPUT_VARIABLE about)
        string(REGEX MATCH "host: ([^\n]+)" about "${about}")
        set(target "${CMAKE_MATCH_1}")
    endif()
endif()
# Without an instrumented standard library ThreadSanitizer reports races that are none.
if(MAPISPOOL_SANITIZE STREQUAL "thread" OR MAPISPOOL_BUILD_STD)
    list(APPEND MAPISPOOL_CARGO_OPTIONS -Zbuild-std=std,panic_unwind)
endif()
if(MAPISPOOL_BUILD_STD)
    # Not what prints backtraces: it is larger than the library.
    list(APPEND MAPISPOOL_CARGO_OPTIONS -Zbuild-std-features=panic-unwind)
endif()
if(MAPISPOOL_BUILD_STD AND target MATCHES "^i686-.*-windows-gnu$")
    include(windows/sysroot)
    list(APPEND environment "RUSTFLAGS=--sysroot=${MAPISPOOL_SYSROOT}")
endif()
if(target)
    list(APPEND MAPISPOOL_CARGO_OPTIONS --target "${target}")
endif()

list(APPEND MAPISPOOL_CARGO_OPTIONS --profile "$<IF:${debug},dev,release>")
cmake_path(APPEND MAPISPOOL_CARGO_DIR "${target}" OUTPUT_VARIABLE output)
set(MAPISPOOL_CARGO_OUTPUT "${output}/$<IF:${debug},debug,release>")
set(MAPISPOOL_CARGO "${CMAKE_COMMAND}" -E env ${environment} "${CARGO_EXECUTABLE}")

# What a program that links the static library also links: the system libraries of Rust's standard library.
function(mapispool_find_native_libraries result)
    if(WIN32 AND MAPISPOOL_BUILD_STD)
        # rustc tells it only of a standard library that is there already. These are its and our imports.
        set(${result} -lkernel32 -lntdll -ladvapi32 -luserenv -lws2_32 -ldbghelp PARENT_SCOPE)
        return()
    endif()
    set(command "${RUSTC_EXECUTABLE}" --crate-type staticlib --print native-static-libs)
    if(MAPISPOOL_CARGO_TARGET)
        list(APPEND command --target "${MAPISPOOL_CARGO_TARGET}")
    endif()
    file(WRITE "${PROJECT_BINARY_DIR}/native/empty.rs" "")
    execute_process(
        COMMAND ${command} empty.rs
        WORKING_DIRECTORY "${PROJECT_BINARY_DIR}/native"
        ERROR_VARIABLE notes OUTPUT_QUIET
    )
    if(NOT notes MATCHES "native-static-libs: ([^\n]*)")
        message(WARNING "rustc does not say what the static library needs:\n${notes}")
    endif()
    separate_arguments(libraries NATIVE_COMMAND "${CMAKE_MATCH_1}")
    list(REMOVE_DUPLICATES libraries)
    # The compiler links these by itself, in the form that fits: there is no libgcc_s for a program that is all
    # static.
    list(REMOVE_ITEM libraries -lgcc_s -lc)
    set(${result} "${libraries}" PARENT_SCOPE)
endfunction()
