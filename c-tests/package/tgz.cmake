# The .tar.gz, unpacked where somebody likes, is a prefix like any other.

make_room(room tgz)
run("${cpack}" --config "${build}/CPackConfig.cmake" -G TGZ -B "${room}")
file(GLOB archive "${room}/mapispool-${version}-linux-*.tar.gz")
file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${room}/unpacked")
file(GLOB prefix "${room}/unpacked/*")

expect_installation("${prefix}" lib include)
consume_with_cmake("${room}/shared" mapispool::mapispool shared "-DCMAKE_PREFIX_PATH=${prefix}")
consume_with_cmake("${room}/static" mapispool::static static "-DCMAKE_PREFIX_PATH=${prefix}")
