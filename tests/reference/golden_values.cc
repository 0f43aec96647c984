#include "tests/reference/golden_values.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/arrays/arrays.h"
#include "types/array_layout.h"

namespace lancer::golden {
namespace {

using enum TypeKind;

// The first ones need no escapes in JSON.
constexpr uint64_t kSimpleWords = 7;
constexpr std::array<const char*, 12> kWords = {
    "vector", "image",    "caption", "z\xC3\xBCrich", "\xE6\x97\xA5\xE6\x9C\xAC",
    "page",   "block",    "a\"b",    "line\nend",     "back\\slash",
    "",       "\x01\x7F",
};

class ColumnMaker {
 public:
  ColumnMaker(const ColumnOptions& options, Seed* seed)
      : options_(options), seed_(*seed) {}

  ArrayPtr Make(const Field& field, int64_t rows) {
    const DataType& type = LayoutType(*field.type);
    const std::vector<bool> valid = Validity(field, rows);
    ArrayPtr array = MakeStored(type, rows, valid);
    return array->WithType(field.type);
  }

 private:
  // Empty: all are valid.
  std::vector<bool> Validity(const Field& field, int64_t rows) {
    std::vector<bool> valid;
    for (int64_t i = 0; i < rows && field.nullable && options_.nulls != Nulls::kNone;
         ++i) {
      bool null = options_.nulls == Nulls::kAll;
      null = null || (options_.nulls == Nulls::kFew && i % 37 == 5);
      null = null || (options_.nulls == Nulls::kHalf && seed_.Below(2) == 0);
      valid.push_back(!null);
    }
    return valid;
  }

  ArrayPtr MakeStored(const DataType& type, int64_t rows,
                      const std::vector<bool>& valid) {
    const DataType& storage = type.storage();
    switch (LayoutOf(type)) {
      case ArrayLayout::kNull:
        return test::MakeNullArray(rows);
      case ArrayLayout::kBits:
        return MakeBits(rows, valid);
      case ArrayLayout::kFixed:
        return MakeFixed(storage, rows, valid);
      case ArrayLayout::kBinary:
        return MakeBytes(storage, rows, valid);
      case ArrayLayout::kList:
        return MakeLists(storage, rows, valid);
      case ArrayLayout::kFixedList: {
        ArrayPtr items = Make(storage.child(0), rows * storage.parameters().list_size);
        return test::MakeFixedSizeListArray(Copy(storage), rows, items, valid);
      }
      case ArrayLayout::kStruct:
        break;
    }
    std::vector<ArrayPtr> children;
    for (const Field& child : storage.children()) {
      children.push_back(Make(child, rows));
    }
    return test::MakeStructArray(Copy(storage), rows, std::move(children), valid);
  }

  static TypePtr Copy(const DataType& type) {
    return *DataType::Make(type.kind(), type.parameters());
  }

  static bool IsValid(const std::vector<bool>& valid, int64_t i) {
    return valid.empty() || valid[static_cast<size_t>(i)];
  }

  // A number in the column's style; `any` is what a random value may be.
  int64_t Number(int64_t i) {
    const auto any = static_cast<int64_t>(seed_.Next());
    switch (options_.style) {
      case Style::kSmall:
        return static_cast<int64_t>(seed_.Below(7)) + 100;
      case Style::kSorted:
        return i * 2 + static_cast<int64_t>(seed_.Below(3));
      case Style::kOutliers:
        return seed_.Below(40) == 0 ? any : static_cast<int64_t>(seed_.Below(13));
      case Style::kConstant:
        return 42;
      default:
        return any;
    }
  }

  ArrayPtr MakeBits(int64_t rows, const std::vector<bool>& valid) {
    test::Values<bool> values;
    for (int64_t i = 0; i < rows; ++i) {
      const bool bit = options_.style == Style::kConstant || seed_.Below(3) == 0;
      values.push_back(IsValid(valid, i) ? std::optional(bit) : std::nullopt);
    }
    return test::MakeBoolArray(values);
  }

