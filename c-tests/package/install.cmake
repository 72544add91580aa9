# `cmake --install`, and then the prefix is moved: where the other tests find it.

file(REMOVE_RECURSE "${moved}")
make_room(first first)
run("${CMAKE_COMMAND}" --install "${build}" --prefix "${first}")
file(RENAME "${first}" "${moved}")

expect_installation("${moved}" lib include)

file(GLOB_RECURSE texts "${moved}/*.cmake" "${moved}/*.pc" "${moved}/*.h" "${moved}/*.hpp")
foreach(text IN LISTS texts)
    file(STRINGS "${text}" lines)
    foreach(place IN ITEMS "${first}" "${build}" "${source}")
        string(FIND "${lines}" "${place}" at)
        if(NOT at EQUAL -1)
            message(SEND_ERROR "${text} names ${place}, which is elsewhere for its users")
        endif()
    endforeach()
endforeach()
