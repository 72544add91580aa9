# Compiles uses.cpp with COMPILER in every standard, and with the MAPI headers before or after mapispool.hpp: they are
# mingw-w64's own, or those in MAPI, in Microsoft's spelling.

cmake_minimum_required(VERSION 3.22)

set(flags -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fsyntax-only -I "${INCLUDE}")
set(ours -include mapispool.hpp)
set(theirs -I "${MAPI}" -include mapispi.h)
if(COMPILER MATCHES "mingw")
    set(theirs -include windows.h -include mapidefs.h -include mapispi.h -include mapicode.h)
elseif(COMPILER MATCHES "clang")
    list(APPEND flags -Wdocumentation)
endif()

function(compile standard what)
    execute_process(
        COMMAND "${COMPILER}" -std=${standard} ${flags} ${ARGN} "${CMAKE_CURRENT_LIST_DIR}/uses.cpp"
        RESULT_VARIABLE result
    )
    if(NOT result EQUAL 0)
        message(SEND_ERROR "${what}: not accepted as ${standard}")
    endif()
endfunction()

foreach(standard IN ITEMS c++11 c++14 c++17 c++20)
    compile(${standard} "alone" ${ours})
endforeach()
compile(c++11 "twice, before the MAPI headers" ${ours} ${ours} ${theirs})
compile(c++11 "after the MAPI headers" ${theirs} ${ours})
