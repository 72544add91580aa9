# THIRD-PARTY-LICENSES is checked in; these targets are for those who change Cargo.lock.
#
#   licenses              writes it anew
#   licenses_are_current  fails if that would change it

set(collect -P "${PROJECT_SOURCE_DIR}/cmake/third_party_licenses.cmake")

add_custom_target(licenses
    COMMAND "${CMAKE_COMMAND}" "-DCARGO=${CARGO_EXECUTABLE}" -DOUTPUT=THIRD-PARTY-LICENSES ${collect}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    COMMENT "Writing THIRD-PARTY-LICENSES"
    USES_TERMINAL
    VERBATIM
)

set(fresh "${PROJECT_BINARY_DIR}/fresh/THIRD-PARTY-LICENSES")
add_custom_target(licenses_are_current
    COMMAND "${CMAKE_COMMAND}" "-DCARGO=${CARGO_EXECUTABLE}" "-DOUTPUT=${fresh}" ${collect}
    COMMAND "${CMAKE_COMMAND}" -E compare_files "${fresh}" THIRD-PARTY-LICENSES
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    COMMENT "Comparing THIRD-PARTY-LICENSES with what it would be"
    USES_TERMINAL
    VERBATIM
)
