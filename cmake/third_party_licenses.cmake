# Writes the licences of the crates that are linked into the library, on whatever system.
#
#   cmake -DCARGO=cargo -DOUTPUT=THIRD-PARTY-LICENSES -P cmake/third_party_licenses.cmake

cmake_minimum_required(VERSION 3.22)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH source)

function(ask_cargo result)
    execute_process(
        COMMAND "${CARGO}" ${ARGN} --locked
        WORKING_DIRECTORY "${source}"
        OUTPUT_VARIABLE answer ERROR_QUIET
        COMMAND_ERROR_IS_FATAL ANY
    )
    set(${result} "${answer}" PARENT_SCOPE)
endfunction()

# What a crate offers, without our own licences' text once more: of "MIT OR Apache-2.0", MIT.
function(read_license result directory)
    foreach(name IN ITEMS LICENSE-MIT license-mit LICENSE)
        if(EXISTS "${directory}/${name}")
            file(READ "${directory}/${name}" text)
            string(REGEX REPLACE "\r" "" text "${text}")
            string(STRIP "${text}" text)
            set(${result} "${text}" PARENT_SCOPE)
            return()
        endif()
    endforeach()
    message(FATAL_ERROR "No licence was found in ${directory}")
endfunction()

ask_cargo(tree tree --edges normal,no-proc-macro --target all --prefix none --format "{p}: {l}")
ask_cargo(metadata metadata --format-version 1)
string(REGEX MATCHALL "[^\n]+" crates "${tree}")
list(REMOVE_DUPLICATES crates)
list(FILTER crates EXCLUDE REGEX "^mapispool ")
list(SORT crates)

set(rule "================================================================================")
set(notices "What is linked into mapispool beside its own code, and under which licence.

Rust's standard library: MIT OR Apache-2.0, Copyright (c) The Rust Project Contributors; parts of it are under
other terms, which the toolchain that built this library has in share/doc/rust. And the crates below; of those
that offer several licences the MIT licence is used.
")
foreach(crate IN LISTS crates)
    if(NOT crate MATCHES "^([^ ]+) v([^ :]+).*: (.+)$")
        message(FATAL_ERROR "cargo tree says ${crate}")
    endif()
    set(name "${CMAKE_MATCH_1}")
    set(version "${CMAKE_MATCH_2}")
    set(license "${CMAKE_MATCH_3}")
    string(REGEX REPLACE "([.+])" "\\\\\\1" pattern "${name}-${version}")
    if(NOT metadata MATCHES "\"manifest_path\":\"([^\"]*${pattern})[/\\\\]+Cargo\\.toml\"")
        message(FATAL_ERROR "cargo metadata has no ${name} ${version}")
    endif()
    read_license(text "${CMAKE_MATCH_1}")
    string(APPEND notices "\n${rule}\n${name} ${version}: ${license}\n${rule}\n\n${text}\n")
endforeach()
file(WRITE "${OUTPUT}" "${notices}")
