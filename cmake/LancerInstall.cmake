# cmake --install: headers, both libraries, tools, a CMake package and a pkg-config file.
#
#   find_package(lancer)  ->  lancer::lancer (static), lancer::lancer_shared
#   pkg-config lancer     ->  the shared library; --static adds what the archive needs

include(CMakePackageConfigHelpers)
set(LANCER_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/lancer)

install(TARGETS lancer lancer_shared EXPORT lancerTargets FILE_SET HEADERS)
install(EXPORT lancerTargets NAMESPACE lancer:: DESTINATION ${LANCER_CMAKE_DIR})
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/lancerConfig.cmake.in ${PROJECT_BINARY_DIR}/lancerConfig.cmake
  INSTALL_DESTINATION ${LANCER_CMAKE_DIR} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/lancerConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/lancerConfig.cmake
              ${PROJECT_BINARY_DIR}/lancerConfigVersion.cmake
        DESTINATION ${LANCER_CMAKE_DIR})
# The prefix is found from the .pc file's own place, so an installed tree can be moved.
file(RELATIVE_PATH up /p/${CMAKE_INSTALL_LIBDIR}/pkgconfig /p)
string(REGEX REPLACE "/$" "" LANCER_PC_PREFIX "\${pcfiledir}/${up}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/lancer.pc.in ${PROJECT_BINARY_DIR}/lancer.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/lancer.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

foreach(tool lance-inspect lance-convert)
  if(TARGET ${tool})
    install(TARGETS ${tool})
  endif()
endforeach()
