# add_subdirectory of the sources, each library. With BUILD_SHARED_LIBS off mapispool::mapispool is static too.

make_room(room add_subdirectory)
consume_with_cmake("${room}/shared" mapispool::mapispool shared "-DMAPISPOOL_SOURCE=${source}")
consume_with_cmake("${room}/static" mapispool::static static "-DMAPISPOOL_SOURCE=${source}")
consume_with_cmake("${room}/off" mapispool::mapispool static "-DMAPISPOOL_SOURCE=${source}" -DBUILD_SHARED_LIBS=OFF)

# The consumer is installed with what it needs, and nothing of it is among the consumer's own documents.
run("${CMAKE_COMMAND}" --install "${room}/shared/consumer" --prefix "${room}/prefix")
expect_program("${room}/prefix/bin/consumer" shared "${CMAKE_COMMAND}" -E env "LD_LIBRARY_PATH=${room}/prefix/lib")
foreach(file IN ITEMS lib/${soname} share/doc/mapispool/LICENSE)
    if(NOT EXISTS "${room}/prefix/${file}")
        message(SEND_ERROR "${file} is not installed with the consumer")
    endif()
endforeach()
