#include <memory>
#include <string>

#include "lancer/arrow_bridge.h"
#include "types/arrow_format.h"
#include "types/arrow_metadata.h"

namespace lancer {
namespace {

// What an exported ArrowSchema points into; its release callback deletes it.
struct SchemaKeeper {
  std::string format;
  std::string name;
  std::string metadata;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> child_pointers;
  ArrowSchema dictionary{};

  // Children may have been moved out by the consumer: their release is null then.
  ~SchemaKeeper() {
    for (ArrowSchema& child : children) {
      Release(&child);
    }
    Release(&dictionary);
  }
  static void Release(ArrowSchema* schema) {
    if (schema->release != nullptr) {
      schema->release(schema);
    }
  }
};

void ReleaseSchema(ArrowSchema* schema) {
  std::unique_ptr<SchemaKeeper> keeper(static_cast<SchemaKeeper*>(schema->private_data));
  schema->private_data = nullptr;
  schema->release = nullptr;
}

int64_t FlagsOf(const Field& field) {
  int64_t flags = field.nullable ? ARROW_FLAG_NULLABLE : 0;
  flags |= field.type->parameters().ordered ? ARROW_FLAG_DICTIONARY_ORDERED : 0;
  flags |= field.type->parameters().keys_sorted ? ARROW_FLAG_MAP_KEYS_SORTED : 0;
  return flags;
}

Status CheckNoZero(const std::string& text, const std::string& name) {
  return text.find('\0') == std::string::npos
             ? Status::Ok()
             : Status::InvalidArgument(
                   "field " + FormatFieldPath(std::span(&name, 1)) +
                   ": a name with a zero byte cannot be exported to Arrow");
}

Status ExportInto(const Field& field, ArrowSchema* out) {
  auto keeper = std::make_unique<SchemaKeeper>();
  keeper->format = FormatArrowType(*field.type);
  keeper->name = field.name;
  keeper->metadata = EncodeArrowMetadata(field.metadata);
  LANCER_RETURN_IF_ERROR(CheckNoZero(keeper->name, field.name));
  LANCER_RETURN_IF_ERROR(CheckNoZero(keeper->format, field.name));
  const std::vector<Field>& children = field.type->children();
  bool dictionary = field.type->kind() == TypeKind::kDictionary;
  if (dictionary) {
    LANCER_RETURN_IF_ERROR(ExportInto(children[0], &keeper->dictionary));
  } else {
    keeper->children.resize(children.size());
    for (size_t i = 0; i < children.size(); ++i) {
      LANCER_RETURN_IF_ERROR(ExportInto(children[i], &keeper->children[i]));
      keeper->child_pointers.push_back(&keeper->children[i]);
    }
  }
  *out = ArrowSchema{
      .format = keeper->format.c_str(),
      .name = keeper->name.c_str(),
      .metadata = keeper->metadata.empty() ? nullptr : keeper->metadata.c_str(),
      .flags = FlagsOf(field),
      .n_children = static_cast<int64_t>(keeper->children.size()),
      .children = keeper->children.empty() ? nullptr : keeper->child_pointers.data(),
      .dictionary = dictionary ? &keeper->dictionary : nullptr,
      .release = ReleaseSchema,
      .private_data = nullptr};
  out->private_data = keeper.release();
  return Status::Ok();
}

}  // namespace

Status ExportField(const Field& field, ArrowSchema* out) {
  *out = ArrowSchema{};
  return ExportInto(field, out);
}

Status ExportSchema(const Schema& schema, ArrowSchema* out) {
  Field table{.type = DataType::Struct(schema.fields()),
              .nullable = false,
              .metadata = schema.metadata()};
  return ExportField(table, out);
}

}  // namespace lancer
