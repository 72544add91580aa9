# What `cmake --install` lays out, in two components: runtime is what programs load, development what they are
# built with. All of it may be moved afterwards.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# As for targets: Debian wants no shared library executable, others do.
set(kind PROGRAMS)
if(CMAKE_INSTALL_SO_NO_EXE)
    set(kind FILES)
endif()

# `cmake --install --strip` strips targets, and cargo's files are none.
function(mapispool_strip component path)
    if(CMAKE_STRIP)
        install(CODE "
            if(CMAKE_INSTALL_DO_STRIP)
                set(path \"${path}\")
                cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY \"\${CMAKE_INSTALL_PREFIX}\")
                execute_process(
                    COMMAND \"${CMAKE_STRIP}\" ${ARGN} \"\$ENV{DESTDIR}\${path}\"
                    COMMAND_ERROR_IS_FATAL ANY
                )
            endif()"
            COMPONENT ${component}
        )
    endif()
endfunction()

# Inside another project CMAKE_INSTALL_DOCDIR is that project's.
set(doc_dir "${CMAKE_INSTALL_DATAROOTDIR}/doc/${PROJECT_NAME}")
if(PROJECT_IS_TOP_LEVEL)
    set(doc_dir "${CMAKE_INSTALL_DOCDIR}")
endif()
install(FILES LICENSE THIRD-PARTY-LICENSES DESTINATION "${doc_dir}" COMPONENT runtime)
install(DIRECTORY include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)

set(static_path "${CMAKE_INSTALL_LIBDIR}/${static}")
if(with_static)
    install(FILES "${lib}/${static}" DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
    mapispool_strip(development "${static_path}" --strip-debug --remove-section=.comment)
endif()

set(runtime_dir "${CMAKE_INSTALL_LIBDIR}")
if(WIN32)
    set(runtime_dir "${CMAKE_INSTALL_BINDIR}")
endif()
set(shared_path "${runtime_dir}/${shared}")
if(with_shared)
    install(${kind} "${lib}/${shared}" DESTINATION "${runtime_dir}" COMPONENT runtime)
    mapispool_strip(runtime "${shared_path}" --strip-unneeded --remove-section=.comment)
    if(links)
        list(GET link_paths 0 loaded)
        list(GET link_paths 1 linked)
        install(FILES "${loaded}" DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime)
        install(FILES "${linked}" DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
    elseif(WIN32)
        install(FILES "${lib}/${import}" "${PROJECT_BINARY_DIR}/mapispool.def" ${MAPISPOOL_MSVC_IMPORT}
            DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
    endif()
endif()

# find_package. Before 1.0 each minor version may break its users.
set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/mapispool")
set(import_path "${CMAKE_INSTALL_LIBDIR}/${import}")
configure_package_config_file(cmake/mapispoolConfig.cmake.in mapispoolConfig.cmake
    INSTALL_DESTINATION "${config_dir}"
    PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR shared_path import_path static_path
    NO_SET_AND_CHECK_MACRO
)
set(compatibility SameMajorVersion)
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(compatibility SameMinorVersion)
endif()
write_basic_package_version_file(mapispoolConfigVersion.cmake COMPATIBILITY ${compatibility})
install(
    FILES "${PROJECT_BINARY_DIR}/mapispoolConfig.cmake" "${PROJECT_BINARY_DIR}/mapispoolConfigVersion.cmake"
    DESTINATION "${config_dir}"
    COMPONENT development
)

# pkg-config. All paths are seen from the .pc file.
set(pc_dir "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH pc_prefix "${pc_dir}" "${CMAKE_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" pc_prefix "${pc_prefix}")
file(RELATIVE_PATH pc_includedir "${CMAKE_INSTALL_PREFIX}" "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
file(RELATIVE_PATH pc_libdir "${CMAKE_INSTALL_PREFIX}" "${CMAKE_INSTALL_FULL_LIBDIR}")
list(JOIN native_libraries " " pc_libs_private)
set(pc_libs "")
if(NOT with_shared)
    # Nothing else can be meant, with --static or without.
    set(pc_libs " ${pc_libs_private}")
endif()
configure_file(cmake/mapispool.pc.in mapispool.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/mapispool.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
    COMPONENT development)
