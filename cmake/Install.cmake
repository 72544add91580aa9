# The library, its header and its pkg-config file. All of it may be moved afterwards.

include(GNUInstallDirs)

install(FILES include/mapispool.h DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(PROGRAMS "${lib}/${shared}"
    DESTINATION "$<IF:$<BOOL:${WIN32}>,${CMAKE_INSTALL_BINDIR},${CMAKE_INSTALL_LIBDIR}>")
install(FILES "${lib}/${static}" ${link_paths} DESTINATION "${CMAKE_INSTALL_LIBDIR}")
if(WIN32)
    install(FILES "${lib}/${import}" DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()

# From the .pc file's directory up to the prefix.
string(REGEX REPLACE "[^/]+" ".." up "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
list(JOIN native_libraries " " pc_native_libraries)
configure_file(cmake/mapispool.pc.in mapispool.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/mapispool.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
