// The metadata is a JSON object of arrays (Arrow, "Canonical Extension Types"):
//
//   {"shape": [100, 200], "dim_names": ["row", "column"], "permutation": [1, 0]}
#include "types/tensor_shape.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "types/array_layout.h"
#include "types/extension.h"

namespace lancer {
namespace {

Status Refused(const std::string& what) {
  return Status::InvalidArgument("extension type " + std::string(kTensorName) + ": " +
                                 what);
}

// Reads the JSON that such metadata can be made of, from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool Take(char wanted) {
    SkipSpace();
    if (at_ == text_.size() || text_[at_] != wanted) {
      return false;
    }
    ++at_;
    return true;
  }
  bool AtEnd() {
    SkipSpace();
    return at_ == text_.size();
  }
  // What an escape stands for is nobody's question here.
  bool ReadString(std::string* value) {
    value->clear();
    if (!Take('"')) {
      return false;
    }
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && ++at_ == text_.size()) {
        return false;
      }
      *value += text_[at_];
    }
    return Take('"');
  }
  bool ReadNumber(uint64_t* value) {
    SkipSpace();
    const char* first = text_.data() + at_;
    const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), *value);
    at_ += static_cast<size_t>(end - first);
    return error == std::errc();
  }
  // [item, item, ...]
  template <typename T, typename Read>
  bool ReadArray(std::vector<T>* values, Read read) {
    values->clear();
    if (!Take('[')) {
      return false;
    }
    if (Take(']')) {
      return true;
    }
    do {
      if (!read(&values->emplace_back())) {
        return false;
      }
    } while (Take(','));
    return Take(']');
  }
  bool ReadNumbers(std::vector<uint64_t>* values) {
    return ReadArray(values, [&](uint64_t* value) { return ReadNumber(value); });
  }
  bool ReadStrings(std::vector<std::string>* values) {
    return ReadArray(values, [&](std::string* value) { return ReadString(value); });
  }

 private:
  void SkipSpace() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    }
  }

  std::string_view text_;
  size_t at_ = 0;
};

struct Stated {
  std::optional<std::vector<uint64_t>> shape;
  std::vector<uint64_t> permutation;
  std::vector<std::string> names;
};

Result<Stated> Parse(std::string_view text) {
  Stated stated;
  Reader reader(text);
  const Status no_json =
      Refused("its metadata is no JSON object of arrays: " + std::string(text));
  if (!reader.Take('{')) {
    return no_json;
  }
  if (reader.Take('}')) {
    return reader.AtEnd() ? Result<Stated>(stated) : no_json;
  }
  std::string key;
  do {
    if (!reader.ReadString(&key) || !reader.Take(':')) {
      return no_json;
    }
    bool read = false;
    if (key == "shape") {
      read = reader.ReadNumbers(&stated.shape.emplace());
    } else if (key == "permutation") {
      read = reader.ReadNumbers(&stated.permutation);
    } else if (key == "dim_names") {
      read = reader.ReadStrings(&stated.names);
    } else {
      return Refused("its metadata has the unknown key \"" + key + "\"");
    }
    if (!read) {
      return no_json;
    }
  } while (reader.Take(','));
  return reader.Take('}') && reader.AtEnd() ? Result<Stated>(stated) : no_json;
}

bool IsPermutation(std::vector<uint64_t> order) {
  std::ranges::sort(order);
  for (size_t i = 0; i < order.size(); ++i) {
    if (order[i] != i) {
      return false;
    }
  }
  return true;
}

// UINT64_MAX when it is more.
uint64_t Product(const std::vector<uint64_t>& sides) {
  uint64_t product = 1;
  for (const uint64_t side : sides) {
    product = side != 0 && product > UINT64_MAX / side ? UINT64_MAX : product * side;
  }
  return product;
}

}  // namespace

Result<std::optional<TensorShape>> TensorShapeOf(const Field& field) {
  if (MetadataValue(field.metadata, kExtensionNameKey) != kTensorName) {
    return std::optional<TensorShape>();
  }
  const DataType& type = LayoutType(*field.type);
  if (type.kind() != TypeKind::kFixedSizeList) {
    return Refused("needs a fixed_size_list, found " + type.ToString());
  }
  const std::string_view text = MetadataValue(field.metadata, kExtensionMetadataKey);
  LANCER_ASSIGN_OR_RETURN(Stated stated, Parse(text));
  if (!stated.shape.has_value()) {
    return Refused("its metadata has no \"shape\"");
  }
  const size_t rank = stated.shape->size();
  const auto size = static_cast<uint64_t>(type.parameters().list_size);
  if (Product(*stated.shape) != size) {
    return Refused("the shape does not have the " + std::to_string(size) +
                   " values of the list: " + std::string(text));
  }
  if (!stated.permutation.empty() &&
      (stated.permutation.size() != rank || !IsPermutation(stated.permutation))) {
    return Refused("\"permutation\" does not order " + std::to_string(rank) +
                   " dimensions: " + std::string(text));
  }
  if (!stated.names.empty() && stated.names.size() != rank) {
    return Refused("\"dim_names\" does not name " + std::to_string(rank) +
                   " dimensions: " + std::string(text));
  }
  return std::optional(
      TensorShape{*std::move(stated.shape), std::move(stated.permutation)});
}

}  // namespace lancer
