# Holds the built DLL against the HEADER, and against what Windows has: it is the DLL that counts, not its sources.

cmake_minimum_required(VERSION 3.22)

function(run result)
    execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
    set(${result} "${output}" PARENT_SCOPE)
endfunction()

file(READ "${HEADER}" header)
string(REGEX MATCHALL "MAPISPOOL_CALL [A-Z][A-Za-z]+\\(" declared "${header}")
list(TRANSFORM declared REPLACE "MAPISPOOL_CALL (.*)\\(" "\\1")
list(SORT declared)

run(about "${OBJDUMP}" --private-headers "${LIBRARY}")
string(REGEX REPLACE "[][]" " " about "${about}") # in lists brackets count
string(REGEX REPLACE ".*Ordinal/Name Pointer. Table" "" names "${about}")
string(REGEX MATCHALL "\n\t +[0-9]+ [^\n]*" exported "${names}")
list(TRANSFORM exported REPLACE ".* " "")
list(SORT exported)
if(NOT declared STREQUAL exported)
    message(SEND_ERROR "The header declares\n  ${declared}\nThe DLL exports\n  ${exported}")
endif()

string(REGEX MATCHALL "DLL Name: [^\n]+" wanted "${about}")
string(TOLOWER "${wanted}" wanted)
list(TRANSFORM wanted REPLACE "dll name: " "")
list(REMOVE_DUPLICATES wanted)
list(REMOVE_ITEM wanted kernel32.dll ntdll.dll advapi32.dll userenv.dll ws2_32.dll msvcrt.dll)
if(wanted)
    message(SEND_ERROR "The DLL wants more than each Windows since 7 has:\n  ${wanted}")
endif()

run(resources "${WINDRES}" "${LIBRARY}")
foreach(said IN ITEMS "\"FileVersion\", \"${VERSION}" "\"OriginalFilename\", \"mapispool.dll")
    string(FIND "${resources}" "${said}" at)
    if(at EQUAL -1)
        message(SEND_ERROR "The DLL's version resource has no ${said}:\n${resources}")
    endif()
endforeach()

# It promises to stay small: MAXIMUM bytes without its symbols, a little more than elsewhere.
run(ignored "${STRIP}" -o "${LIBRARY}.stripped" "${LIBRARY}")
file(SIZE "${LIBRARY}.stripped" size)
file(REMOVE "${LIBRARY}.stripped")
if(size GREATER MAXIMUM)
    message(SEND_ERROR "The DLL has ${size} bytes without its symbols, more than ${MAXIMUM}")
endif()

list(LENGTH exported count)
message(STATUS "${count} functions, ${size} bytes")
