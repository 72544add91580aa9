# include/mapispool.h is checked in; these targets are for those who change what it is made from.
#
#   header             writes it anew
#   header_is_current  fails if that would change it

set(generate check --locked --features generate-header --target-dir "${MAPISPOOL_CARGO_DIR}")

add_custom_target(header
    COMMAND ${MAPISPOOL_CARGO} ${generate}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    COMMENT "Writing include/mapispool.h"
    USES_TERMINAL
    VERBATIM
)

set(fresh "${PROJECT_BINARY_DIR}/fresh/mapispool.h")
file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/fresh")
add_custom_target(header_is_current
    COMMAND "${CMAKE_COMMAND}" -E env "MAPISPOOL_HEADER=${fresh}" ${MAPISPOOL_CARGO} ${generate}
    COMMAND "${CMAKE_COMMAND}" -E compare_files "${fresh}" include/mapispool.h
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    COMMENT "Comparing include/mapispool.h with what it would be"
    USES_TERMINAL
    VERBATIM
)
