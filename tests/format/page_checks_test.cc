#include "format/page_checks.h"

#include <gtest/gtest.h>

#include <array>

#include "encoding/checksum.h"

namespace lancer::format {
namespace {

class UnitChecksTest : public ::testing::Test {
 protected:
  Status Check(uint64_t unit, uint32_t stored) {
    return checks_.Check(unit, bytes_, 4096, stored, 7, {.counters = &counters_});
  }

  const std::string where_ = "a.lancer: column x: page 3";
  const std::array<std::byte, 4> bytes_ = {std::byte{1}, std::byte{2}, std::byte{3},
                                           std::byte{4}};
  const uint32_t sound_ = encoding::Checksum32(bytes_, 7);
  Counters counters_;
  const UnitChecks checks_{130, &where_};
};

TEST_F(UnitChecksTest, AUnitIsDueUntilItMatched) {
  EXPECT_TRUE(checks_.Due(129, Verify::kOnce));
  ASSERT_TRUE(Check(129, sound_).ok());
  EXPECT_FALSE(checks_.Due(129, Verify::kOnce));
  EXPECT_TRUE(checks_.Due(128, Verify::kOnce));
  EXPECT_TRUE(checks_.Due(129, Verify::kAlways));
  EXPECT_FALSE(checks_.Due(128, Verify::kNever));
  EXPECT_EQ(counters_.units_checked, 1u);
}

TEST_F(UnitChecksTest, AMismatchIsToldWithItsPlaceAndStaysDue) {
  const Status status = Check(5, sound_ + 1);
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_EQ(status.message().find("a.lancer: column x: page 3: check unit 5 of 4 bytes "
                                  "at offset 4096: stored checksum "),
            0u)
      << status.ToString();
  EXPECT_TRUE(checks_.Due(5, Verify::kOnce));
}

TEST(CheckRows, NamesRowsBehindThePage) {
  const std::vector<uint32_t> rows = {1, 9, 3};
  EXPECT_TRUE(CheckRows("p", rows, 10).ok());
  EXPECT_EQ(CheckRows("p", rows, 9).ToString(), "InvalidArgument: p: rows 9 + 1 of 9");
  EXPECT_TRUE(CheckRows("p", {}, 0).ok());
}

TEST(CheckRowRange, RefusesRangesThatOverflow) {
  EXPECT_TRUE(CheckRowRange("p", 4, 6, 10).ok());
  EXPECT_TRUE(CheckRowRange("p", 10, 0, 10).ok());
  EXPECT_FALSE(CheckRowRange("p", 4, 7, 10).ok());
  EXPECT_FALSE(CheckRowRange("p", 11, 0, 10).ok());
  EXPECT_FALSE(CheckRowRange("p", 4, UINT64_MAX - 2, 10).ok());
}

TEST(PageChecks, SayWhereTheFaultLies) {
  EXPECT_EQ(IndexCorruption("p", "too short").ToString(),
            "Corruption: p: page index: too short");
  EXPECT_EQ(NotFetched("p", 64, 8).ToString(),
            "Internal: p: 8 bytes at 64 were not fetched");
}

}  // namespace
}  // namespace lancer::format