  // The number as the type can have it; times stay where people expect them.
  static int64_t Fit(const DataType& type, int64_t number) {
    auto below = [&](int64_t end) { return (number % end + end) % end; };
    switch (type.kind()) {
      case kDate32:
        return below(80'000) - 20'000;
      case kDate64:
        return (below(80'000) - 20'000) * 86'400'000;
      case kTime32:
        return below(type.parameters().unit == TimeUnit::kSecond ? 86'400 : 86'400'000);
      case kTime64:
        return below(86'400'000'000);
      case kTimestamp:
      case kDuration:
        return number >> 12;
      default:
        return number;
    }
  }

  template <typename Float>
  Float FloatNumber(int64_t number, int64_t i) {
    constexpr std::array<Float, 5> kEdges = {
        std::numeric_limits<Float>::quiet_NaN(), std::numeric_limits<Float>::infinity(),
        -std::numeric_limits<Float>::infinity(), Float{-0.0},
        std::numeric_limits<Float>::denorm_min()};
    if (options_.style == Style::kRandom && i % 19 < 5) {
      return kEdges[static_cast<size_t>(i % 19)];
    }
    return static_cast<Float>(number) / Float{8};
  }

  void AppendFixed(const DataType& type, int64_t i, std::vector<std::byte>* bytes) {
    const auto width = static_cast<size_t>(type.byte_width());
    std::array<std::byte, 32> value{};
    int64_t number = Fit(type, Number(i));
    if (type.kind() == kFloat32) {
      const auto bits = std::bit_cast<uint32_t>(FloatNumber<float>(number, i));
      std::memcpy(value.data(), &bits, sizeof(bits));
    } else if (type.kind() == kFloat64) {
      const auto bits = std::bit_cast<uint64_t>(FloatNumber<double>(number, i));
      std::memcpy(value.data(), &bits, sizeof(bits));
    } else {
      value.fill(number < 0 ? std::byte{0xFF} : std::byte{0});
      std::memcpy(value.data(), &number, sizeof(number));
      if (width >= 16 && options_.style == Style::kRandom) {
        const int64_t high = static_cast<int64_t>(seed_.Next()) >> 44;
        value.fill(high < 0 ? std::byte{0xFF} : std::byte{0});
        std::memcpy(value.data(), &number, sizeof(number));
        std::memcpy(value.data() + sizeof(number), &high, sizeof(high));
      }
    }
    bytes->insert(bytes->end(), value.begin(),
                  value.begin() + static_cast<std::ptrdiff_t>(width));
  }

  ArrayPtr MakeFixed(const DataType& type, int64_t rows, const std::vector<bool>& valid) {
    std::vector<std::byte> bytes;
    for (int64_t i = 0; i < rows; ++i) {
      AppendFixed(type, i, &bytes);
    }
    return Array::Make(
        {.type = Copy(type),
         .length = rows,
         .buffers = {test::MakeValidity(valid), Buffer::Own(std::move(bytes))}});
  }

  std::string Words(uint64_t count, uint64_t of = kWords.size()) {
    std::string text;
    for (uint64_t i = 0; i < count; ++i) {
      text += i == 0 ? "" : " ";
      text += kWords[seed_.Below(of)];
    }
    return text;
  }

  std::string Text(int64_t i) {
    switch (options_.style) {
      case Style::kSmall:
        return kWords[seed_.Below(kSimpleWords)];
      case Style::kSorted:
        return "key " + std::to_string(1'000'000 + i * 3);
      case Style::kOutliers:
        return seed_.Below(40) == 0 ? Words(60) : Words(2);
      case Style::kConstant:
        return "always the same";
      case Style::kLong:
        return Words(200 + seed_.Below(300), kSimpleWords);
      case Style::kRandom:
        break;
    }
    return Words(seed_.Below(6));
  }

  ArrayPtr MakeBytes(const DataType& type, int64_t rows, const std::vector<bool>& valid) {
    test::Values<std::string> values;
    for (int64_t i = 0; i < rows; ++i) {
      std::string text = Text(i);
      values.push_back(IsValid(valid, i) ? std::optional(std::move(text)) : std::nullopt);
    }
    return test::MakeStringArray(values, Copy(type));
  }

  ArrayPtr MakeLists(const DataType& type, int64_t rows, const std::vector<bool>& valid) {
    test::Values<int64_t> lengths;
    int64_t items = 0;
    for (int64_t i = 0; i < rows; ++i) {
      const bool constant = options_.style == Style::kConstant;
      const auto length = static_cast<int64_t>(constant ? 2 : seed_.Below(5));
      if (!IsValid(valid, i)) {
        lengths.push_back(std::nullopt);
        continue;
      }
      lengths.push_back(length);
      items += length;
    }
    return test::MakeListArray(Copy(type), lengths, Make(type.child(0), items));
  }

  const ColumnOptions options_;
  Seed& seed_;
};

}  // namespace

uint64_t Seed::Next() {
  state_ += 0x9E3779B97F4A7C15ULL;
  uint64_t mixed = state_;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBULL;
  return mixed ^ mixed >> 31;
}

ArrayPtr MakeColumn(const Field& field, int64_t rows, const ColumnOptions& options,
                    Seed* seed) {
  return ColumnMaker(options, seed).Make(field, rows);
}

}  // namespace lancer::golden
