#include "tools/terminal/progress_bar.h"

#include <gtest/gtest.h>

namespace lancer::tools {
namespace {

TEST(ProgressBar, TellsShareAndRate) {
  EXPECT_EQ(ProgressBar::Line(1000, 2000, 2'000'000),
            "[###############---------------]  50.0 %  1,000 of 2,000 rows  500 rows/s");
  EXPECT_EQ(ProgressBar::Line(1000, std::nullopt, 1'000'000), "1,000 rows  1,000 rows/s");
}

TEST(ProgressBar, SurvivesWrongTotals) {
  EXPECT_EQ(ProgressBar::Line(5, 2, 1'000'000),
            "[##############################] 100.0 %  5 of 2 rows  5 rows/s");
  EXPECT_EQ(ProgressBar::Line(0, 0, 0), "0 rows  0 rows/s");
}

}  // namespace
}  // namespace lancer::tools
