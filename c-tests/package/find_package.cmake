# find_package, each library, from the moved prefix.

make_room(room find_package)
consume_with_cmake("${room}/shared" mapispool::mapispool shared "-DCMAKE_PREFIX_PATH=${moved}" -DMAPISPOOL_WANTED=0.1)
consume_with_cmake("${room}/static" mapispool::static static "-DCMAKE_PREFIX_PATH=${moved}")
