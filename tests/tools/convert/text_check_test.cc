#include "tools/convert/text_check.h"

#include <gtest/gtest.h>

#include <string>

namespace lancer::tools {
namespace {

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

TEST(IsIntegerText, LeavesTheNegativeZeroToFloats) {
  for (const char* text : {"0", "-1", "007", "-00", "123456789012345678901"}) {
    EXPECT_TRUE(IsIntegerText(text)) << text;
  }
  for (const char* text : {"", "-", "-0", "1.0", "x"}) {
    EXPECT_FALSE(IsIntegerText(text)) << text;
  }
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
