#include "types/extension.h"

#include <fmt/format.h>

#include <charconv>

#include "types/array_layout.h"

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

Status CheckTensor(std::string_view metadata, const DataType& type) {
  constexpr std::string_view kName = "arrow.fixed_shape_tensor";
  if (type.kind() != TypeKind::kFixedSizeList) {
    return Misfit(kName, "a fixed_size_list", type);
  }
  const std::optional<std::vector<int64_t>> shape = ParseTensorShape(metadata);
  if (!shape) {
    return Status::InvalidArgument(
        fmt::format("extension type {}: its metadata has no \"shape\": [...]", kName));
  }
  const int64_t items = type.parameters().list_size;
  int64_t product = 1;
  for (const int64_t axis : *shape) {
    // Beyond the list's size only a later axis of length 0 helps.
    product =
        axis > 0 && product > INT32_MAX / axis ? int64_t{INT32_MAX} + 1 : product * axis;
  }
  return product == items ? Status::Ok()
                          : Misfit(kName, "as many items as its shape has", type);
}

// Steps over JSON without building it.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : rest_(text) {}

  bool Take(char c) {
    SkipSpace();
    if (rest_.empty() || rest_[0] != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  // The next key or value as it stands, a whole list or object as one.
  std::string_view TakeValue() {
    SkipSpace();
    size_t end = 0;
    size_t depth = 0;
    bool quoted = false;
    for (; end < rest_.size(); ++end) {
      const char c = rest_[end];
      if (quoted) {
        end += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '[' || c == '{') {
        ++depth;
      } else if (depth == 0 && (c == ',' || c == ':' || c == ']' || c == '}')) {
        break;
      } else if (c == ']' || c == '}') {
        --depth;
      }
    }
    end = std::min(end, rest_.size());
    const std::string_view value = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return value.substr(0, value.find_last_not_of(kSpace) + 1);
  }

 private:
  static constexpr std::string_view kSpace = " \t\r\n";
  void SkipSpace() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
  }

  std::string_view rest_;
};

// "[1, 2]" as numbers that are not negative.
std::optional<std::vector<int64_t>> ParseAxes(std::string_view list) {
  JsonCursor cursor(list);
  std::vector<int64_t> axes;
  if (!cursor.Take('[')) {
    return std::nullopt;
  }
  if (cursor.Take(']')) {
    return axes;
  }
  do {
    const std::string_view digits = cursor.TakeValue();
    int64_t axis = -1;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), axis);
    if (error != std::errc() || end != digits.data() + digits.size() || axis < 0) {
      return std::nullopt;
    }
    axes.push_back(axis);
  } while (cursor.Take(','));
  return cursor.Take(']') ? std::optional(std::move(axes)) : std::nullopt;
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

std::optional<std::vector<int64_t>> ParseTensorShape(std::string_view metadata) {
  JsonCursor cursor(metadata);
  if (!cursor.Take('{')) {
    return std::nullopt;
  }
  do {
    const std::string_view key = cursor.TakeValue();
    if (!cursor.Take(':')) {
      return std::nullopt;
    }
    const std::string_view value = cursor.TakeValue();
    if (key == "\"shape\"") {
      return ParseAxes(value);
    }
  } while (cursor.Take(','));
  return std::nullopt;
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
  if (name == "arrow.fixed_shape_tensor") {
    return CheckTensor(MetadataValue(field.metadata, kExtensionMetadataKey), type);
  }
  return Status::Ok();
}

}  // namespace lancer
