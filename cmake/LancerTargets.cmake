# How Lancer's targets are made: one object library per folder, gathered into the static
# and the shared library; one test program per folder of tests.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
include(GNUInstallDirs)
include(LancerFlatBuffers)

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(LANCER_CCACHE ccache)
  if(LANCER_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${LANCER_CCACHE})
  endif()
endif()

# LANCER_SANITIZE is a comma-separated list for -fsanitize, for the whole build.
if(LANCER_SANITIZE)
  add_compile_options(-fsanitize=${LANCER_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LANCER_SANITIZE})
endif()
if(LANCER_BUILD_FUZZERS)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

function(lancer_set_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow -Wno-missing-field-initializers
                                           $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                                           $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread>
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
  if(LANCER_BUILD_FUZZERS)  # what the fuzzers want to see into
    target_compile_options(lancer_${folder} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  add_dependencies(lancer_${folder} lancer_schemas)
  set_property(GLOBAL APPEND PROPERTY LANCER_FOLDERS lancer_${folder})
endfunction()

# lancer_add_public_headers(lancer/array.h ...): what both libraries carry; names from include/.
function(lancer_add_public_headers)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE headers)
  set_property(GLOBAL APPEND PROPERTY LANCER_PUBLIC_HEADERS ${headers})
endfunction()

# The static library `lancer`, which tests and tools link, and the shared `lancer_shared`
# (liblancer.so), which shows only what LANCER_EXPORT marks. Both carry the public headers.
function(lancer_add_libraries)
  get_property(folders GLOBAL PROPERTY LANCER_FOLDERS)
  set(objects)
  foreach(folder ${folders})
    list(APPEND objects $<TARGET_OBJECTS:${folder}>)
  endforeach()
  get_property(headers GLOBAL PROPERTY LANCER_PUBLIC_HEADERS)
  add_library(lancer STATIC ${objects})
  add_library(lancer_shared SHARED ${objects})
  set_target_properties(lancer_shared PROPERTIES OUTPUT_NAME lancer VERSION ${PROJECT_VERSION}
                        SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  set(map ${PROJECT_SOURCE_DIR}/cmake/liblancer.map)
  target_link_options(lancer_shared PRIVATE -Wl,--version-script=${map})
  set_target_properties(lancer_shared PROPERTIES LINK_DEPENDS ${map})
  foreach(library lancer lancer_shared)
    target_sources(${library} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include
                                     FILES ${headers})
    target_compile_features(${library} PUBLIC cxx_std_20)
    set_target_properties(${library} PROPERTIES LINKER_LANGUAGE CXX
                          VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL})
    target_link_libraries(${library} PRIVATE PkgConfig::ZSTD PkgConfig::LZ4
                          PkgConfig::XXHASH Threads::Threads fmt::fmt)
    add_library(lancer::${library} ALIAS ${library})
  endforeach()
endfunction()

# lancer_add_tests(types array_test.cc ...): the program types_tests, run by ctest.
function(lancer_add_tests folder)
  add_executable(${folder}_tests ${ARGN})
  target_include_directories(${folder}_tests PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  target_link_libraries(${folder}_tests PRIVATE lancer fmt::fmt flatbuffers::flatbuffers
                        PkgConfig::ZSTD PkgConfig::LZ4 PkgConfig::XXHASH Threads::Threads
                        GTest::gtest GTest::gmock GTest::gtest_main)
  lancer_set_warnings(${folder}_tests)
  add_dependencies(${folder}_tests lancer_schemas)
  # Tests are compiled once and run once: a third of the compile time is worth more, and
  # half of it where sanitizers add to the code. -Wsign-conversion is in clang's -Wconversion.
  set(options $<$<CONFIG:Release>:-O1> -Wno-sign-conversion)
  if(LANCER_SANITIZE)
    list(APPEND options -O0)
  endif()
  target_compile_options(${folder}_tests PRIVATE ${options})
  add_test(NAME ${folder} COMMAND ${folder}_tests)
  # Seconds; far above what slow machines and sanitizers need.
  set_tests_properties(${folder} PROPERTIES LABELS fast TIMEOUT 1800)
endfunction()

# lancer_add_soak(power_cuts dataset 'Crash.*'): these tests of dataset_tests as the long test
# soak_power_cuts, which `make soak` runs with LANCER_SOAK set (tests/support/soak.h).
function(lancer_add_soak name folder filter)
  add_test(NAME soak_${name} COMMAND ${folder}_tests --gtest_filter=${filter})
  set_tests_properties(soak_${name} PROPERTIES LABELS soak TIMEOUT 7200
                       FAIL_REGULAR_EXPRESSION "Running 0 tests")
endfunction()

# lancer_add_python_tests(NAME file_test.py ...): run by pytest of the private environment,
# else by python3's unittest. The tests find the tools in the folder LANCER_BIN.
function(lancer_add_python_tests name)
  if(EXISTS ${LANCER_VENV}/bin/pytest)
    set(runner -m pytest -q -p no:cacheprovider)
  else()
    set(runner -m unittest)
  endif()
  add_test(NAME ${name} COMMAND ${LANCER_PYTHON} ${runner} ${ARGN}
           WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS python TIMEOUT 1800 ENVIRONMENT
                       "LANCER_BIN=${PROJECT_BINARY_DIR}/bin;PYTHONDONTWRITEBYTECODE=1")
endfunction()

# lancer_add_fuzzer(footer [SOURCE...]): the libFuzzer program footer_fuzz from footer_fuzz.cc
# and the sources named. ctest gives each a short run (label fuzz) from the inputs that are
# kept and the seeds that make_seeds.py cuts, the same every time as far as the time goes; what
# it finds to crash on is left in the build folder. Where no fuzzers are built the program
# takes the same inputs once (label fast).
function(lancer_add_fuzzer name)
  set(inputs ${CMAKE_CURRENT_BINARY_DIR}/seeds/${name}.txt)
  add_executable(${name}_fuzz ${name}_fuzz.cc ${ARGN})
  target_include_directories(${name}_fuzz PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  target_link_libraries(${name}_fuzz PRIVATE lancer fmt::fmt flatbuffers::flatbuffers)
  lancer_set_warnings(${name}_fuzz)
  add_dependencies(${name}_fuzz lancer_schemas lancer_fuzz_seeds)
  if(LANCER_BUILD_FUZZERS)
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    add_test(NAME fuzz_${name}
             COMMAND ${name}_fuzz -seed=1 -max_total_time=12 -rss_limit_mb=1024 -timeout=5
                     -seed_inputs=@${inputs}
                     -artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/${name}-)
    set_tests_properties(fuzz_${name} PROPERTIES LABELS fuzz TIMEOUT 300)
  else()
    target_sources(${name}_fuzz PRIVATE replay.cc)
    add_test(NAME fuzz_${name} COMMAND ${name}_fuzz ${inputs})
    set_tests_properties(fuzz_${name} PROPERTIES LABELS fast TIMEOUT 300)
  endif()
endfunction()
