# Compiles layout.c, and the tests that call each method, with COMPILER and its mapispi.h, or else that in MAPI: in
# each form that the interfaces have. The methods' prototypes are compared where the tests' functions go into a table.

cmake_minimum_required(VERSION 3.22)

set(tests "${CMAKE_CURRENT_LIST_DIR}/..")
set(flags -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "${INCLUDE}" -I "${tests}/support")
if(NOT COMPILER MATCHES "mingw")
    list(APPEND flags -I "${MAPI}")
endif()

function(compile standard)
    string(REGEX REPLACE "[0-9].*" "" language "${standard}")
    execute_process(COMMAND "${COMPILER}" -x ${language} -std=${standard} ${flags} ${ARGN} RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        message(SEND_ERROR "not accepted as ${standard}: ${ARGN}")
    endif()
endfunction()

compile(c99 "${CMAKE_CURRENT_LIST_DIR}/layout.c")
compile(c99 -DMAPI_IF "${CMAKE_CURRENT_LIST_DIR}/layout.c")
compile(c++11 -DCINTERFACE "${CMAKE_CURRENT_LIST_DIR}/layout.c")
compile(c99 "${tests}/com_forwarding.c")
compile(c99 "${tests}/com_forwarding_mapi_if.c")
compile(c++11 "${tests}/com_forwarding_cpp.cpp")
compile(c++11 "${tests}/com_forwarding_cinterface.cpp")
