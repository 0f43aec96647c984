# Several sources compiled as one, for builds that check and are thrown away: option
# LANCER_UNITY. What the sources include is then read once a group, which saves two thirds of
# the time. tools/dev/unity_groups.py says which files may share a translation unit.

# lancer_unite(FOLDER): every compiled target of the folder and of those below it.
function(lancer_unite folder)
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target ${targets})
    get_target_property(type ${target} TYPE)
    if(type MATCHES "EXECUTABLE|_LIBRARY" AND NOT type STREQUAL "INTERFACE_LIBRARY")
      lancer_unite_target(${target})
    endif()
  endforeach()
  get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(below ${folders})
    lancer_unite(${below})
  endforeach()
endfunction()

function(lancer_unite_target target)
  get_target_property(folder ${target} SOURCE_DIR)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cc$")
  list(FILTER sources EXCLUDE REGEX "^\\$<")
  list(TRANSFORM sources PREPEND ${folder}/ REGEX "^[^/]")  # names are taken from the root here
  if(NOT sources)
    return()
  endif()
  execute_process(COMMAND ${LANCER_PYTHON} ${PROJECT_SOURCE_DIR}/tools/dev/unity_groups.py
                          ${sources}
                  OUTPUT_VARIABLE groups OUTPUT_STRIP_TRAILING_WHITESPACE
                  COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\n" ";" groups "${groups}")
  foreach(line ${groups})
    string(REGEX MATCH "^([0-9]+) (.*)$" line "${line}")
    set_source_files_properties(${CMAKE_MATCH_2} TARGET_DIRECTORY ${target}
                                PROPERTIES UNITY_GROUP ${CMAKE_MATCH_1})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
