# Before 1.0 another minor version is another interface: find_package takes none but its own.

string(REGEX MATCH "^([0-9]+)\\.([0-9]+)\\.([0-9]+)$" ignored "${version}")
math(EXPR next_minor "${CMAKE_MATCH_2} + 1")
math(EXPR last_minor "${CMAKE_MATCH_2} - 1")
math(EXPR next_patch "${CMAKE_MATCH_3} + 1")
set(refused 0.${next_minor} 0.${last_minor} 0.${CMAKE_MATCH_2}.${next_patch} 1.0)

make_room(room version)
foreach(wanted IN LISTS refused)
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -S "${source}/c-tests/package/consumer" -B "${room}" ${same_tools}
            -DLIBRARY=mapispool::mapispool "-DCMAKE_PREFIX_PATH=${moved}" "-DMAPISPOOL_WANTED=${wanted}"
        RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE said
    )
    if(status EQUAL 0 OR NOT said MATCHES "mapispoolConfig.cmake, version: ${version}")
        message(SEND_ERROR "find_package(mapispool ${wanted}) with ${version} there says\n${said}")
    endif()
endforeach()
