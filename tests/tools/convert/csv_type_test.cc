#include "tools/convert/csv_type.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lancer::tools {
namespace {

TEST(ParseDate, KnowsTheCalendar) {
  EXPECT_EQ(ParseDate("1970-01-01"), 0);
  EXPECT_EQ(ParseDate("1969-12-31"), -1);
  EXPECT_EQ(ParseDate("2000-02-29"), 11016);
  EXPECT_EQ(ParseDate("0001-01-01"), -719162);
  for (const char* text : {"1900-02-29", "2023-02-29", "2023-13-01", "2023-00-01",
                           "2023-01-00", "2023-1-01", "2023/01/01", "", "2023-01-0x"}) {
    EXPECT_EQ(ParseDate(text), std::nullopt) << text;
  }
}

TEST(ParseTimestamp, ReadsFractions) {
  EXPECT_EQ(ParseTimestamp("1970-01-01 00:00:01"), 1'000'000);
  EXPECT_EQ(ParseTimestamp("1970-01-01T00:00:00.5"), 500'000);
  EXPECT_EQ(ParseTimestamp("1969-12-31 23:59:59.999999"), -1);
  for (const char* text : {"1970-01-01", "1970-01-01 24:00:00", "1970-01-01 00:60:00",
                           "1970-01-01 00:00:00.", "1970-01-01 00:00:00.1234567"}) {
    EXPECT_EQ(ParseTimestamp(text), std::nullopt) << text;
  }
}

TEST(CsvType, ChoosesTheFirstTypeThatLosesNothing) {
  struct Case {
    std::vector<std::string> texts;
    std::string type;
  };
  const Case cases[] = {
      {{}, "string"},
      {{"1", "-2"}, "int64"},
      {{"1", "2.5"}, "double"},
      {{"007"}, "string"},
      {{"9223372036854775809", "1"}, "uint64"},
      {{"9223372036854775809", "-1"}, "string"},
      {{"123456789012345678901"}, "string"},
      {{"-0"}, "double"},
      {{"-0", "1"}, "double"},
      {{"-00"}, "string"},
      {{"-0", "9007199254740993"}, "string"},
      {{"9007199254740993", "0.5"}, "string"},
      {{"9007199254740992", "0.5"}, "double"},
      {{"1e3", "nan"}, "double"},
      {{"nan", "inf"}, "string"},
      {{"1e999"}, "string"},
      {{"true", "False"}, "bool"},
      {{"true", "1"}, "string"},
      {{"2024-02-29"}, "date32[day]"},
      {{"2024-02-29 01:02:03"}, "timestamp[us]"},
      {{"2024-02-29T01:02:03Z"}, "timestamp[us, tz=UTC]"},
      {{"2024-02-29T01:02:03Z", "2024-02-29T01:02:03"}, "string"},
      {{"2024-02-29", "x"}, "string"},
      {{""}, "string"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.texts.empty() ? "" : c.texts[0]);
    CsvType type;
    for (const std::string& text : c.texts) {
      type.Observe(text);
    }
    EXPECT_EQ(type.ToDataType()->ToString(), c.type);
    ColumnBuilder column(type.ToDataType());
    for (const std::string& text : c.texts) {
      EXPECT_TRUE(CsvType::Append(text, &column)) << text;
    }
    EXPECT_EQ(column.length(), static_cast<int64_t>(c.texts.size()));
  }
}

TEST(CsvType, RefusesATextThatDoesNotFit) {
  ColumnBuilder column(DataType::Make(TypeKind::kInt64));
  EXPECT_FALSE(CsvType::Append("x", &column));
  EXPECT_EQ(column.length(), 0);
}

}  // namespace
}  // namespace lancer::tools
