# Holds the built LIBRARY against the HEADER, and its dynamic section against what build.rs asks for: it is the
# library that counts, not the linker's options.

cmake_minimum_required(VERSION 3.22)

include("${CMAKE_CURRENT_LIST_DIR}/exports.cmake")

run("${NM}" --dynamic --defined-only --format=just-symbols "${LIBRARY}")
string(REGEX MATCHALL "[^\n]+" exported "${output}")
check_exports("${exported}")

run("${READELF}" --wide --dynamic --program-headers "${LIBRARY}")
set(dynamic "${output}")
# Its name; that it stays once it is loaded; that nothing can be written over once it is (full RELRO).
foreach(wanted IN ITEMS
        "soname: \\[${SONAME}\\]" "FLAGS_1[^\n]*NODELETE" "FLAGS_1[^\n]*NOW" "GNU_RELRO" "GNU_STACK[^\n]* RW ")
    if(NOT dynamic MATCHES "${wanted}")
        message(SEND_ERROR "The library has no ${wanted}:\n${dynamic}")
    endif()
endforeach()
# Code that is written at load time, or data that can run; a place of the machine that built it.
foreach(unwanted IN ITEMS "TEXTREL" " RWE " "RPATH" "RUNPATH")
    if(dynamic MATCHES "${unwanted}")
        message(SEND_ERROR "The library has ${unwanted}:\n${dynamic}")
    endif()
endforeach()
# Nothing that a bare system does not have.
string(REGEX REPLACE "[][]" " " words "${dynamic}") # in lists brackets count
string(REGEX MATCHALL "NEEDED[^\n]*library: +[^ ]+" needed "${words}")
list(FILTER needed EXCLUDE REGEX " (libc|libm|libdl|libpthread|librt|libgcc_s|ld-linux[a-z0-9_-]*)\\.so\\.[0-9]+$")
if(needed)
    message(SEND_ERROR "The library wants more than the C library:\n${dynamic}")
endif()

check_size()
