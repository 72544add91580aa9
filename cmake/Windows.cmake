# What a DLL has that other libraries do not: a version resource, a list of its exports, and an import library for
# each family of linkers. Before Cargo.cmake, which passes the resource on to cargo.

if(NOT WIN32)
    return()
endif()
enable_language(RC)

configure_file(cmake/windows/version.rc.in version.rc @ONLY)
add_library(mapispool_version OBJECT "${PROJECT_BINARY_DIR}/version.rc")
set(MAPISPOOL_VERSION_RESOURCE "$<TARGET_OBJECTS:mapispool_version>")

# The header says what is exported: c-tests/header holds the DLL against it.
file(READ include/mapispool.h text)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS include/mapispool.h)
string(REGEX MATCHALL "MAPISPOOL_API [A-Za-z]+ MAPISPOOL_CALL [A-Za-z]+" exports "${text}")
list(TRANSFORM exports REPLACE ".* " "    ")
list(JOIN exports "\n" exports)
file(CONFIGURE OUTPUT mapispool.def @ONLY CONTENT "LIBRARY mapispool.dll
EXPORTS
@exports@
")

# cargo makes the import library of its own linkers; this is the other one.
set(MAPISPOOL_MSVC_IMPORT "")
if(MINGW)
    set(MAPISPOOL_MSVC_IMPORT "${PROJECT_BINARY_DIR}/lib/mapispool.lib")
    file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
    add_custom_command(OUTPUT "${MAPISPOOL_MSVC_IMPORT}"
        COMMAND "${CMAKE_DLLTOOL}" --input-def "${PROJECT_BINARY_DIR}/mapispool.def"
            --output-lib "${MAPISPOOL_MSVC_IMPORT}"
        DEPENDS "${PROJECT_BINARY_DIR}/mapispool.def"
        VERBATIM
    )
    add_custom_target(mapispool_msvc_import ALL DEPENDS "${MAPISPOOL_MSVC_IMPORT}")
endif()
