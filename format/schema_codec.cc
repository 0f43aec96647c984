// Spec: container, "Schema"; the bytes are those of spec/schemas/schema.fbs.

#include "format/schema_codec.h"

#include <fmt/format.h>

#include <utility>

#include "format/verified_root.h"
#include "generated/schema_generated.h"

namespace lancer::format {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;
using FbMetadata =
    flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<stored::KeyValue>>>;
using StoredPairs = flatbuffers::Vector<flatbuffers::Offset<stored::KeyValue>>;

constexpr uint8_t kNoIndex = 255;
// Twice what Schema::Validate allows: every level may be inside a dictionary or run-end
// type, which adds a table but no name.
constexpr uint32_t kMaxDepth = 2 * 64 + 4;

flatbuffers::Offset<flatbuffers::Vector<uint8_t>> WriteBytes(Builder* builder,
                                                             const std::string& text) {
  const void* data = text.data();
  return builder->CreateVector(static_cast<const uint8_t*>(data), text.size());
}

FbMetadata WriteMetadata(Builder* builder, const Metadata& metadata) {
  if (metadata.empty()) {
    return {};
  }
  std::vector<flatbuffers::Offset<stored::KeyValue>> pairs;
  for (const auto& [key, value] : metadata) {
    auto stored_key = WriteBytes(builder, key);
    auto stored_value = WriteBytes(builder, value);
    pairs.push_back(stored::CreateKeyValue(*builder, stored_key, stored_value));
  }
  return builder->CreateVector(pairs);
}

flatbuffers::Offset<stored::Field> WriteField(Builder* builder, const Field& field) {
  const DataType::Parameters& parameters = field.type->parameters();
  std::vector<flatbuffers::Offset<stored::Field>> children;
  for (const Field& child : parameters.children) {
    children.push_back(WriteField(builder, child));
  }
  auto name = builder->CreateString(field.name);
  auto metadata = WriteMetadata(builder, field.metadata);
  auto child_vector = children.empty() ? 0 : builder->CreateVector(children);
  auto zone =
      parameters.time_zone.empty() ? 0 : builder->CreateString(parameters.time_zone);
  stored::FieldBuilder out(*builder);
  out.add_name(name);
  out.add_kind(static_cast<uint8_t>(field.type->kind()));
  out.add_nullable(field.nullable);
  out.add_id(field.id.value);
  out.add_metadata(metadata);
  out.add_children(child_vector);
  out.add_byte_width(parameters.byte_width);
  out.add_list_size(parameters.list_size);
  out.add_precision(parameters.precision);
  out.add_scale(parameters.scale);
  out.add_unit(static_cast<uint8_t>(parameters.unit));
  out.add_time_zone(zone);
  out.add_index_kind(parameters.index_type == nullptr
                         ? kNoIndex
                         : static_cast<uint8_t>(parameters.index_type->kind()));
  out.add_ordered(parameters.ordered);
  out.add_keys_sorted(parameters.keys_sorted);
  return out.Finish();
}

// Copies what a verified table says, and never more bytes than the buffer has: a hostile
// one may point to the same string from many places.
class SchemaReader {
 public:
  SchemaReader(size_t budget, const std::string& where)
      : budget_(budget), where_(where) {}

  Status ReadFields(
      const flatbuffers::Vector<flatbuffers::Offset<stored::Field>>* stored_fields,
      FieldPath* path, std::vector<Field>* fields) {
    if (stored_fields == nullptr) {
      return Status::Ok();
    }
    for (const stored::Field* stored_field : *stored_fields) {
      path->emplace_back();
      LANCER_RETURN_IF_ERROR(TakeText(stored_field->name(), &path->back()));
      Field field{.name = path->back(),
                  .nullable = stored_field->nullable(),
                  .id = FieldId(stored_field->id())};
      LANCER_RETURN_IF_ERROR(ReadMetadata(stored_field->metadata(), &field.metadata));
      LANCER_ASSIGN_OR_RETURN(field.type, ReadType(*stored_field, path));
      path->pop_back();
      fields->push_back(std::move(field));
    }
    return Status::Ok();
  }

