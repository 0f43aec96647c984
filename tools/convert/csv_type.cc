#include "tools/convert/csv_type.h"

#include <limits>

#include "tools/convert/text_check.h"
#include "types/calendar.h"

namespace lancer::tools {
namespace {

// The digits [begin, begin + count) as a number, or -1.
int Digits(std::string_view text, size_t begin, size_t count) {
  int value = 0;
  for (size_t i = begin; i < begin + count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') {
      return -1;
    }
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::optional<double> ParseSpecial(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "nan" || text == "NaN") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (text == "inf" || text == "Infinity") {
    return kInfinity;
  }
  return text == "-inf" || text == "-Infinity" ? std::optional(-kInfinity) : std::nullopt;
}

std::optional<bool> ParseBool(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") {
    return true;
  }
  return text == "false" || text == "False" || text == "FALSE" ? std::optional(false)
                                                               : std::nullopt;
}

std::string_view WithoutZone(std::string_view text) {
  return text.ends_with('Z') ? text.substr(0, text.size() - 1) : text;
}

// Numbers that a double holds without loss of what is written: no leading zeros, and no
// integer beyond the exact ones.
bool IsPlainNumber(std::string_view text) {
  if (IsIntegerText(text)) {
    return ParseInt64(text) && IsExactInDouble(text);
  }
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool leading_zero =
      digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
  return !leading_zero && ParseDouble(text).has_value();
}

}  // namespace

std::optional<int32_t> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const int year = Digits(text, 0, 4);
  const int month = Digits(text, 5, 2);
  const int day = Digits(text, 8, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) {
    return std::nullopt;
  }
  return static_cast<int32_t>(DaysFromDate({.year = year, .month = month, .day = day}));
}

std::optional<int64_t> ParseTimestamp(std::string_view text) {
  const std::optional<int32_t> days = ParseDate(text.substr(0, 10));
  if (!days || text.size() < 19 || (text[10] != ' ' && text[10] != 'T') ||
      text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const int hour = Digits(text, 11, 2);
  const int minute = Digits(text, 14, 2);
  const int second = Digits(text, 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  int64_t micros = 0;
  if (text.size() > 19) {
    const size_t count = text.size() - 20;
    if (text[19] != '.' || count < 1 || count > 6) {
      return std::nullopt;
    }
    micros = Digits(text, 20, count);
    if (micros < 0) {
      return std::nullopt;
    }
    for (size_t i = count; i < 6; ++i) {
      micros *= 10;
    }
  }
  const int64_t seconds = ((int64_t{*days} * 24 + hour) * 60 + minute) * 60 + second;
  return seconds * 1'000'000 + micros;
}

void CsvType::Observe(std::string_view text) {
  seen_ = true;
  const auto keep_if = [&](Candidate candidate, auto holds) {
    if ((candidates_ & candidate) != 0 && !holds()) {
      candidates_ = static_cast<uint8_t>(candidates_ & ~candidate);
    }
  };
  keep_if(kInteger, [&] { return ParseInt64(text).has_value(); });
  keep_if(kUnsigned, [&] { return ParseUint64(text).has_value(); });
  keep_if(kBool, [&] { return ParseBool(text).has_value(); });
  keep_if(kDate, [&] { return ParseDate(text).has_value(); });
  keep_if(kTimestamp, [&] { return ParseTimestamp(text).has_value(); });
  keep_if(kTimestampUtc, [&] {
    return text.ends_with('Z') && ParseTimestamp(WithoutZone(text)).has_value();
  });
  keep_if(kDouble, [&] {
    const bool plain = IsPlainNumber(text);
    finite_ = finite_ || plain;
    return plain || ParseSpecial(text).has_value();
  });
}

TypePtr CsvType::ToDataType() const {
  if (!seen_) {
    return DataType::Make(TypeKind::kString);
  }
  if ((candidates_ & kInteger) != 0) {
    return DataType::Make(TypeKind::kInt64);
  }
  if ((candidates_ & kUnsigned) != 0) {
    return DataType::Make(TypeKind::kUInt64);
  }
  if ((candidates_ & kBool) != 0) {
    return DataType::Make(TypeKind::kBool);
  }
  if ((candidates_ & kDate) != 0) {
    return DataType::Make(TypeKind::kDate32);
  }
  if ((candidates_ & (kTimestamp | kTimestampUtc)) != 0) {
    return DataType::Timestamp(TimeUnit::kMicro,
                               (candidates_ & kTimestampUtc) != 0 ? "UTC" : "");
  }
  const bool is_double = (candidates_ & kDouble) != 0 && finite_;
  return DataType::Make(is_double ? TypeKind::kFloat64 : TypeKind::kString);
}

bool CsvType::Append(std::string_view text, ColumnBuilder* column) {
  switch (column->type()->kind()) {
    case TypeKind::kInt64:
      if (const std::optional<int64_t> value = ParseInt64(text)) {
        column->AppendInteger(static_cast<uint64_t>(*value));
        return true;
      }
      return false;
    case TypeKind::kUInt64:
      if (const std::optional<uint64_t> value = ParseUint64(text)) {
        column->AppendInteger(*value);
        return true;
      }
      return false;
    case TypeKind::kBool:
      if (const std::optional<bool> value = ParseBool(text)) {
        column->AppendBool(*value);
        return true;
      }
      return false;
    case TypeKind::kDate32:
      if (const std::optional<int32_t> value = ParseDate(text)) {
        column->AppendDate(*value);
        return true;
      }
      return false;
    case TypeKind::kTimestamp:
      if (const std::optional<int64_t> value = ParseTimestamp(WithoutZone(text))) {
        column->AppendInteger(static_cast<uint64_t>(*value));
        return true;
      }
      return false;
    case TypeKind::kFloat64: {
      const std::optional<double> special = ParseSpecial(text);
      const std::optional<double> value = special ? special : ParseDouble(text);
      if (value) {
        column->AppendDouble(*value);
      }
      return value.has_value();
    }
    default:
      column->AppendString(text);
      return true;
  }
}

}  // namespace lancer::tools
