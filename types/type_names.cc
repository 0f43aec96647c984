// Type names as Arrow and pyarrow spell them; they appear in messages and in the output
// of the tools, so people compare them with what pyarrow prints.
#include <array>

#include "lancer/type.h"

namespace lancer {
namespace {

std::string_view UnitName(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kSecond:
      return "s";
    case TimeUnit::kMilli:
      return "ms";
    case TimeUnit::kMicro:
      return "us";
    default:
      return "ns";
  }
}

std::string Enclosed(char open, const std::string& text, char close) {
  std::string enclosed(1, open);
  enclosed += text;
  enclosed += close;
  return enclosed;
}

std::string Bracketed(const std::string& text) { return Enclosed('[', text, ']'); }

std::string FieldText(const Field& field) {
  std::string text = field.name + ": " + field.type->ToString();
  return field.nullable ? text : text + " not null";
}

std::string FieldsText(const std::vector<Field>& fields) {
  std::string text = "<";
  for (size_t i = 0; i < fields.size(); ++i) {
    text += i == 0 ? "" : ", ";
    text += FieldText(fields[i]);
  }
  return text + ">";
}

std::string MapText(const DataType& type) {
  const std::vector<Field>& entries = type.child(0).type->children();
  std::string text = "map<" + entries[0].type->ToString() + ", " +
                     entries[1].type->ToString() +
                     (entries[1].nullable ? "" : " not null");
  return text + (type.parameters().keys_sorted ? ", keys_sorted>" : ">");
}

std::string DictionaryText(const DataType& type) {
  return "dictionary<values=" + type.child(0).type->ToString() +
         ", indices=" + type.parameters().index_type->ToString() +
         ", ordered=" + (type.parameters().ordered ? "1>" : "0>");
}

std::string RunEndText(const DataType& type) {
  return "run_end_encoded<run_ends: " + type.child(0).type->ToString() +
         ", values: " + type.child(1).type->ToString() + ">";
}

// What stands behind the kind's name; empty for kinds without parameters.
std::string ParametersText(const DataType& type) {
  using enum TypeKind;
  const DataType::Parameters& parameters = type.parameters();
  std::string unit(UnitName(parameters.unit));
  switch (type.kind()) {
    case kDate32:
      return "[day]";
    case kDate64:
      return "[ms]";
    case kTime32:
    case kTime64:
    case kDuration:
      return Bracketed(unit);
    case kTimestamp:
      return parameters.time_zone.empty()
                 ? Bracketed(unit)
                 : Bracketed(unit + ", tz=" + parameters.time_zone);
    case kDecimal32:
    case kDecimal64:
    case kDecimal128:
    case kDecimal256:
      return Enclosed(
          '(',
          std::to_string(parameters.precision) + ", " + std::to_string(parameters.scale),
          ')');
    case kFixedSizeBinary:
      return Bracketed(std::to_string(parameters.byte_width));
    case kFixedSizeList:
      return FieldsText(type.children()) +
             Bracketed(std::to_string(parameters.list_size));
    case kList:
    case kLargeList:
    case kListView:
    case kLargeListView:
    case kStruct:
      return FieldsText(type.children());
    default:
      return "";
  }
}

}  // namespace

std::string_view TypeKindName(TypeKind kind) {
  static constexpr std::array<std::string_view, 42> kNames = {"null",
                                                              "bool",
                                                              "int8",
                                                              "int16",
                                                              "int32",
                                                              "int64",
                                                              "uint8",
                                                              "uint16",
                                                              "uint32",
                                                              "uint64",
                                                              "halffloat",
                                                              "float",
                                                              "double",
                                                              "decimal128",
                                                              "decimal256",
                                                              "date32",
                                                              "date64",
                                                              "time32",
                                                              "time64",
                                                              "timestamp",
                                                              "duration",
                                                              "string",
                                                              "large_string",
                                                              "string_view",
                                                              "binary",
                                                              "large_binary",
                                                              "binary_view",
                                                              "fixed_size_binary",
                                                              "list",
                                                              "large_list",
                                                              "list_view",
                                                              "large_list_view",
                                                              "fixed_size_list",
                                                              "struct",
                                                              "map",
                                                              "dictionary",
                                                              "run_end_encoded",
                                                              "month_interval",
                                                              "day_time_interval",
                                                              "month_day_nano_interval",
                                                              "decimal32",
                                                              "decimal64"};
  auto index = static_cast<size_t>(kind);
  return index < kNames.size() ? kNames[index] : std::string_view("unknown");
}

std::string DataType::ToString() const {
  switch (kind_) {
    case TypeKind::kMap:
      return MapText(*this);
    case TypeKind::kDictionary:
      return DictionaryText(*this);
    case TypeKind::kRunEndEncoded:
      return RunEndText(*this);
    default:
      return std::string(TypeKindName(kind_)) + ParametersText(*this);
  }
}

}  // namespace lancer
