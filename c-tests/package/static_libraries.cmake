# What rustc says that this library's static form is to be linked with, is what the installed files say. cmake/
# asks rustc too, but about an empty library: it need not wait for this one, and this one needs no more.

run("${CMAKE_COMMAND}" -E env "RUSTC=${rustc}" "${cargo}" rustc --locked --lib --crate-type staticlib
    --manifest-path "${source}/Cargo.toml" --target-dir "${work}/cargo-static"
    -- --print native-static-libs)
if(NOT output MATCHES "native-static-libs: ([^\n]+)")
    message(FATAL_ERROR "rustc does not say what the static library needs:\n${output}")
endif()
separate_arguments(needed UNIX_COMMAND "${CMAKE_MATCH_1}")

file(STRINGS "${moved}/lib/pkgconfig/mapispool.pc" line REGEX "^Libs.private: ")
string(REGEX REPLACE "^Libs.private: " "" private "${line}")
separate_arguments(named UNIX_COMMAND "${private}")
# The compiler brings these.
list(APPEND named -lgcc_s -lc)

list(REMOVE_DUPLICATES needed)
list(SORT needed)
list(SORT named)
if(NOT needed STREQUAL named)
    message(SEND_ERROR "rustc says\n  ${needed}\nand the files that are installed\n  ${named}")
endif()
