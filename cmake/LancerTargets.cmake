# How Lancer's targets are made: one object library per folder, gathered into the static
# and the shared library; one test program per folder of tests.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
include(LancerFlatBuffers)

function(lancer_set_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow
                                           $<$<BOOL:${LANCER_WARNINGS_AS_ERRORS}>:-Werror>)
endfunction()

# lancer_add_folder(types array.cc schema.cc ...): the sources of one layer.
function(lancer_add_folder folder)
  add_library(lancer_${folder} OBJECT ${ARGN})
  target_include_directories(lancer_${folder} PUBLIC ${PROJECT_SOURCE_DIR}/include
                                              PRIVATE ${PROJECT_SOURCE_DIR}
                                                      ${PROJECT_BINARY_DIR})
  target_link_libraries(lancer_${folder} PRIVATE fmt::fmt flatbuffers::flatbuffers
                        PkgConfig::ZSTD PkgConfig::LZ4 PkgConfig::XXHASH Threads::Threads)
  lancer_set_warnings(lancer_${folder})
  lancer_wait_for_schemas(lancer_${folder})
  set_property(GLOBAL APPEND PROPERTY LANCER_FOLDERS lancer_${folder})
endfunction()

# The static library `lancer` (and, later in this file's life, the shared one).
function(lancer_add_libraries)
  get_property(folders GLOBAL PROPERTY LANCER_FOLDERS)
  set(objects)
  foreach(folder ${folders})
    list(APPEND objects $<TARGET_OBJECTS:${folder}>)
  endforeach()
  add_library(lancer STATIC ${objects})
  target_include_directories(lancer PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>)
  target_link_libraries(lancer PUBLIC PkgConfig::ZSTD PkgConfig::LZ4 PkgConfig::XXHASH
                        Threads::Threads fmt::fmt)
endfunction()

# lancer_add_tests(types array_test.cc ...): the program types_tests, run by ctest.
function(lancer_add_tests folder)
  add_executable(${folder}_tests ${ARGN})
  target_include_directories(${folder}_tests PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  target_link_libraries(${folder}_tests PRIVATE lancer fmt::fmt flatbuffers::flatbuffers
                        GTest::gtest GTest::gmock GTest::gtest_main)
  lancer_set_warnings(${folder}_tests)
  lancer_wait_for_schemas(${folder}_tests)
  add_test(NAME ${folder} COMMAND ${folder}_tests)
endfunction()
