# What the tests of this directory share. Each is a script, and fails where a command does or a message says so.

include("${CMAKE_CURRENT_LIST_DIR}/../support/run.cmake")

# An empty directory of this name.
function(make_room result name)
    file(REMOVE_RECURSE "${work}/${name}")
    file(MAKE_DIRECTORY "${work}/${name}")
    set(${result} "${work}/${name}" PARENT_SCOPE)
endfunction()

# Configures the library once more, with other options.
function(configure_library directory)
    run("${CMAKE_COMMAND}" -S "${source}" -B "${directory}" ${same_tools}
        -DMAPISPOOL_BUILD_TESTS=OFF -DMAPISPOOL_BUILD_EXAMPLES=OFF -DMAPISPOOL_BUILD_BENCHES=OFF ${ARGN})
endfunction()

# There are these files below `prefix`, and no others. ARGN has all but the headers.
function(expect_files prefix includedir)
    file(GLOB_RECURSE found LIST_DIRECTORIES OFF RELATIVE "${prefix}" "${prefix}/*")
    file(GLOB wanted RELATIVE "${source}/include" "${source}/include/*")
    list(TRANSFORM wanted PREPEND "${includedir}/")
    list(APPEND wanted ${ARGN})
    list(SORT found)
    list(SORT wanted)
    if(NOT found STREQUAL wanted)
        message(SEND_ERROR "There is\n  ${found}\nand should be\n  ${wanted}")
    endif()
endfunction()

# There is all that an installation has, and nothing else.
function(expect_installation prefix libdir includedir)
    expect_files("${prefix}" ${includedir}
        ${libdir}/cmake/mapispool/mapispoolConfig.cmake
        ${libdir}/cmake/mapispool/mapispoolConfigVersion.cmake
        ${libdir}/libmapispool.a
        ${libdir}/libmapispool.so
        ${libdir}/libmapispool.so.${version}
        ${libdir}/${soname}
        ${libdir}/pkgconfig/mapispool.pc
        share/doc/mapispool/LICENSE
        share/doc/mapispool/THIRD-PARTY-LICENSES
    )
endfunction()

# The program runs, and loads the library as it should.
function(expect_program program kind)
    run(${ARGN} "${program}")
    run("${readelf}" --wide --dynamic "${program}")
    set(loads static)
    if(output MATCHES "NEEDED.*\\[${soname}\\]")
        set(loads shared)
    endif()
    if(NOT loads STREQUAL kind)
        message(SEND_ERROR "${program} is ${loads}, not ${kind}:\n${output}")
    endif()
endfunction()

# Builds the consumer in `room` with CMake, and runs it.
function(consume_with_cmake room library kind)
    run("${CMAKE_COMMAND}" -S "${source}/c-tests/package/consumer" -B "${room}/consumer" ${same_tools}
        "-DLIBRARY=${library}" ${ARGN})
    run("${CMAKE_COMMAND}" --build "${room}/consumer")
    expect_program("${room}/consumer/consumer" ${kind})
endfunction()

# Builds it with a compiler and what pkg-config says, given --static or nothing, and runs it.
function(consume_with_pkg_config room libdir kind)
    set(ENV{PKG_CONFIG_PATH} "${libdir}/pkgconfig")
    run("${pkg_config}" --exact-version=${version} mapispool)
    run("${pkg_config}" ${ARGN} --cflags --libs mapispool)
    separate_arguments(options UNIX_COMMAND "${output}")
    set(link "")
    if("--static" IN_LIST ARGN)
        set(link -static)
    endif()
    run("${compiler}" ${link} "${source}/c-tests/package/consumer/main.c" -o "${room}/program" ${options})
    expect_program("${room}/program" ${kind} "${CMAKE_COMMAND}" -E env "LD_LIBRARY_PATH=${libdir}")
endfunction()
