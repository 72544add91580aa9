# find_package, each library, from the moved prefix; of the version that README asks for.

file(READ "${source}/README.md" readme)
if(NOT readme MATCHES "find_package\\(mapispool ([0-9.]+) REQUIRED\\)")
    message(FATAL_ERROR "README does not say how the library is found")
endif()
set(found_in "-DCMAKE_PREFIX_PATH=${moved}" "-DMAPISPOOL_WANTED=${CMAKE_MATCH_1}")

make_room(room find_package)
consume_with_cmake("${room}/shared" mapispool::mapispool shared ${found_in})
consume_with_cmake("${room}/static" mapispool::static static ${found_in})
