# The Debian packages install on a system that has what this one has, and a consumer is built against them there.

make_room(room deb)
configure_library("${room}/build" -DCMAKE_INSTALL_PREFIX=/usr)
run("${CMAKE_COMMAND}" --build "${room}/build")
run("${cpack}" --config "${room}/build/CPackConfig.cmake" -G DEB -B "${room}")

string(REGEX REPLACE "\\.so\\." "" runtime "${soname}")
string(REGEX REPLACE "^libmapispool" "" series "${runtime}")
file(GLOB runtime_deb "${room}/${runtime}_${version}_*.deb")
file(GLOB development_deb "${room}/libmapispool-dev_${version}_*.deb")

function(expect_output wanted)
    run(${ARGN})
    string(STRIP "${output}" output)
    if(NOT output STREQUAL wanted)
        list(JOIN ARGN " " command)
        message(SEND_ERROR "${command} says\n  ${output}\nand should say\n  ${wanted}")
    endif()
endfunction()

# What packages of programs will depend on, and what the two do.
expect_output("libmapispool ${series} ${runtime} (>= ${version})" dpkg-deb --info "${runtime_deb}" shlibs)
expect_output("${runtime} (= ${version}), libc6-dev" dpkg-deb --field "${development_deb}" Depends)
run(dpkg-deb --field "${runtime_deb}" Depends)
if(NOT output MATCHES "libc6 \\(>= [0-9.]+\\)")
    message(SEND_ERROR "The runtime package depends on: ${output}")
endif()

# cpack's scripts run ldconfig, where Debian would have dpkg do it.
if(lintian)
    run("${lintian}" --allow-root --fail-on error,warning --suppress-tags
        lacks-ldconfig-trigger,maintscript-calls-ldconfig "${runtime_deb}" "${development_deb}")
endif()

# Only root, or somebody who is told so, may install.
set(dpkg dpkg)
if(NOT user EQUAL 0)
    set(dpkg "${fakeroot}" dpkg)
endif()
set(root "${room}/root")
file(MAKE_DIRECTORY "${root}/var/lib/dpkg/info" "${root}/var/lib/dpkg/updates")
file(COPY /var/lib/dpkg/status DESTINATION "${root}/var/lib/dpkg")
# The packages' scripts run outside of it; this system's own cache of libraries is none of their business.
file(WRITE "${room}/bin/ldconfig" "#!/bin/sh\necho \"$@\" > '${room}/ldconfig-ran'\n")
file(CHMOD "${room}/bin/ldconfig" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
set(ENV{PATH} "${room}/bin:$ENV{PATH}")
run(${dpkg} "--root=${root}" "--log=${room}/dpkg.log" --force-not-root --force-script-chrootless
    --install "${runtime_deb}" "${development_deb}")
if(NOT EXISTS "${room}/ldconfig-ran")
    message(SEND_ERROR "ldconfig has not been told of the library")
endif()
foreach(package IN ITEMS ${runtime} libmapispool-dev)
    expect_output("${version} install ok installed" dpkg-query "--admindir=${root}/var/lib/dpkg" --show
        "--showformat=\${Version} \${Status}" ${package})
endforeach()

consume_with_cmake("${room}/shared" mapispool::mapispool shared "-DCMAKE_PREFIX_PATH=${root}/usr")
consume_with_cmake("${room}/static" mapispool::static static "-DCMAKE_PREFIX_PATH=${root}/usr")
run(dpkg-architecture --query DEB_HOST_MULTIARCH)
string(STRIP "${output}" multiarch)
consume_with_pkg_config("${room}" "${root}/usr/lib/${multiarch}" shared)
consume_with_pkg_config("${room}" "${root}/usr/lib/${multiarch}" static --static)
