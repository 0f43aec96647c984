// CsvType: the type of a csv column, found by looking at all of its texts.
//
// The first of these that holds every text without loss: int64, uint64, bool, date32,
// timestamp (microseconds, UTC when every text ends in Z), float64; else string. "007"
// and 123456789012345678901 stay strings; "-0" is a float64. Thread rule: one thread at a
// time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lancer/type.h"
#include "tools/convert/column_builder.h"

namespace lancer::tools {

// Days since 1970-01-01 of "YYYY-MM-DD".
std::optional<int32_t> ParseDate(std::string_view text);
// Microseconds since 1970-01-01 of "YYYY-MM-DD HH:MM:SS[.ffffff]" ('T' or ' ').
std::optional<int64_t> ParseTimestamp(std::string_view text);

class CsvType {
 public:
  // `text` is not null.
  void Observe(std::string_view text);
  TypePtr ToDataType() const;
  // Appends `text`; false when the column's type cannot hold it.
  static bool Append(std::string_view text, ColumnBuilder* column);

 private:
  enum Candidate : uint8_t {
    kInteger = 1,
    kBool = 2,
    kDate = 4,
    kTimestamp = 8,
    kTimestampUtc = 16,
    kDouble = 32,
    kUnsigned = 64,
  };
  uint8_t candidates_ = 127;
  bool seen_ = false;
  bool finite_ = false;  // a number that is neither nan nor inf was seen
};

}  // namespace lancer::tools
