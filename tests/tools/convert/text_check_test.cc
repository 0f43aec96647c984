#include "tools/convert/text_check.h"

#include <gtest/gtest.h>

#include <string>

namespace lancer::tools {
namespace {

TEST(IsUtf8Text, TellsWellFormedTexts) {
  for (const std::string text :
       {"", "abc", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "a\xC3\xA9z"}) {
    EXPECT_TRUE(IsUtf8Text(text)) << text;
  }
  for (const std::string text :
       {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xE2\x82", "\xC3(", "a\xFF"}) {
    EXPECT_FALSE(IsUtf8Text(text));
  }
}

TEST(ParseInt64, TakesShortestFormsOnly) {
  EXPECT_EQ(ParseInt64("0"), 0);
  EXPECT_EQ(ParseInt64("-9223372036854775808"), INT64_MIN);
  for (const char* text :
       {"", "-", "+1", "01", "-0", "1 ", "1.0", "9223372036854775808"}) {
    EXPECT_EQ(ParseInt64(text), std::nullopt) << text;
  }
  EXPECT_EQ(ParseUint64("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(ParseUint64("-1"), std::nullopt);
}

TEST(ParseDouble, TakesJsonNumbers) {
  EXPECT_EQ(ParseDouble("-2.5e3"), -2500.0);
  EXPECT_EQ(ParseDouble("1e-999"), 0.0);
  for (const char* text : {"", "x", "1e999", "nan", "inf", ".5", "0x10", "1,5"}) {
    EXPECT_EQ(ParseDouble(text), std::nullopt) << text;
  }
}

TEST(IsExactInDouble, KnowsWhereIntegersEnd) {
  EXPECT_TRUE(IsExactInDouble("9007199254740992"));
  EXPECT_FALSE(IsExactInDouble("9007199254740993"));
  EXPECT_FALSE(IsExactInDouble("-9007199254740993"));
  EXPECT_TRUE(IsExactInDouble("-18014398509481984"));
  EXPECT_TRUE(IsExactInDouble("0"));
}

}  // namespace
}  // namespace lancer::tools
