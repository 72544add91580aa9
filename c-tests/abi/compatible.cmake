# Differences between two descriptions, in abidiff's words; empty if there are none.

include("${CMAKE_CURRENT_LIST_DIR}/describe.cmake")

# All differences.
function(find_changes result old new)
    ask_abidiff(found --harmless "${old}" "${new}")
    set(${result} "${found}" PARENT_SCOPE)
endfunction()

# Those that matter to programs that were compiled for the old one: nothing that was added.
function(find_breakage result old new)
    ask_abidiff(found --no-added-syms "${old}" "${new}")
    # Without an insertion the suppression would match too.
    if(found AND NOT found MATCHES "data member (change|deletion)")
        ask_abidiff(found --no-added-syms "${old}" "${new}"
            --suppressions "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/growth.suppr")
    endif()
    set(${result} "${found}" PARENT_SCOPE)
endfunction()

function(ask_abidiff result)
    execute_process(
        COMMAND "${ABIDIFF}" ${ARGN}
        RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output
    )
    if(status EQUAL 0)
        set(output "")
    elseif(output STREQUAL "")
        message(FATAL_ERROR "abidiff failed: ${status}")
    endif()
    set(${result} "${output}" PARENT_SCOPE)
endfunction()
