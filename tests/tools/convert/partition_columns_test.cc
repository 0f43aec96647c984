#include "tools/convert/partition_columns.h"

#include <gtest/gtest.h>

namespace lancer::tools {
namespace {

PartitionColumns Make(const std::vector<std::string>& values) {
  std::vector<InputPart> parts;
  for (const std::string& value : values) {
    parts.push_back({"f", {{"k", value}}});
  }
  return PartitionColumns(parts);
}

TEST(PartitionColumns, ChoosesTheNarrowestType) {
  struct Case {
    std::vector<std::string> values;
    const char* type;
    const char* first;
  };
  const Case cases[] = {
      {{"1", "-2"}, "int32", "1"},
      {{"1", "4294967296"}, "int64", "1"},
      {{"1", "x"}, "string", "\"1\""},
      {{"01"}, "string", "\"01\""},
      {{"__HIVE_DEFAULT_PARTITION__", "3"}, "int32", "null"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.values[0]);
    const PartitionColumns columns = Make(c.values);
    ASSERT_EQ(columns.fields().size(), 1u);
    EXPECT_EQ(columns.fields()[0].type->ToString(), c.type);
    const ArrayPtr values = columns.Values(0, 0, 3);
    EXPECT_EQ(values->length(), 3);
    EXPECT_EQ(values->FormatValue(2), c.first);
  }
}

TEST(PartitionColumns, IsNullWhereAFileHasNoSuchFolder) {
  const std::vector<InputPart> parts = {{"a", {{"k", "1"}}}, {"b", {}}};
  const PartitionColumns columns(parts);
  EXPECT_TRUE(columns.Has("k"));
  EXPECT_FALSE(columns.Has("x"));
  EXPECT_EQ(columns.Values(1, 0, 1)->FormatValue(0), "null");
}

}  // namespace
}  // namespace lancer::tools
