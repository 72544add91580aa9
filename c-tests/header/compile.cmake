# Compiles uses.c with COMPILER as C and C++ in every standard, the header and the MAPI headers in this ORDER:
# alone, twice, before, after. The MAPI headers are mingw-w64's own, or those in MAPI, in Microsoft's spelling.

cmake_minimum_required(VERSION 3.22)

set(flags -Wall -Wextra -Wpedantic -Werror -fsyntax-only)
set(ours -include mapispool.h)
set(theirs -I "${MAPI}" -include mapispi.h)
if(COMPILER MATCHES "mingw")
    set(theirs -include windows.h -include mapidefs.h -include mapispi.h -include mapix.h -include mapicode.h)
elseif(COMPILER MATCHES "clang")
    list(APPEND flags -Wdocumentation)
endif()

set(alone ${ours})
set(twice ${ours} ${ours})
set(before ${ours} ${theirs})
set(after ${theirs} ${ours})

# The last three: in the other forms that MAPI's interfaces have.
foreach(way IN ITEMS c99 c11 c17 c2x c++11 c++14 c++17 c++20 c99:-DMAPI_IF c++11:-DCINTERFACE
        "c++11:-DMAPI_IF;-DCINTERFACE")
    string(REGEX MATCH "([^0-9]+)[^:]+" standard "${way}")
    set(language "${CMAKE_MATCH_1}")
    set(form "")
    if(way MATCHES ":(.*)")
        set(form "${CMAKE_MATCH_1}")
    endif()
    execute_process(
        COMMAND "${COMPILER}" -x ${language} -std=${standard} ${form} ${flags} -I "${INCLUDE}" ${${ORDER}}
            "${CMAKE_CURRENT_LIST_DIR}/uses.c"
        RESULT_VARIABLE result
    )
    if(NOT result EQUAL 0)
        message(SEND_ERROR "${ORDER}: not accepted as ${way}")
    endif()
endforeach()
