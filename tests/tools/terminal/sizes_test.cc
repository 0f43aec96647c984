#include "tools/terminal/sizes.h"

#include <gtest/gtest.h>

namespace lancer::tools {
namespace {

TEST(FormatSize, ChangesUnitsWhereTheyRound) {
  EXPECT_EQ(FormatSize(0), "0 B");
  EXPECT_EQ(FormatSize(1023), "1023 B");
  EXPECT_EQ(FormatSize(1024), "1.0 KiB");
  EXPECT_EQ(FormatSize(1536), "1.5 KiB");
  EXPECT_EQ(FormatSize((1 << 20) - 1), "1.0 MiB");
  EXPECT_EQ(FormatSize(UINT64_MAX), "16.0 EiB");
}

TEST(FormatCount, GroupsDigits) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(63664), "63,664");
  EXPECT_EQ(FormatCount(1234567), "1,234,567");
}

TEST(FormatCountOf, HasAPluralForAllButOne) {
  EXPECT_EQ(FormatCountOf(0, "file"), "0 files");
  EXPECT_EQ(FormatCountOf(1, "check unit"), "1 check unit");
  EXPECT_EQ(FormatCountOf(63664, "fault"), "63,664 faults");
}

TEST(FormatShare, HasNoShareOfNothing) {
  EXPECT_EQ(FormatShare(1, 8), "12.5 %");
  EXPECT_EQ(FormatShare(0, 0), "-");
}

}  // namespace
}  // namespace lancer::tools
