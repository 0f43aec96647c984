#include "tests/support/arrays/random_arrays.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "types/array_layout.h"
#include "types/bitmap.h"

namespace lancer::test {
namespace {

using enum TypeKind;
__extension__ using Int128 = __int128;

// What the values of one array look like: encodings differ in what they profit from.
enum class Style { kAny, kSmall, kConstant, kRuns, kAscending };

class Generator {
 public:
  Generator(std::mt19937_64& rng, const RandomArrayOptions& options)
      : rng_(rng), options_(options) {}

  ArrayPtr Make(const Field& field, int64_t length) {
    int64_t before = options_.offsets && Chance(0.5) ? Below(20) : 0;
    int64_t behind = options_.offsets && Chance(0.5) ? Below(20) : 0;
    ArrayPtr whole = Whole(field, before + length + behind);
    return before + behind == 0 ? whole : whole->Slice(before, length);
  }

 private:
  bool Chance(double probability) {
    return std::uniform_real_distribution<double>(0, 1)(rng_) < probability;
  }
  int64_t Below(int64_t bound) {
    return bound <= 0 ? 0 : static_cast<int64_t>(rng_() % static_cast<uint64_t>(bound));
  }

  // All valid, some null, or all null; the bitmap may be there without need.
  void Validity(bool nullable, Array::Data* data) {
    double fraction = nullable ? options_.null_fraction : 0;
    if (fraction > 0 && fraction < 1 && Chance(0.2)) {
      fraction = Chance(0.5) ? 1 : 0;
    }
    MutableBuffer bits(BitmapBytes(data->length));
    std::memset(bits.data(), Chance(0.5) ? 0xff : 0, bits.size());
    int64_t nulls = 0;
    valid_.assign(static_cast<size_t>(data->length), true);
    for (int64_t i = 0; i < data->length; ++i) {
      bool valid = !Chance(fraction);
      FillBits(bits.data(), i, 1, valid);
      valid_[static_cast<size_t>(i)] = valid;
      nulls += valid ? 0 : 1;
    }
    bool keep = nulls > 0 || Chance(0.5);
    data->buffers.push_back(keep ? std::move(bits).Finish() : nullptr);
    data->null_count = Chance(0.5) ? nulls : -1;
  }

  bool Garbage(int64_t row) {
    return valid_[static_cast<size_t>(row)] || options_.garbage_under_nulls;
  }

  ArrayPtr Whole(const Field& field, int64_t length) {
    const TypePtr& type = field.type;
    Array::Data data{.type = type, .length = length};
    ArrayLayout layout = LayoutOf(*type);
    if (layout != ArrayLayout::kNull) {
      Validity(field.nullable, &data);
    }
    const DataType& declared = LayoutType(*type);
    switch (layout) {
      case ArrayLayout::kNull:
        break;
      case ArrayLayout::kBits:
        data.buffers.push_back(Bits(length));
        break;
      case ArrayLayout::kFixed:
        data.buffers.push_back(Fixed(declared, length));
        break;
      case ArrayLayout::kBinary:
        Binary(declared, &data);
        break;
      case ArrayLayout::kList: {
        int64_t items = Offsets(declared, options_.max_list_length, &data);
        data.children.push_back(Make(declared.child(0), items));
        break;
      }
      case ArrayLayout::kFixedList: {
        int64_t items = length * declared.parameters().list_size;
        data.children.push_back(Make(declared.child(0), items + Below(3)));
        break;
      }
      case ArrayLayout::kStruct:
        for (const Field& child : declared.children()) {
          data.children.push_back(Make(child, length + Below(3)));
        }
        break;
    }
    return Array::Make(std::move(data));
  }

  BufferPtr Bits(int64_t length) {
    MutableBuffer bits(BitmapBytes(length));
    double ones = std::array{0.0, 0.5, 0.95, 1.0}[static_cast<size_t>(Below(4))];
    std::memset(bits.data(), 0, bits.size());
    for (int64_t i = 0; i < length; ++i) {
      FillBits(bits.data(), i, 1, Chance(ones));
    }
    return std::move(bits).Finish();
  }

  BufferPtr Fixed(const DataType& type, int64_t length) {
    int64_t width = type.byte_width();
    MutableBuffer values(static_cast<size_t>(length * width));
    std::memset(values.data(), 0, values.size());
    auto style = static_cast<Style>(Below(5));
    std::array<uint64_t, 4> value = Value(type, style, 0);
    for (int64_t i = 0; i < length; ++i) {
      bool keep = style == Style::kConstant || (style == Style::kRuns && !Chance(0.2));
      if (!keep) {
        value = Value(type, style, i);
      }
      if (!Garbage(i)) {
        continue;
      }
      std::byte* slot = values.data() + i * width;
      for (int64_t at = 0; at < width; at += 32) {
        std::memcpy(slot + at, value.data(),
                    static_cast<size_t>(std::min<int64_t>(32, width - at)));
      }
    }
    return std::move(values).Finish();
  }

  static std::array<uint64_t, 4> Extended(int64_t value) {
    uint64_t sign = value < 0 ? ~uint64_t{0} : 0;
    return {static_cast<uint64_t>(value), sign, sign, sign};
  }

