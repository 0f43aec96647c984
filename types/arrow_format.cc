#include "types/arrow_format.h"

#include <charconv>
#include <vector>

namespace lancer {
namespace {

using enum TypeKind;

// Kinds whose format has no parameters. Dictionary is not here: it is what an ArrowSchema
// with a dictionary is, whatever its format.
struct PlainFormat {
  std::string_view format;
  TypeKind kind;
  TimeUnit unit = TimeUnit::kSecond;
};
constexpr PlainFormat kPlainFormats[] = {
    {"n", kNull},
    {"b", kBool},
    {"c", kInt8},
    {"C", kUInt8},
    {"s", kInt16},
    {"S", kUInt16},
    {"i", kInt32},
    {"I", kUInt32},
    {"l", kInt64},
    {"L", kUInt64},
    {"e", kFloat16},
    {"f", kFloat32},
    {"g", kFloat64},
    {"z", kBinary},
    {"Z", kLargeBinary},
    {"vz", kBinaryView},
    {"u", kString},
    {"U", kLargeString},
    {"vu", kStringView},
    {"tdD", kDate32},
    {"tdm", kDate64},
    {"tts", kTime32, TimeUnit::kSecond},
    {"ttm", kTime32, TimeUnit::kMilli},
    {"ttu", kTime64, TimeUnit::kMicro},
    {"ttn", kTime64, TimeUnit::kNano},
    {"tDs", kDuration, TimeUnit::kSecond},
    {"tDm", kDuration, TimeUnit::kMilli},
    {"tDu", kDuration, TimeUnit::kMicro},
    {"tDn", kDuration, TimeUnit::kNano},
    {"tiM", kIntervalMonths},
    {"tiD", kIntervalDayTime},
    {"tin", kIntervalMonthDayNano},
    {"+l", kList},
    {"+L", kLargeList},
    {"+vl", kListView},
    {"+vL", kLargeListView},
    {"+s", kStruct},
    {"+m", kMap},
    {"+r", kRunEndEncoded},
};
constexpr std::string_view kUnits = "smun";  // of timestamps, in the order of TimeUnit

Status NotAFormat(std::string_view format) {
  return Status::InvalidArgument("\"" + std::string(format.substr(0, 64)) +
                                 "\" is not an Arrow format");
}

// "1,2,3" as numbers; nothing when it is anything else.
std::vector<int32_t> Numbers(std::string_view text) {
  std::vector<int32_t> numbers;
  const char* at = text.data();
  const char* end = at + text.size();
  while (true) {
    int32_t number = 0;
    auto [stop, error] = std::from_chars(at, end, number);
    if (error != std::errc()) {
      return {};
    }
    numbers.push_back(number);
    if (stop == end) {
      return numbers;
    }
    if (*stop != ',') {
      return {};
    }
    at = stop + 1;
  }
}

Result<ArrowFormat> ParseDecimal(std::string_view format) {
  std::vector<int32_t> numbers = Numbers(format.substr(2));
  if (numbers.size() != 2 && numbers.size() != 3) {
    return NotAFormat(format);
  }
  ArrowFormat parsed{.kind = kDecimal128};
  switch (numbers.size() == 3 ? numbers[2] : 128) {
    case 32:
      parsed.kind = kDecimal32;
      break;
    case 64:
      parsed.kind = kDecimal64;
      break;
    case 128:
      break;
    case 256:
      parsed.kind = kDecimal256;
      break;
    default:
      return Status::Unsupported("decimals of " + std::to_string(numbers[2]) + " bits");
  }
  parsed.parameters.precision = numbers[0];
  parsed.parameters.scale = numbers[1];
  return parsed;
}

Result<ArrowFormat> ParseSized(std::string_view format, TypeKind kind,
                               std::string_view size) {
  std::vector<int32_t> numbers = Numbers(size);
  if (numbers.size() != 1) {
    return NotAFormat(format);
  }
  ArrowFormat parsed{.kind = kind};
  (kind == kFixedSizeList ? parsed.parameters.list_size : parsed.parameters.byte_width) =
      numbers[0];
  return parsed;
}

std::string DecimalFormat(const DataType& type) {
  std::string format = "d:";
  format += std::to_string(type.parameters().precision) + ",";
  format += std::to_string(type.parameters().scale);
  return type.kind() == kDecimal128
             ? format
             : format + "," + std::to_string(type.byte_width() * 8);
}

}  // namespace

Result<ArrowFormat> ParseArrowFormat(std::string_view format) {
  for (const PlainFormat& plain : kPlainFormats) {
    if (plain.format == format) {
      return ArrowFormat{.kind = plain.kind, .parameters = {.unit = plain.unit}};
    }
  }
  if (format.starts_with("d:")) {
    return ParseDecimal(format);
  }
  if (format.starts_with("w:")) {
    return ParseSized(format, kFixedSizeBinary, format.substr(2));
  }
  if (format.starts_with("+w:")) {
    return ParseSized(format, kFixedSizeList, format.substr(3));
  }
  if (format.starts_with("+ud:") || format.starts_with("+us:")) {
    return Status::Unsupported("union types are not supported");
  }
  if (format.size() >= 4 && format.starts_with("ts") && format[3] == ':') {
    size_t unit = kUnits.find(format[2]);
    if (unit != std::string_view::npos) {
      return ArrowFormat{.kind = kTimestamp,
                         .parameters = {.unit = static_cast<TimeUnit>(unit),
                                        .time_zone = std::string(format.substr(4))}};
    }
  }
  return NotAFormat(format);
}

std::string FormatArrowType(const DataType& type) {
  const DataType::Parameters& parameters = type.parameters();
  switch (type.kind()) {
    case kDictionary:
      return FormatArrowType(*parameters.index_type);
    case kTimestamp:
      return std::string("ts") + kUnits[static_cast<size_t>(parameters.unit)] + ":" +
             parameters.time_zone;
    case kFixedSizeBinary:
      return std::string("w:").append(std::to_string(parameters.byte_width));
    case kFixedSizeList:
      return std::string("+w:").append(std::to_string(parameters.list_size));
    case kDecimal32:
    case kDecimal64:
    case kDecimal128:
    case kDecimal256:
      return DecimalFormat(type);
    default:
      break;
  }
  bool has_unit =
      type.kind() == kTime32 || type.kind() == kTime64 || type.kind() == kDuration;
  for (const PlainFormat& plain : kPlainFormats) {
    if (plain.kind == type.kind() && (!has_unit || plain.unit == parameters.unit)) {
      return std::string(plain.format);
    }
  }
  return "n";  // every kind is in the table or above: a test goes through them
}

}  // namespace lancer
