# BUILD_SHARED_LIBS, on or off, installs this kind alone.

make_room(room one_kind)

function(install_kind on)
    configure_library("${room}/build" "-DBUILD_SHARED_LIBS=${on}")
    run("${CMAKE_COMMAND}" --build "${room}/build")
    run("${CMAKE_COMMAND}" --install "${room}/build" --prefix "${room}/${on}")
endfunction()

set(both
    lib/cmake/mapispool/mapispoolConfig.cmake
    lib/cmake/mapispool/mapispoolConfigVersion.cmake
    lib/pkgconfig/mapispool.pc
    share/doc/mapispool/LICENSE
    share/doc/mapispool/THIRD-PARTY-LICENSES
)

install_kind(ON)
expect_files("${room}/ON" include ${both} lib/libmapispool.so lib/libmapispool.so.${version} lib/${soname})
consume_with_cmake("${room}/on" mapispool::mapispool shared "-DCMAKE_PREFIX_PATH=${room}/ON")
consume_with_pkg_config("${room}" "${room}/ON/lib" shared)

# Here mapispool::mapispool is the static library, and pkg-config needs no --static.
install_kind(OFF)
expect_files("${room}/OFF" include ${both} lib/libmapispool.a)
consume_with_cmake("${room}/off" mapispool::mapispool static "-DCMAKE_PREFIX_PATH=${room}/OFF")
consume_with_pkg_config("${room}" "${room}/OFF/lib" static)
