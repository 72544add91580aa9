# add_subdirectory of the sources, each library. With BUILD_SHARED_LIBS off mapispool::mapispool is static too.

make_room(room add_subdirectory)
consume_with_cmake("${room}/shared" mapispool::mapispool shared "-DMAPISPOOL_SOURCE=${source}")
consume_with_cmake("${room}/static" mapispool::static static "-DMAPISPOOL_SOURCE=${source}")
consume_with_cmake("${room}/off" mapispool::mapispool static "-DMAPISPOOL_SOURCE=${source}" -DBUILD_SHARED_LIBS=OFF)
