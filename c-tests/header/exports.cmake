# Holds what a library exports against what the HEADER declares.

include("${CMAKE_CURRENT_LIST_DIR}/../support/run.cmake")

# `exported` is a list of names.
function(check_exports exported)
    file(READ "${HEADER}" header)
    string(REGEX MATCHALL "MAPISPOOL_CALL [A-Z][A-Za-z]+\\(" declared "${header}")
    list(TRANSFORM declared REPLACE "MAPISPOOL_CALL (.*)\\(" "\\1")
    list(SORT declared)
    list(SORT exported)
    if(NOT declared STREQUAL exported)
        message(SEND_ERROR "The header declares\n  ${declared}\nThe library exports\n  ${exported}")
    endif()
endfunction()

# It promises to stay small: MAXIMUM bytes without its symbols.
function(check_size)
    run("${STRIP}" -o "${LIBRARY}.stripped" "${LIBRARY}")
    file(SIZE "${LIBRARY}.stripped" size)
    file(REMOVE "${LIBRARY}.stripped")
    if(size GREATER MAXIMUM)
        message(SEND_ERROR "The library has ${size} bytes without its symbols, more than ${MAXIMUM}")
    endif()
    message(STATUS "${size} bytes without its symbols")
endfunction()
