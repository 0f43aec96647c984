#include "tools/terminal/progress_bar.h"

#include <gtest/gtest.h>

namespace lancer::tools {
namespace {

using enum ProgressBar::Unit;

TEST(ProgressBar, TellsShareAndRate) {
  EXPECT_EQ(ProgressBar::Line(kRows, 1000, 2000, 2'000'000),
            "[###############---------------]  50.0 %  1,000 of 2,000 rows  500 rows/s");
  EXPECT_EQ(ProgressBar::Line(kRows, 1000, std::nullopt, 1'000'000),
            "1,000 rows  1,000 rows/s");
  EXPECT_EQ(ProgressBar::Line(kBytes, 1 << 20, 2 << 20, 2'000'000),
            "[###############---------------]  50.0 %  1.0 MiB of 2.0 MiB  512.0 KiB/s");
}

TEST(ProgressBar, SurvivesWrongTotals) {
  EXPECT_EQ(ProgressBar::Line(kRows, 5, 2, 1'000'000),
            "[##############################] 100.0 %  5 of 2 rows  5 rows/s");
  EXPECT_EQ(ProgressBar::Line(kRows, 0, 0, 0), "0 rows  0 rows/s");
}

}  // namespace
}  // namespace lancer::tools
