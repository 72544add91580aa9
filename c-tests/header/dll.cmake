# Holds the built DLL against the HEADER, and against what Windows has: it is the DLL that counts, not its sources.

cmake_minimum_required(VERSION 3.22)

include("${CMAKE_CURRENT_LIST_DIR}/exports.cmake")

run("${OBJDUMP}" --private-headers "${LIBRARY}")
string(REGEX REPLACE "[][]" " " about "${output}") # in lists brackets count
string(REGEX REPLACE ".*Ordinal/Name Pointer. Table" "" names "${about}")
string(REGEX MATCHALL "\n\t +[0-9]+ [^\n]*" exported "${names}")
list(TRANSFORM exported REPLACE ".* " "")
check_exports("${exported}")

string(REGEX MATCHALL "DLL Name: [^\n]+" wanted "${about}")
string(TOLOWER "${wanted}" wanted)
list(TRANSFORM wanted REPLACE "dll name: " "")
list(REMOVE_DUPLICATES wanted)
list(REMOVE_ITEM wanted kernel32.dll ntdll.dll advapi32.dll userenv.dll ws2_32.dll msvcrt.dll)
if(wanted)
    message(SEND_ERROR "The DLL wants more than each Windows since 7 has:\n  ${wanted}")
endif()

run("${WINDRES}" "${LIBRARY}")
foreach(said IN ITEMS "\"FileVersion\", \"${VERSION}" "\"OriginalFilename\", \"mapispool.dll")
    string(FIND "${output}" "${said}" at)
    if(at EQUAL -1)
        message(SEND_ERROR "The DLL's version resource has no ${said}:\n${output}")
    endif()
endforeach()

# A little larger than elsewhere.
check_size()
