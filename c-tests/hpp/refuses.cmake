# Compiles refused.cpp with COMPILER: it complains of each line that says "refused", and of no other.

cmake_minimum_required(VERSION 3.22)

set(source "${CMAKE_CURRENT_LIST_DIR}/refused.cpp")
file(STRINGS "${source}" lines)
set(unlimited -fmax-errors=0)
if(COMPILER MATCHES "clang")
    set(unlimited -ferror-limit=0)
endif()

foreach(standard IN ITEMS c++11 c++17)
    execute_process(
        COMMAND "${COMPILER}" -std=${standard} -Wall -Wextra -Wpedantic ${unlimited} -fsyntax-only -I "${INCLUDE}"
            "${source}"
        ERROR_VARIABLE said
    )
    set(number 0)
    foreach(line IN LISTS lines)
        math(EXPR number "${number} + 1")
        string(FIND "${line}" "// refused" marked)
        string(REGEX MATCH "refused\\.cpp:${number}:[0-9]+: (error|warning)" complained "${said}")
        if(marked GREATER -1 AND NOT complained)
            message(SEND_ERROR "${standard}: accepted: ${line}")
        elseif(marked EQUAL -1 AND complained)
            message(SEND_ERROR "${standard}: refused: ${line}\n${said}")
        endif()
    endforeach()
endforeach()
