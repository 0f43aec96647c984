#include <string>

#include "lancer/arrow_bridge.h"
#include "types/arrow_format.h"
#include "types/arrow_metadata.h"

namespace lancer {
namespace {

// Bounds the recursion of everything that walks types.
constexpr size_t kMaxDepth = 64;

// Releases a schema at the end of a scope: Import takes it over, also on error.
class Releaser {
 public:
  explicit Releaser(ArrowSchema* schema) : schema_(schema) {}
  Releaser(const Releaser&) = delete;
  Releaser& operator=(const Releaser&) = delete;
  ~Releaser() {
    if (schema_ != nullptr && schema_->release != nullptr) {
      schema_->release(schema_);
    }
  }

 private:
  ArrowSchema* schema_;
};

class SchemaImporter {
 public:
  Result<Field> Import(const ArrowSchema* schema) {
    path_.emplace_back(schema != nullptr && schema->name != nullptr ? schema->name : "");
    Result<Field> field = ImportHere(schema);
    if (!field.has_value()) {
      return field;
    }
    path_.pop_back();
    return field;
  }

 private:
  Status Fail(const Status& status) const {
    return status.WithContext(std::string("field ").append(FormatFieldPath(path_)));
  }
  Status Malformed(const std::string& what) const {
    return Fail(
        Status::InvalidArgument(std::string("malformed ArrowSchema: ").append(what)));
  }

  Result<Field> ImportHere(const ArrowSchema* schema) {
    if (schema == nullptr || schema->release == nullptr || schema->format == nullptr) {
      return Malformed(schema == nullptr           ? "it is null"
                       : schema->format == nullptr ? "its format is null"
                                                   : "it was released");
    }
    if (++depth_ > kMaxDepth) {
      return Fail(Status::Unsupported("nested deeper than 64 levels"));
    }
    Result<Metadata> metadata = DecodeArrowMetadata(schema->metadata);
    if (!metadata.has_value()) {
      return Fail(metadata.error());
    }
    Result<TypePtr> type =
        schema->dictionary != nullptr ? ImportDictionary(*schema) : ImportType(*schema);
    if (!type.has_value()) {
      return type.error();
    }
    --depth_;
    return Field{.name = path_.back(),
                 .type = *std::move(type),
                 .nullable = (schema->flags & ARROW_FLAG_NULLABLE) != 0,
                 .metadata = *std::move(metadata)};
  }

  Result<TypePtr> ImportType(const ArrowSchema& schema) {
    Result<ArrowFormat> format = ParseArrowFormat(schema.format);
    if (!format.has_value()) {
      return Fail(format.error());
    }
    format->parameters.keys_sorted = (schema.flags & ARROW_FLAG_MAP_KEYS_SORTED) != 0 &&
                                     format->kind == TypeKind::kMap;
    if (schema.n_children < 0 || (schema.n_children > 0 && schema.children == nullptr)) {
      return Malformed("its children are missing");
    }
    for (int64_t i = 0; i < schema.n_children; ++i) {
      LANCER_ASSIGN_OR_RETURN(Field child, Import(schema.children[i]));
      format->parameters.children.push_back(std::move(child));
    }
    Result<TypePtr> type = DataType::Make(format->kind, std::move(format->parameters));
    return type.has_value() ? type : Result<TypePtr>(Fail(type.error()));
  }

  Result<TypePtr> ImportDictionary(const ArrowSchema& schema) {
    Result<ArrowFormat> index = ParseArrowFormat(schema.format);
    if (!index.has_value()) {
      return Fail(index.error());
    }
    Result<TypePtr> index_type = DataType::Make(index->kind, index->parameters);
    if (!index_type.has_value()) {
      return Fail(index_type.error());
    }
    // The values have no name of their own: messages name the field.
    Result<Field> values = ImportHere(schema.dictionary);
    if (!values.has_value()) {
      return values.error();
    }
    // Neither name nor flags of the values mean anything, and producers differ in them.
    values->name.clear();
    values->nullable = true;
    DataType::Parameters parameters;
    parameters.index_type = *index_type;
    parameters.ordered = (schema.flags & ARROW_FLAG_DICTIONARY_ORDERED) != 0;
    parameters.children.push_back(*std::move(values));
    Result<TypePtr> type = DataType::Make(TypeKind::kDictionary, std::move(parameters));
    return type.has_value() ? type : Result<TypePtr>(Fail(type.error()));
  }

  FieldPath path_;
  size_t depth_ = 0;
};

}  // namespace

Result<Field> ImportField(ArrowSchema* schema) {
  Releaser releaser(schema);
  return SchemaImporter().Import(schema);
}

Result<Schema> ImportSchema(ArrowSchema* schema) {
  Releaser releaser(schema);
  if (schema == nullptr || schema->release == nullptr || schema->format == nullptr ||
      std::string_view(schema->format) != "+s" || schema->dictionary != nullptr ||
      schema->n_children < 0 || (schema->n_children > 0 && schema->children == nullptr)) {
    return Status::InvalidArgument(
        "malformed ArrowSchema: a table's schema must be a struct");
  }
  LANCER_ASSIGN_OR_RETURN(Metadata metadata, DecodeArrowMetadata(schema->metadata));
  std::vector<Field> fields;
  for (int64_t i = 0; i < schema->n_children; ++i) {
    LANCER_ASSIGN_OR_RETURN(Field field, SchemaImporter().Import(schema->children[i]));
    fields.push_back(std::move(field));
  }
  return Schema(std::move(fields), std::move(metadata));
}

}  // namespace lancer
