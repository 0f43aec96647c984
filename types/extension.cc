#include "types/extension.h"

#include <fmt/format.h>

#include "types/array_layout.h"
#include "types/tensor_shape.h"

namespace lancer {
namespace {

bool IsText(TypeKind kind) {
  return kind == TypeKind::kString || kind == TypeKind::kLargeString ||
         kind == TypeKind::kStringView;
}

Status Misfit(std::string_view name, std::string_view needs, const DataType& type) {
  return Status::InvalidArgument(
      fmt::format("extension type {} needs {}, found {}", name, needs, type.ToString()));
}

}  // namespace

std::string_view MetadataValue(const Metadata& metadata, std::string_view key) {
  for (const auto& [name, value] : metadata) {
    if (name == key) {
      return value;
    }
  }
  return {};
}

bool IsBfloat16(const Field& field) {
  const DataType& type = LayoutType(*field.type);
  return type.kind() == TypeKind::kFixedSizeBinary && type.byte_width() == 2 &&
         MetadataValue(field.metadata, kExtensionNameKey) == kBfloat16Name;
}

Status CheckExtension(const Field& field) {
  const std::string_view name = MetadataValue(field.metadata, kExtensionNameKey);
  const DataType& type = LayoutType(*field.type);
  if (name == kBfloat16Name) {
    return IsBfloat16(field) ? Status::Ok() : Misfit(name, "fixed_size_binary[2]", type);
  }
  if (name == "arrow.uuid") {
    const bool fits =
        type.kind() == TypeKind::kFixedSizeBinary && type.byte_width() == 16;
    return fits ? Status::Ok() : Misfit(name, "fixed_size_binary[16]", type);
  }
  if (name == "arrow.json") {
    return IsText(type.kind()) ? Status::Ok() : Misfit(name, "a string type", type);
  }
  if (name == kTensorName) {
    return TensorShapeOf(field).status();
  }
  return Status::Ok();
}

}  // namespace lancer
