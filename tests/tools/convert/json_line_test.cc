#include "tools/convert/json_line.h"

#include <gtest/gtest.h>

#include <string>

namespace lancer::tools {
namespace {

std::string Shown(const JsonLine& line, uint32_t index) {  // NOLINT(misc-no-recursion)
  const JsonNode& node = line.nodes()[index];
  std::string inside;
  for (uint32_t i = index + 1; i < node.next; i = line.nodes()[i].next) {
    if (node.kind == JsonKind::kObject) {
      inside += std::string(line.key(line.nodes()[i])) + "=";
    }
    inside += Shown(line, i) + ";";
  }
  switch (node.kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kFalse:
      return "false";
    case JsonKind::kTrue:
      return "true";
    case JsonKind::kNumber:
      return std::string(line.text(node));
    case JsonKind::kString:
      return "'" + std::string(line.text(node)) + "'";
    case JsonKind::kList:
      return "[" + inside + "]";
    case JsonKind::kObject:
      return "{" + inside + "}";
  }
  return "";
}

TEST(JsonLine, TakesALineApart) {
  JsonLine line;
  ASSERT_TRUE(
      line.Parse(R"( {"a": [1, -2.5e3, true], "": {}, "b\n": null, "c": "é\u00e9"} )")
          .ok());
  EXPECT_EQ(Shown(line, 0), "{a=[1;-2.5e3;true;];={};b\n=null;c='éé';}");
  ASSERT_TRUE(line.Parse(R"("\ud83d\ude00\\\"\/")").ok());
  EXPECT_EQ(Shown(line, 0), "'\xF0\x9F\x98\x80\\\"/'");
}

TEST(JsonLine, SaysWhatIsWrongAndWhere) {
  struct Case {
    const char* text;
    const char* message;
  };
  const Case cases[] = {
      {"", "expected a value, found the end of the line"},
      {"{", "expected a field name in quotes, found the end of the line"},
      {"{\"a\" 1}", "expected ':' at byte 6"},
      {"[1 2]", "expected ',' or ']' at byte 4"},
      {"{\"a\":1,}", "expected a field name in quotes at byte 8"},
      {"1 2", "expected the end of the line at byte 3"},
      {"tru", "expected a value at byte 1"},
      {"-", "expected a value, found the end of the line"},
      {"01", "expected the end of the line at byte 2"},
      {"1.", "expected a digit, found the end of the line"},
      {"NaN", "expected a value at byte 1"},
      {"\"a", "expected a closing quote, found the end of the line"},
      {"\"\\x\"", "an unknown escape at byte 3"},
      {"\"\\ud800\"", "half of a surrogate pair at byte 8"},
      {"\"\\udc00\"", "half of a surrogate pair at byte 8"},
      {"\"\\u12g4\"", "expected four hexadecimal digits at byte 6"},
      {"\"\t\"", "a control character in a text at byte 2"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    JsonLine line;
    EXPECT_EQ(line.Parse(c.text).message(), c.message);
  }
  JsonLine line;
  EXPECT_FALSE(line.Parse("\"\xFF\"").ok());
}

TEST(JsonLine, BoundsNesting) {
  JsonLine line;
  EXPECT_TRUE(line.Parse(std::string(64, '[') + std::string(64, ']')).ok());
  EXPECT_EQ(line.Parse(std::string(50'000, '[')).message(),
            "nested deeper than 64 levels at byte 65");
}

}  // namespace
}  // namespace lancer::tools
