# cargo-c installs a library of the same name that programs can use. Slow to get, so only tested where it is.

make_room(room cargo_c)
run("${CMAKE_COMMAND}" -E env "RUSTC=${rustc}" "${cargo_cinstall}" cinstall --release --locked
    --manifest-path "${source}/Cargo.toml" --target-dir "${work}/cargo-c" --prefix "${room}" --libdir lib)
expect_files("${room}" include
    lib/libmapispool.a
    lib/libmapispool.so
    lib/libmapispool.so.${version}
    lib/${soname}
    lib/pkgconfig/mapispool.pc
)
consume_with_pkg_config("${room}" "${room}/lib" shared)
