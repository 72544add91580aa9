# pkg-config, each library, from the moved prefix.

make_room(room pkg_config)
consume_with_pkg_config("${room}" "${moved}/lib" shared)
consume_with_pkg_config("${room}" "${moved}/lib" static --static)
