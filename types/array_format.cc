// One row as JSON text. Everything that JSON has no number or word for is a string, so a
// line of rows is always valid JSON.
#include <fmt/format.h>

#include <cstring>
#include <string>

#include "lancer/array.h"
#include "types/array_layout.h"
#include "types/bitmap.h"
#include "types/extension.h"
#include "types/format_number.h"
#include "types/format_time.h"
#include "types/utf8.h"

namespace lancer {
namespace {

void AppendValue(const Field& field, const Array& array, int64_t row, std::string* text);

// The bytes as a JSON string; what is not UTF-8 becomes U+FFFD.
void AppendQuoted(std::span<const std::byte> bytes, std::string* text) {
  *text += '"';
  while (!bytes.empty()) {
    size_t length = Utf8SequenceLength(bytes);
    auto c = std::to_integer<unsigned char>(bytes[0]);
    if (length == 0) {
      *text += "\\ufffd";
      length = 1;
    } else if (c == '"' || c == '\\') {
      *text += '\\';
      *text += static_cast<char>(c);
    } else if (c == '\n') {
      *text += "\\n";
    } else if (c < 0x20 || c == 0x7f) {
      *text += fmt::format("\\u{:04x}", c);
    } else {
      for (std::byte byte : bytes.first(length)) {
        *text += std::to_integer<char>(byte);
      }
    }
    bytes = bytes.subspan(length);
  }
  *text += '"';
}

void AppendQuoted(std::string_view name, std::string* text) {
  AppendQuoted(std::as_bytes(std::span(name)), text);
}

void AppendHex(std::span<const std::byte> bytes, std::string* text) {
  *text += "\"0x";
  for (std::byte byte : bytes) {
    *text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  }
  *text += '"';
}

void AppendBinary(const DataType& type, std::span<const std::byte> bytes,
                  std::string* text) {
  TypeKind kind = type.storage().kind();
  if (kind == TypeKind::kString || kind == TypeKind::kLargeString) {
    AppendQuoted(bytes, text);
  } else {
    AppendHex(bytes, text);
  }
}

void AppendItems(const Field& field, const Array& items, int64_t first, int64_t last,
                 std::string* text) {
  *text += '[';
  for (int64_t i = first; i < last; ++i) {
    *text += i == first ? "" : ", ";
    AppendValue(field, items, i, text);
  }
  *text += ']';
}

void AppendStruct(const DataType& type, const Array& array, int64_t row,
                  std::string* text) {
  *text += '{';
  for (size_t i = 0; i < array.child_count(); ++i) {
    *text += i == 0 ? "" : ", ";
    AppendQuoted(type.child(i).name, text);
    *text += ": ";
    AppendValue(type.child(i), *array.child(i), array.offset() + row, text);
  }
  *text += '}';
}

// A fixed-width value as T.
template <typename T>
T Load(std::span<const std::byte> bytes, size_t at = 0) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

std::string Quoted(const std::string& text) { return fmt::format("\"{}\"", text); }

std::string Date64Text(int64_t milliseconds) {
  constexpr int64_t kPerDay = 86400000;
  return milliseconds % kPerDay == 0
             ? FormatDate(milliseconds / kPerDay)
             : FormatTimestamp(milliseconds, TimeUnit::kMilli, false);
}

std::string IntervalText(TypeKind kind, std::span<const std::byte> bytes) {
  if (kind == TypeKind::kIntervalMonths) {
    return fmt::format("P{}M", Load<int32_t>(bytes));
  }
  if (kind == TypeKind::kIntervalDayTime) {
    return fmt::format("P{}DT{}S", Load<int32_t>(bytes),
                       FormatSeconds(Load<int32_t>(bytes, 4), TimeUnit::kMilli));
  }
  return fmt::format("P{}M{}DT{}S", Load<int32_t>(bytes), Load<int32_t>(bytes, 4),
                     FormatSeconds(Load<int64_t>(bytes, 8), TimeUnit::kNano));
}

std::string TimeText(const DataType& type, std::span<const std::byte> bytes) {
  using enum TypeKind;
  TimeUnit unit = type.parameters().unit;
  switch (type.kind()) {
    case kDate32:
      return FormatDate(Load<int32_t>(bytes));
    case kDate64:
      return Date64Text(Load<int64_t>(bytes));
    case kTime32:
      return FormatTime(Load<int32_t>(bytes), unit);
    case kTime64:
      return FormatTime(Load<int64_t>(bytes), unit);
    case kTimestamp:
      return FormatTimestamp(Load<int64_t>(bytes), unit,
                             !type.parameters().time_zone.empty());
    case kDuration:
      return FormatDuration(Load<int64_t>(bytes), unit);
    default:
      return IntervalText(type.kind(), bytes);
  }
}

std::string IntegerText(TypeKind kind, std::span<const std::byte> bytes) {
  using enum TypeKind;
  switch (kind) {
    case kInt8:
      return std::to_string(Load<int8_t>(bytes));
    case kInt16:
      return std::to_string(Load<int16_t>(bytes));
    case kInt32:
      return std::to_string(Load<int32_t>(bytes));
    case kInt64:
      return std::to_string(Load<int64_t>(bytes));
    case kUInt8:
      return std::to_string(Load<uint8_t>(bytes));
    case kUInt16:
      return std::to_string(Load<uint16_t>(bytes));
    case kUInt32:
      return std::to_string(Load<uint32_t>(bytes));
    default:
      return std::to_string(Load<uint64_t>(bytes));
  }
}

void AppendFixed(const DataType& type, std::span<const std::byte> bytes,
                 std::string* text) {
  using enum TypeKind;
  if (type.is_signed_integer() || type.is_unsigned_integer()) {
    *text += IntegerText(type.kind(), bytes);
  } else if (type.is_decimal()) {
    *text += FormatDecimal(bytes, type.parameters().scale);
  } else if (type.kind() == kFixedSizeBinary) {
    AppendHex(bytes, text);
  } else if (type.kind() == kFloat16) {
    *text += FormatHalf(Load<uint16_t>(bytes));
  } else if (type.kind() == kFloat32) {
    *text += FormatFloat(Load<float>(bytes));
  } else if (type.kind() == kFloat64) {
    *text += FormatFloat(Load<double>(bytes));
  } else {
    *text += Quoted(TimeText(type, bytes));
  }
}

void AppendValid(const DataType& type, const Array& array, int64_t row,
                 std::string* text) {
  switch (LayoutOf(type)) {
    case ArrayLayout::kNull:
      break;
    case ArrayLayout::kBits:
      *text += GetBit(array.buffer(1)->data(), array.offset() + row) ? "true" : "false";
      break;
    case ArrayLayout::kFixed:
      AppendFixed(type, array.value_bytes(row), text);
      break;
    case ArrayLayout::kBinary:
      AppendBinary(type, array.value_bytes(row), text);
      break;
    case ArrayLayout::kList:
      AppendItems(type.child(0), *array.child(0), array.value_offset(row),
                  array.value_offset(row + 1), text);
      break;
    case ArrayLayout::kFixedList: {
      int64_t size = type.parameters().list_size;
      int64_t first = (array.offset() + row) * size;
      AppendItems(type.child(0), *array.child(0), first, first + size, text);
      break;
    }
    case ArrayLayout::kStruct:
      AppendStruct(type, array, row, text);
      break;
  }
}

void AppendValue(const Field& field, const Array& array, int64_t row, std::string* text) {
  if (!array.IsValid(row)) {
    *text += "null";
  } else if (IsBfloat16(field)) {
    *text += FormatBfloat16(Load<uint16_t>(array.value_bytes(row)));
  } else {
    AppendValid(LayoutType(*array.type()), array, row, text);
  }
}

}  // namespace

std::string Array::FormatValue(int64_t i) const {
  return FormatValue(i, {.type = type()});
}

std::string Array::FormatValue(int64_t i, const Field& field) const {
  std::string text;
  AppendValue(field, *this, i, &text);
  return text;
}

}  // namespace lancer
