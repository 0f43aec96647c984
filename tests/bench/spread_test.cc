#include "bench/spread.h"

#include <gtest/gtest.h>

namespace lancer::bench {
namespace {

TEST(Spread, GivesQuartilesByInterpolation) {
  struct Case {
    std::vector<double> samples;
    double low, median, high;
  };
  const std::vector<Case> cases = {
      {{}, 0, 0, 0},
      {{3}, 3, 3, 3},
      {{5, 1, 3}, 2, 3, 4},
      {{4, 2, 3, 1}, 1.75, 2.5, 3.25},
      {{9, 1, 8, 2, 7, 3, 6, 4, 5}, 3, 5, 7},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.samples.size());
    const Spread spread = SpreadOf(one.samples);
    EXPECT_DOUBLE_EQ(spread.low, one.low);
    EXPECT_DOUBLE_EQ(spread.median, one.median);
    EXPECT_DOUBLE_EQ(spread.high, one.high);
  }
}

TEST(PairedRatios, DividesByTheSameRepetition) {
  EXPECT_EQ(PairedRatios({2, 9, 8}, {1, 3, 4}), (std::vector<double>{2, 3, 2}));
}

TEST(PairedRatios, LeavesOutWhatOneSideLacks) {
  EXPECT_EQ(PairedRatios({2, 9, 8}, {1, 0}), (std::vector<double>{2}));
  EXPECT_TRUE(PairedRatios({}, {1}).empty());
}

}  // namespace
}  // namespace lancer::bench