  Status ReadMetadata(const StoredPairs* pairs, Metadata* metadata) {
    if (pairs == nullptr) {
      return Status::Ok();
    }
    for (const stored::KeyValue* pair : *pairs) {
      auto& [key, value] = metadata->emplace_back();
      LANCER_RETURN_IF_ERROR(TakeText(pair->key(), &key));
      LANCER_RETURN_IF_ERROR(TakeText(pair->value(), &value));
    }
    return Status::Ok();
  }

 private:
  template <typename Text>
  Status TakeText(const Text* text, std::string* out) {
    if (text == nullptr) {
      return Status::Ok();
    }
    if (text->size() > budget_) {
      return Status::Corruption(where_ + ": its names and metadata share bytes");
    }
    budget_ -= text->size();
    out->assign(text->begin(), text->end());
    return Status::Ok();
  }

  Result<TypePtr> ReadType(const stored::Field& from, FieldPath* path) {
    auto kind = static_cast<TypeKind>(from.kind());
    DataType::Parameters parameters{.byte_width = from.byte_width(),
                                    .list_size = from.list_size(),
                                    .precision = from.precision(),
                                    .scale = from.scale(),
                                    .unit = static_cast<TimeUnit>(from.unit()),
                                    .ordered = from.ordered(),
                                    .keys_sorted = from.keys_sorted()};
    LANCER_RETURN_IF_ERROR(TakeText(from.time_zone(), &parameters.time_zone));
    LANCER_RETURN_IF_ERROR(ReadFields(from.children(), path, &parameters.children));
    if (from.index_kind() != kNoIndex) {
      auto index_kind = static_cast<TypeKind>(from.index_kind());
      LANCER_ASSIGN_OR_RETURN(parameters.index_type,
                              Make(index_kind, DataType::Parameters{}, *path));
    }
    return Make(kind, std::move(parameters), *path);
  }

  Result<TypePtr> Make(TypeKind kind, DataType::Parameters parameters,
                       const FieldPath& path) const {
    if (kind > TypeKind::kDecimal64) {
      return Status::Unsupported(
          fmt::format("{}: field {}: type kind {} is not known to this build", where_,
                      FormatFieldPath(path), static_cast<int>(kind)));
    }
    Result<TypePtr> type = DataType::Make(kind, std::move(parameters));
    if (!type) {
      return Status::Corruption(fmt::format(
          "{}: field {}: {}", where_, FormatFieldPath(path), type.error().message()));
    }
    return type;
  }

  size_t budget_;
  const std::string& where_;
};

}  // namespace

std::vector<std::byte> SerializeSchema(const Schema& schema) {
  Builder builder;
  std::vector<flatbuffers::Offset<stored::Field>> fields;
  for (const Field& field : schema.fields()) {
    fields.push_back(WriteField(&builder, field));
  }
  auto field_vector = builder.CreateVector(fields);
  auto metadata = WriteMetadata(&builder, schema.metadata());
  builder.Finish(stored::CreateSchema(builder, field_vector, metadata));
  auto bytes = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  return {bytes.begin(), bytes.end()};
}

Result<Schema> ParseSchema(std::span<const std::byte> bytes, const std::string& where) {
  // A table takes at least 8 bytes, unless several places point to it.
  TableLimits limits{.max_depth = kMaxDepth,
                     .max_tables = static_cast<uint32_t>(bytes.size() / 8 + 1)};
  LANCER_ASSIGN_OR_RETURN(auto root,
                          VerifiedRoot<stored::Schema>::Make(bytes, limits, where));
  SchemaReader reader(bytes.size(), where);
  std::vector<Field> fields;
  FieldPath path;
  LANCER_RETURN_IF_ERROR(reader.ReadFields(root->fields(), &path, &fields));
  Metadata metadata;
  LANCER_RETURN_IF_ERROR(reader.ReadMetadata(root->metadata(), &metadata));
  return Schema(std::move(fields), std::move(metadata));
}

}  // namespace lancer::format
