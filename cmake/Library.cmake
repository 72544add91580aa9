# The targets mapispool::mapispool (the shared library) and mapispool::static.
#
# Cargo builds both in any case. Where BUILD_SHARED_LIBS is set, only that one is installed; where it is off,
# mapispool::mapispool is the static one too.
#
# Cargo's files are copied to lib/ under the names that programs load them by, so that programs run from the
# build tree.

set(lib "${PROJECT_BINARY_DIR}/lib")
set(links "")
if(WIN32)
    set(shared "mapispool.dll")
    set(import "${CMAKE_IMPORT_LIBRARY_PREFIX}mapispool${CMAKE_IMPORT_LIBRARY_SUFFIX}")
    set(static "${CMAKE_STATIC_LIBRARY_PREFIX}mapispool${CMAKE_STATIC_LIBRARY_SUFFIX}")
    set(built "${shared}" "${static}" "$<IF:$<BOOL:${MSVC}>,mapispool.dll.lib,${import}>")
    set(staged "${shared}" "${static}" "${import}")
elseif(APPLE)
    set(shared "libmapispool.dylib")
    set(static "libmapispool.a")
    set(built "${shared}" "${static}")
    set(staged "${built}")
else()
    # Before 1.0 each minor version may break its users; build.rs has the same rule.
    if(PROJECT_VERSION_MAJOR EQUAL 0)
        set(soname "libmapispool.so.0.${PROJECT_VERSION_MINOR}")
    else()
        set(soname "libmapispool.so.${PROJECT_VERSION_MAJOR}")
    endif()
    set(shared "libmapispool.so.${PROJECT_VERSION}")
    set(static "libmapispool.a")
    set(built "libmapispool.so" "${static}")
    set(staged "${shared}" "${static}")
    set(links "${soname}" "libmapispool.so")
endif()

set(stage "")
foreach(from to IN ZIP_LISTS built staged)
    list(APPEND stage COMMAND "${CMAKE_COMMAND}" -E copy_if_different
        "${MAPISPOOL_CARGO_OUTPUT}/${from}" "${lib}/${to}")
endforeach()
foreach(link IN LISTS links)
    list(APPEND stage COMMAND "${CMAKE_COMMAND}" -E create_symlink "${shared}" "${lib}/${link}")
endforeach()
list(TRANSFORM staged PREPEND "${lib}/" OUTPUT_VARIABLE byproducts)
list(TRANSFORM links PREPEND "${lib}/" OUTPUT_VARIABLE link_paths)

file(MAKE_DIRECTORY "${lib}")
add_custom_target(mapispool_cargo ALL
    COMMAND ${MAPISPOOL_CARGO} build --lib ${MAPISPOOL_CARGO_OPTIONS}
    ${stage}
    BYPRODUCTS ${byproducts} ${link_paths}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    COMMENT "Building the library"
    USES_TERMINAL
    VERBATIM
)

if(TARGET mapispool_version)
    add_dependencies(mapispool_cargo mapispool_version)
endif()

set(with_shared ON)
set(with_static ON)
if(DEFINED BUILD_SHARED_LIBS AND BUILD_SHARED_LIBS)
    set(with_static OFF)
elseif(DEFINED BUILD_SHARED_LIBS)
    set(with_shared OFF)
endif()

mapispool_find_native_libraries(native_libraries)
add_library(mapispool::static STATIC IMPORTED GLOBAL)
set_target_properties(mapispool::static PROPERTIES IMPORTED_LOCATION "${lib}/${static}")
target_compile_definitions(mapispool::static INTERFACE MAPISPOOL_STATIC)
target_link_libraries(mapispool::static INTERFACE ${native_libraries})
set(libraries mapispool::static)

if(with_shared)
    add_library(mapispool::mapispool SHARED IMPORTED GLOBAL)
    set_target_properties(mapispool::mapispool PROPERTIES IMPORTED_LOCATION "${lib}/${shared}")
    if(WIN32)
        set_target_properties(mapispool::mapispool PROPERTIES IMPORTED_IMPLIB "${lib}/${import}")
    elseif(soname)
        set_target_properties(mapispool::mapispool PROPERTIES IMPORTED_SONAME "${soname}")
    endif()
    list(APPEND libraries mapispool::mapispool)
else()
    add_library(mapispool::mapispool ALIAS mapispool::static)
endif()

foreach(library IN LISTS libraries)
    add_dependencies(${library} mapispool_cargo)
    target_include_directories(${library} INTERFACE "${PROJECT_SOURCE_DIR}/include")
    target_link_libraries(${library} INTERFACE mapispool_sanitizer)
endforeach()
