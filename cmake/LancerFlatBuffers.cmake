# Compiles the FlatBuffers schemas of spec/schemas into plain accessors.
#
# lancer_add_flatbuffers(container manifest ...)
#   spec/schemas/<name>.fbs -> ${PROJECT_BINARY_DIR}/generated/<name>_generated.h, included as
#   "generated/<name>_generated.h". The target `lancer_schemas` stands for all of them; what
#   lancer_add_folder and lancer_add_tests make waits for it by itself.
# Calling it twice, or with names given before, is harmless.

find_program(LANCER_FLATC flatc REQUIRED)
set(LANCER_GENERATED_DIR ${PROJECT_BINARY_DIR}/generated)
add_custom_target(lancer_schemas)

function(lancer_add_flatbuffers)
  foreach(name ${ARGN})
    if(TARGET lancer_schema_${name})
      continue()
    endif()
    set(schema ${PROJECT_SOURCE_DIR}/spec/schemas/${name}.fbs)
    set(output ${LANCER_GENERATED_DIR}/${name}_generated.h)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${schema})
    # A schema may include another of the same folder, so each depends on all of them.
    file(GLOB siblings ${PROJECT_SOURCE_DIR}/spec/schemas/*.fbs)
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
