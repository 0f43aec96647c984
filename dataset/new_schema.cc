#include "dataset/new_schema.h"

#include <utility>

#include "dataset/node_file.h"
#include "format/schema_codec.h"
#include "types/type_parts.h"

namespace lancer::dataset {
namespace {

// A copy of the field, its children included, with no ids.
Field WithoutIds(Field field) {
  field.id = FieldId();
  if (field.type->children().empty()) {
    return field;
  }
  std::vector<Field> children;
  for (const Field& child : field.type->children()) {
    children.push_back(WithoutIds(child));
  }
  field.type = WithChildren(field.type, std::move(children));
  return field;
}

}  // namespace

Result<NumberedSchema> NumberFields(const Schema& schema, uint64_t first) {
  std::vector<Field> fields;
  for (const Field& field : schema.fields()) {
    fields.push_back(WithoutIds(field));
  }
  // Numbering counts in 32 bits; no schema comes near half of them.
  constexpr uint64_t kLastStart = 1u << 30;
  if (first > kLastStart) {
    return Status::ResourceExhausted("the dataset has used up its field ids");
  }
  auto next = static_cast<int32_t>(first);
  Schema numbered = Schema(std::move(fields), schema.metadata()).WithFieldIds(&next);
  return NumberedSchema{.schema = std::make_shared<const Schema>(std::move(numbered)),
                        .next_field = static_cast<uint64_t>(next)};
}

Result<NewSchema> MakeNewSchema(const Store& store, Session* session,
                                const Schema& schema, uint64_t first_field,
                                uint64_t next_field) {
  NewSchema made;
  made.first_field = first_field;
  made.next_field = next_field;
  made.entry.bytes = format::SerializeSchema(schema);
  if (made.entry.bytes.size() <= kInlineSchemaBytes) {
    return made;
  }
  LANCER_ASSIGN_OR_RETURN(FileImage image, NodeFileBuilder().Finish(made.entry.bytes));
  LANCER_ASSIGN_OR_RETURN(
      made.entry.file,
      PublishNodes(store.paths, *store.context->file_system, session, image));
  made.entry.bytes.clear();
  return made;
}

}  // namespace lancer::dataset
