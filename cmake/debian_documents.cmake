# cpack runs this before it packs: Debian has licences and news of each package under the package's own name.

if(NOT CPACK_GENERATOR STREQUAL "DEB")
    return()
endif()

function(add_documents component package)
    set(root "${CPACK_TEMPORARY_DIRECTORY}/${component}${CPACK_PACKAGING_INSTALL_PREFIX}/share/doc")
    file(REMOVE_RECURSE "${root}/${CPACK_PACKAGE_NAME}")

    get_filename_component(source "${CPACK_RESOURCE_FILE_LICENSE}" DIRECTORY)
    file(READ "${source}/LICENSE" ours)
    # Every Debian has this text.
    string(REGEX REPLACE "(\nApache License, Version 2.0\n=+\n).*"
        "\\1\nIts text is in /usr/share/common-licenses/Apache-2.0.\n" ours "${ours}")
    file(READ "${source}/THIRD-PARTY-LICENSES" theirs)
    file(WRITE "${root}/${package}/copyright" "${ours}\n${theirs}")

    # The time is SOURCE_DATE_EPOCH, where that is set.
    string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
    file(WRITE "${root}/${package}/changelog" "${CPACK_PACKAGE_NAME} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * Version ${CPACK_PACKAGE_VERSION}.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
    execute_process(COMMAND gzip -9n "${root}/${package}/changelog" COMMAND_ERROR_IS_FATAL ANY)
endfunction()

add_documents(runtime "${CPACK_DEBIAN_RUNTIME_PACKAGE_NAME}")
add_documents(development "${CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME}")
