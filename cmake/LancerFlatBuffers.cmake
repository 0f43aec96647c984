# Compiles the FlatBuffers schemas of spec/schemas into plain accessors.
#
# lancer_add_flatbuffers(container manifest ...)
#   spec/schemas/<name>.fbs -> ${PROJECT_BINARY_DIR}/generated/<name>_generated.h, included as
#   "generated/<name>_generated.h". The target `lancer_schemas` stands for all of them; what
#   lancer_add_folder and lancer_add_tests make waits for it by itself. A schema may include
#   others of the same call.
# Calling it twice, or with names given before, is harmless.

find_program(LANCER_FLATC flatc REQUIRED)
set(LANCER_GENERATED_DIR ${PROJECT_BINARY_DIR}/generated)
add_custom_target(lancer_schemas)

function(lancer_add_flatbuffers)
  list(TRANSFORM ARGN REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/spec/schemas/\\1.fbs"
       OUTPUT_VARIABLE siblings)
  foreach(name ${ARGN})
    if(TARGET lancer_schema_${name})
      continue()
    endif()
    set(schema ${PROJECT_SOURCE_DIR}/spec/schemas/${name}.fbs)
    set(output ${LANCER_GENERATED_DIR}/${name}_generated.h)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${schema})
    add_custom_command(
      OUTPUT ${output}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${LANCER_GENERATED_DIR}
      COMMAND ${LANCER_FLATC} --cpp --cpp-std c++17 --scoped-enums -I
              ${PROJECT_SOURCE_DIR}/spec/schemas -o ${LANCER_GENERATED_DIR} ${schema}
      DEPENDS ${siblings}
      COMMENT "flatc ${name}.fbs"
      VERBATIM)
    add_custom_target(lancer_schema_${name} DEPENDS ${output})
    add_dependencies(lancer_schemas lancer_schema_${name})
  endforeach()
endfunction()
