#include "tools/convert/json_type.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lancer::tools {
namespace {

// The schema of the lines, or the error.
std::string TypeOf(const std::vector<std::string>& lines) {
  JsonType type;
  JsonLine line;
  FieldPath path;
  size_t field_count = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    EXPECT_TRUE(line.Parse(lines[i]).ok());
    Status status = type.Observe(line, 0, i + 1, &path, &field_count);
    if (!status.ok()) {
      return std::string(status.message());
    }
  }
  return type.ToDataType()->ToString();
}

TEST(JsonType, FindsTypes) {
  struct Case {
    std::vector<std::string> lines;
    std::string type;
  };
  const Case cases[] = {
      {{R"({"a":1})", R"({"a":null,"b":true})"}, "struct<a: int64, b: bool>"},
      {{R"({"a":1})", R"({"a":2.5})"}, "struct<a: double>"},
      {{R"({"a":18446744073709551615})"}, "struct<a: uint64>"},
      {{R"({"a":-0})"}, "struct<a: double>"},
      {{R"({"a":[]})"}, "struct<a: list<item: null>>"},
      {{R"({"a":[]})", R"({"a":["x"]})"}, "struct<a: list<item: string>>"},
      {{R"({"a":[{"b":1},{"c":"x"}]})"},
       "struct<a: list<item: struct<b: int64, c: string>>>"},
      {{R"({"a":null})"}, "struct<a: null>"},
      {{R"({"a":"NaN"})", R"({"a":0.5})"}, "struct<a: double>"},
      {{R"({"a":1})", R"({"a":"-Infinity"})"}, "struct<a: double>"},
      {{R"({"a":"Infinity"})", R"({"a":1})"}, "struct<a: double>"},
      {{R"({"a":"NaN"})", R"({"a":"x"})", R"({"a":"NaN"})"}, "struct<a: string>"},
      {{R"({"a":"NaN"})"}, "struct<a: double>"},
      {{R"({"a":null})", R"({"a":"-Infinity"})", R"({"a":"NaN"})"}, "struct<a: double>"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.lines[0]);
    EXPECT_EQ(TypeOf(c.lines), c.type);
  }
}

TEST(JsonType, RefusesWhatWouldLose) {
  EXPECT_EQ(
      TypeOf({R"({"a":{"b":1}})", R"({"a":{"b":"x"}})"}),
      "line 2: field a.b: holds a text, but line 1 holds a number; a column has one "
      "type: write all its values as that, or all as texts");
  EXPECT_EQ(
      TypeOf({R"({"a":0.5})", R"({"a":9007199254740993})"}),
      "line 2: field a: integer 9007199254740993 would lose digits: line 1 makes the "
      "column float64; write it as a text");
  EXPECT_EQ(
      TypeOf({R"({"a":9007199254740993})", R"({"a":0.5})"}),
      "line 1: field a: integer 9007199254740993 would lose digits: line 2 makes the "
      "column float64; write it as a text");
  EXPECT_EQ(
      TypeOf({R"({"a":9007199254740993})", R"({"a":"NaN"})"}),
      "line 1: field a: integer 9007199254740993 would lose digits: line 2 makes the "
      "column float64; write it as a text");
  EXPECT_EQ(
      TypeOf({R"({"a":"NaN"})", R"({"a":"x"})", R"({"a":1})"}),
      "line 3: field a: holds a number, but line 2 holds a text; a column has one type: "
      "write all its values as that, or all as texts");
  EXPECT_EQ(
      TypeOf({R"({"a":1})", R"({"a":"nan"})"}),
      "line 2: field a: holds a text, but line 1 holds a number; a column has one type: "
      "write all its values as that, or all as texts");
  EXPECT_EQ(TypeOf({R"({"a":-1})", R"({"a":18446744073709551615})"}),
            "line 2: field a: integer 18446744073709551615 would lose digits: it needs "
            "uint64, but line 1 is negative; write it as a text");
  EXPECT_EQ(
      TypeOf({R"({"a":123456789012345678901})"}),
      "line 1: field a: integer 123456789012345678901 would lose digits: it does not "
      "fit 64 bits; write it as a text");
  EXPECT_EQ(TypeOf({R"({"a":1e999})"}),
            "line 1: field a: number 1e999 is too large; write it as a text");
  EXPECT_EQ(TypeOf({R"({"a":1,"a":2})"}),
            "line 1: field a: stands twice in one object; rename one of them");
}

TEST(JsonType, BoundsTheNumberOfFields) {
  std::vector<std::string> lines;
  for (size_t i = 0; i <= JsonType::kMaxFields; ++i) {
    lines.push_back("{\"f" + std::to_string(i) + "\":1}");
  }
  EXPECT_NE(TypeOf(lines).find("more than 20000 different fields"), std::string::npos);
}

}  // namespace
}  // namespace lancer::tools