  // The little-endian bytes of one value, sign extended.
  std::array<uint64_t, 4> Value(const DataType& type, Style style, int64_t row) {
    int64_t units = int64_t{1} << (10 * static_cast<int>(type.parameters().unit));
    switch (type.kind()) {
      case kDate64:
        return Extended((Below(40000) - 10000) * 86400000);
      case kTime32:
      case kTime64:
        return Extended(Below(80000 * units));
      case kDecimal32:
      case kDecimal64:
      case kDecimal128:
      case kDecimal256:
        return Decimal(type.parameters().precision);
      case kFloat32:
        return FloatBits<float, uint32_t>(style);
      case kFloat64:
        return FloatBits<double, uint64_t>(style);
      case kFixedSizeBinary:
      case kIntervalMonthDayNano:
        return {rng_(), rng_(), rng_(), rng_()};
      default:
        break;
    }
    if (style == Style::kSmall) {
      return Extended(Below(20) - (type.is_unsigned_integer() ? 0 : 10));
    }
    if (style == Style::kAscending) {
      return Extended(row * 3 + Below(3));
    }
    return Extended(static_cast<int64_t>(rng_()));
  }

  std::array<uint64_t, 4> Decimal(int32_t precision) {
    Int128 value = 0;
    for (int64_t digits = Below(std::min(precision, 38) + 1); digits > 0; --digits) {
      value = value * 10 + Below(10);
    }
    value = Chance(0.5) ? -value : value;
    uint64_t sign = value < 0 ? ~uint64_t{0} : 0;
    return {static_cast<uint64_t>(value), static_cast<uint64_t>(value >> 64), sign, sign};
  }

  template <typename Float, typename Bits>
  std::array<uint64_t, 4> FloatBits(Style style) {
    Float value = 0;
    if (style == Style::kSmall) {
      value = static_cast<Float>(Below(2000) - 1000) / Float{100};
    } else if (style == Style::kAny && Chance(0.2)) {
      auto raw = static_cast<Bits>(rng_());  // NaNs with payloads, subnormals
      std::memcpy(&value, &raw, sizeof(value));
    } else {
      value = std::normal_distribution<Float>(0, 1)(rng_);
    }
    Bits bits{};
    std::memcpy(&bits, &value, sizeof(bits));
    return {bits, 0, 0, 0};
  }

  // Pushes the offsets buffer; returns how many items there are in all.
  int64_t Offsets(const DataType& type, int64_t most, Array::Data* data) {
    std::vector<int64_t> offsets = {options_.offsets && Chance(0.3) ? Below(4) : 0};
    for (int64_t i = 0; i < data->length; ++i) {
      int64_t length = Chance(0.2) ? 0 : Below(most + 1);
      offsets.push_back(offsets.back() + (Garbage(i) ? length : 0));
    }
    PushOffsets(type, offsets, data);
    return offsets.back() + (options_.offsets ? Below(4) : 0);
  }

  static void PushOffsets(const DataType& type, const std::vector<int64_t>& offsets,
                          Array::Data* data) {
    if (OffsetWidth(type) == 8) {
      data->buffers.push_back(Buffer::Own(offsets));
      return;
    }
    std::vector<int32_t> narrow;
    for (int64_t offset : offsets) {
      narrow.push_back(static_cast<int32_t>(offset));
    }
    data->buffers.push_back(Buffer::Own(std::move(narrow)));
  }

  std::string Text(bool utf8) {
    static constexpr std::array<const char*, 8> kPieces = {
        "a", "b", "Z", " ", "\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\""};
    int64_t most = options_.max_string_length * (Chance(0.03) ? 10 : 1);
    std::string text;
    for (int64_t left = Below(most + 1); left > 0; --left) {
      if (utf8) {
        text += kPieces[static_cast<size_t>(Below(8))];
      } else {
        text += static_cast<char>(rng_());
      }
    }
    return text;
  }

  void Binary(const DataType& type, Array::Data* data) {
    TypeKind kind = type.storage().kind();
    bool utf8 = kind == kString || kind == kLargeString;
    std::vector<std::string> pool;  // empty: every value is fresh
    for (int64_t left = Chance(0.4) ? 1 + Below(8) : 0; left > 0; --left) {
      pool.push_back(Text(utf8));
    }
    std::string bytes = options_.offsets && Chance(0.3) ? "?!" : "";
    std::vector<int64_t> offsets = {static_cast<int64_t>(bytes.size())};
    for (int64_t i = 0; i < data->length; ++i) {
      if (Garbage(i)) {
        bytes +=
            pool.empty()
                ? Text(utf8)
                : pool[static_cast<size_t>(Below(static_cast<int64_t>(pool.size())))];
      }
      offsets.push_back(static_cast<int64_t>(bytes.size()));
    }
    PushOffsets(type, offsets, data);
    data->buffers.push_back(Buffer::Own(std::vector<char>(bytes.begin(), bytes.end())));
  }

  std::mt19937_64& rng_;
  const RandomArrayOptions& options_;
  std::vector<bool> valid_;  // of the array under construction, until its children
};

}  // namespace

ArrayPtr RandomArray(const Field& field, int64_t length, std::mt19937_64& rng,
                     const RandomArrayOptions& options) {
  return Generator(rng, options).Make(field, length);
}

Batch RandomBatch(std::shared_ptr<const Schema> schema, int64_t length,
                  std::mt19937_64& rng, const RandomArrayOptions& options) {
  Batch batch{std::move(schema), length, {}};
  for (const Field& field : batch.schema->fields()) {
    batch.columns.push_back(RandomArray(field, length, rng, options));
  }
  return batch;
}

}  // namespace lancer::test
