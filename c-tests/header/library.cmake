# Holds the built LIBRARY against the HEADER, and its dynamic section against what build.rs asks for: it is the
# library that counts, not the linker's options.

cmake_minimum_required(VERSION 3.22)

function(run result)
    execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
    set(${result} "${output}" PARENT_SCOPE)
endfunction()

file(READ "${HEADER}" header)
string(REGEX MATCHALL "MAPISPOOL_CALL [A-Z][A-Za-z]+\\(" declared "${header}")
list(TRANSFORM declared REPLACE "MAPISPOOL_CALL (.*)\\(" "\\1")
list(SORT declared)

run(symbols "${NM}" --dynamic --defined-only --format=just-symbols "${LIBRARY}")
string(REGEX MATCHALL "[^\n]+" exported "${symbols}")
list(SORT exported)

if(NOT declared STREQUAL exported)
    message(SEND_ERROR "The header declares\n  ${declared}\nThe library exports\n  ${exported}")
endif()

run(dynamic "${READELF}" --wide --dynamic --program-headers "${LIBRARY}")
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

# It promises to stay small: MAXIMUM bytes without its symbols.
run(ignored "${STRIP}" -o "${LIBRARY}.stripped" "${LIBRARY}")
file(SIZE "${LIBRARY}.stripped" size)
file(REMOVE "${LIBRARY}.stripped")
if(size GREATER MAXIMUM)
    message(SEND_ERROR "The library has ${size} bytes without its symbols, more than ${MAXIMUM}")
endif()

list(LENGTH exported count)
message(STATUS "${count} functions, ${size} bytes")
