# Arrow C++ and Parquet, for lance-convert and the benchmarks; the library never links them.
# Looked for as a CMake package (Arrow, Parquet) first, else inside the pyarrow wheel of the
# private virtual environment LANCER_VENV.
#
# Sets LancerParquet_FOUND and LancerParquet_VERSION, and makes the target Lancer::Parquet.

if(TARGET Lancer::Parquet)
  return()
endif()

find_package(Arrow CONFIG QUIET)
find_package(Parquet CONFIG QUIET)
if(Arrow_FOUND AND Parquet_FOUND AND TARGET Arrow::arrow_shared AND
   TARGET Parquet::parquet_shared)
  add_library(Lancer::Parquet INTERFACE IMPORTED)
  target_link_libraries(Lancer::Parquet INTERFACE Parquet::parquet_shared Arrow::arrow_shared)
  set(LancerParquet_VERSION ${Arrow_VERSION})
  set(LancerParquet_SOURCE ${Arrow_DIR})
else()  # globs, because Python's and Arrow's versions stand in the names
  file(GLOB LancerParquet_WHEEL ${LANCER_VENV}/lib/python3*/site-packages/pyarrow)
  set(LancerParquet_LIBRARIES)
  # arrow_compute is a library of its own from Arrow 21 on; parquet needs the other two.
  foreach(name parquet arrow_dataset arrow_compute arrow_acero arrow)
    file(GLOB library ${LancerParquet_WHEEL}/lib${name}.so.*)
    if(library)
      list(GET library 0 library)
      add_library(Lancer::wheel_${name} SHARED IMPORTED)
      set_target_properties(
        Lancer::wheel_${name} PROPERTIES IMPORTED_LOCATION ${library}
                                         IMPORTED_NO_SONAME OFF)
      list(APPEND LancerParquet_LIBRARIES Lancer::wheel_${name})
    endif()
  endforeach()
  if(TARGET Lancer::wheel_parquet AND TARGET Lancer::wheel_arrow)
    file(STRINGS ${LancerParquet_WHEEL}/include/arrow/util/config.h LancerParquet_VERSION
         REGEX "define ARROW_VERSION_STRING ")
    string(REGEX REPLACE ".*\"(.*)\".*" "\\1" LancerParquet_VERSION
                         "${LancerParquet_VERSION}")
    add_library(Lancer::Parquet INTERFACE IMPORTED)
    # SYSTEM by being imported: warnings of Arrow's headers are not ours.
    target_include_directories(Lancer::Parquet INTERFACE ${LancerParquet_WHEEL}/include)
    target_link_libraries(Lancer::Parquet INTERFACE ${LancerParquet_LIBRARIES})
    set(LancerParquet_SOURCE ${LancerParquet_WHEEL})
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  LancerParquet
  REQUIRED_VARS LancerParquet_SOURCE
  VERSION_VAR LancerParquet_VERSION)
