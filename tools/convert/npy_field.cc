#include "tools/convert/npy_field.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace lancer::tools {
namespace {

TypeKind KindOf(const NpyHeader& header) {
  struct Row {
    char kind;
    int bytes;
    TypeKind type;
  };
  static constexpr Row kRows[] = {
      {'b', 1, TypeKind::kBool},    {'i', 1, TypeKind::kInt8},
      {'i', 2, TypeKind::kInt16},   {'i', 4, TypeKind::kInt32},
      {'i', 8, TypeKind::kInt64},   {'u', 1, TypeKind::kUInt8},
      {'u', 2, TypeKind::kUInt16},  {'u', 4, TypeKind::kUInt32},
      {'u', 8, TypeKind::kUInt64},  {'f', 2, TypeKind::kFloat16},
      {'f', 4, TypeKind::kFloat32}, {'f', 8, TypeKind::kFloat64},
  };
  for (const Row& row : kRows) {
    if (row.kind == header.kind && row.bytes == header.item_bytes) {
      return row.type;
    }
  }
  return TypeKind::kNull;
}

// Kind and item size of a NumPy array of `type`. Errors: InvalidArgument.
Status SetValueType(const DataType& type, NpyHeader* header) {
  for (char kind : {'b', 'i', 'u', 'f'}) {
    for (int bytes : {1, 2, 4, 8}) {
      header->kind = kind;
      header->item_bytes = bytes;
      if (type.kind() != TypeKind::kNull && KindOf(*header) == type.kind()) {
        header->byte_order = bytes == 1 ? '|' : '<';
        return Status::Ok();
      }
    }
  }
  return Status::InvalidArgument("npy holds only bool, integers and floats, not " +
                                 type.ToString());
}

std::string_view FindMetadata(const Field& field, std::string_view key) {
  for (const auto& [name, value] : field.metadata) {
    if (name == key) {
      return value;
    }
  }
  return {};
}

// Dimensions in the extension metadata of a tensor: {"shape":[2,3]}. Empty: none there.
std::vector<uint64_t> TensorShape(const Field& field) {
  if (FindMetadata(field, "ARROW:extension:name") != "arrow.fixed_shape_tensor") {
    return {};
  }
  const auto json = nlohmann::json::parse(FindMetadata(field, "ARROW:extension:metadata"),
                                          nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("shape") || !json["shape"].is_array()) {
    return {};
  }
  std::vector<uint64_t> shape;
  for (const auto& dimension : json["shape"]) {
    if (!dimension.is_number_unsigned()) {
      return {};
    }
    shape.push_back(dimension.get<uint64_t>());
  }
  return shape;
}

// Header kept in field metadata, if it is one.
Result<NpyHeader> KeptHeader(const Field& field) {
  const std::string_view kept = FindMetadata(field, kNpyHeaderKey);
  if (kept.size() < 4 || kept[1] != '.' || kept[0] < '1' || kept[0] > '3') {
    return Status::NotFound("no header is kept");
  }
  return ParseNpyText(kept[0] - '0', kept[2] - '0', std::string(kept.substr(3)));
}

}  // namespace

Result<Field> FieldOfNpy(const NpyHeader& header) {
  Field field;
  field.name = "value";
  field.nullable = false;
  TypePtr value_type = DataType::Make(KindOf(header));
  if (header.shape.size() < 2) {
    field.type = value_type;
  } else {
    DataType::Parameters parameters;
    parameters.list_size = static_cast<int32_t>(header.row_values());
    parameters.children = {Field{
        .name = "item", .type = value_type, .nullable = true, .metadata = {}, .id = {}}};
    LANCER_ASSIGN_OR_RETURN(
        field.type, DataType::Make(TypeKind::kFixedSizeList, std::move(parameters)));
  }
  if (header.shape.size() > 2) {
    std::string shape;
    for (size_t i = 1; i < header.shape.size(); ++i) {
      shape += (i == 1 ? "" : ",") + std::to_string(header.shape[i]);
    }
    field.metadata.emplace_back("ARROW:extension:name", "arrow.fixed_shape_tensor");
    field.metadata.emplace_back("ARROW:extension:metadata",
                                fmt::format("{{\"shape\":[{}]}}", shape));
  }
  field.metadata.emplace_back(
      std::string(kNpyHeaderKey),
      fmt::format("{}.{}{}", header.major_version, header.minor_version, header.text));
  return field;
}

Result<NpyHeader> NpyHeaderOf(const Field& field, uint64_t rows) {
  NpyHeader header;
  header.shape = {rows};
  const DataType* type = field.type.get();
  uint64_t row_values = 1;
  while (type->kind() == TypeKind::kFixedSizeList) {
    header.shape.push_back(static_cast<uint64_t>(type->parameters().list_size));
    row_values *= header.shape.back();
    type = type->child(0).type.get();
  }
  LANCER_RETURN_IF_ERROR(
      SetValueType(*type, &header)
          .WithContext("field " + FormatFieldPath(std::vector<std::string>{field.name})));
  const std::vector<uint64_t> tensor = TensorShape(field);
  uint64_t tensor_values = 1;
  for (uint64_t dimension : tensor) {
    tensor_values *= dimension;
  }
  if (!tensor.empty() && tensor_values == row_values) {
    header.shape.resize(1);
    header.shape.insert(header.shape.end(), tensor.begin(), tensor.end());
  }
  Result<NpyHeader> kept = KeptHeader(field);
  if (kept.has_value() && kept->kind == header.kind &&
      kept->item_bytes == header.item_bytes && kept->rows() == rows &&
      kept->row_values() == row_values) {
    kept->data_offset = FormatNpyHeader(*kept).size();
    return kept;
  }
  LANCER_RETURN_IF_ERROR(CheckNpyShape(header));
  header.data_offset = FormatNpyHeader(header).size();
  return header;
}

}  // namespace lancer::tools
