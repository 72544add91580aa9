# The .zip, unpacked where somebody likes, is a prefix like any other: programs are linked with each library in it,
# and run.

make_room(room zip)
run("${cpack}" --config "${build}/CPackConfig.cmake" -B "${room}")
file(GLOB archive "${room}/mapispool-${version}-windows-*.zip")
file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${room}/unpacked")
file(GLOB prefix "${room}/unpacked/*")

expect_files("${prefix}" include
    bin/mapispool.dll
    lib/cmake/mapispool/mapispoolConfig.cmake
    lib/cmake/mapispool/mapispoolConfigVersion.cmake
    lib/libmapispool.a
    lib/libmapispool.dll.a
    lib/mapispool.def
    lib/mapispool.lib
    lib/pkgconfig/mapispool.pc
    share/doc/mapispool/LICENSE
    share/doc/mapispool/THIRD-PARTY-LICENSES
)

# Only beside the DLL does a program run that needs it.
function(expect_windows_program program kind)
    get_filename_component(directory "${program}" DIRECTORY)
    run("${objdump}" --private-headers "${program}")
    set(loads static)
    if(output MATCHES "DLL Name: mapispool.dll")
        set(loads shared)
        file(COPY "${prefix}/bin/mapispool.dll" DESTINATION "${directory}")
    endif()
    if(NOT loads STREQUAL kind)
        message(SEND_ERROR "${program} is ${loads}, not ${kind}:\n${output}")
    endif()
    run(${emulator} "${program}")
endfunction()

function(consume kind library)
    run("${CMAKE_COMMAND}" -S "${source}/c-tests/package/consumer" -B "${room}/${kind}" ${same_tools}
        "-DCMAKE_PREFIX_PATH=${prefix}" "-DLIBRARY=${library}")
    run("${CMAKE_COMMAND}" --build "${room}/${kind}")
    expect_windows_program("${room}/${kind}/consumer.exe" ${kind})
endfunction()
consume(shared mapispool::mapispool)
consume(static mapispool::static)

# The import library for MSVC: this linker takes it too.
file(MAKE_DIRECTORY "${room}/msvc")
run("${compiler}" -static "-I${prefix}/include" "${source}/c-tests/package/consumer/main.c" "${prefix}/lib/mapispool.lib"
    -o "${room}/msvc/consumer.exe")
expect_windows_program("${room}/msvc/consumer.exe" shared)
