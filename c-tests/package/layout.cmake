# DESTDIR, CMAKE_INSTALL_LIBDIR, CMAKE_INSTALL_INCLUDEDIR and --strip do what they do elsewhere.

make_room(room layout)
configure_library("${room}/build" -DCMAKE_INSTALL_PREFIX=/opt/mapispool -DCMAKE_INSTALL_LIBDIR=lib64
    -DCMAKE_INSTALL_INCLUDEDIR=include/mapispool)
run("${CMAKE_COMMAND}" --build "${room}/build")
run("${CMAKE_COMMAND}" -E env "DESTDIR=${room}/stage" "${CMAKE_COMMAND}" --install "${room}/build" --strip)

set(prefix "${room}/stage/opt/mapispool")
expect_installation("${prefix}" lib64 include/mapispool)
consume_with_cmake("${room}" mapispool::mapispool shared "-Dmapispool_DIR=${prefix}/lib64/cmake/mapispool")
consume_with_pkg_config("${room}" "${prefix}/lib64" shared)
consume_with_pkg_config("${room}" "${prefix}/lib64" static --static)

run("${readelf}" --wide --section-headers "${prefix}/lib64/libmapispool.so")
if(output MATCHES "\\.(symtab|debug_[a-z]+) ")
    message(SEND_ERROR "Not stripped:\n${output}")
endif()
