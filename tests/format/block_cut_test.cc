#include "format/block_cut.h"

#include <gtest/gtest.h>

#include "format/blocks.h"
#include "tests/format/input_fixture.h"

namespace lancer::format {
namespace {

BlockCut CutOf(const ArrayPtr& array, uint64_t block_rows) {
  const InputFixture page(array);
  const std::vector<double> lengths(page.shape.levels.size(), 1.0);
  const double mean = static_cast<double>(page.statistics.total_bytes) /
                      static_cast<double>(std::max<uint64_t>(page.input.values.count, 1));
  return CutBlocks(page.input, mean + 1, lengths, block_rows);
}

TEST(CutBlocks, IsEvenWhereRowsAreAlike) {
  const ArrayPtr array = test::MakeStringArray(test::Values<std::string>(3000, "text"));
  const BlockCut cut = CutOf(array, 1024);
  EXPECT_FALSE(cut.uneven);
  EXPECT_EQ(cut.shift, 10);
}

TEST(CutBlocks, IsHeldTo2To15Rows) {
  EXPECT_EQ(CutOf(test::MakeInt64Array({1, 2}), uint64_t{1} << 30).shift, 15);
  EXPECT_EQ(CutOf(test::MakeInt64Array({1, 2}), 0).shift, 0);
}

TEST(CutBlocks, GivesLongStringsBlocksOfTheirOwn) {
  test::Values<std::string> values(3000, "text");
  values[700] = std::string(100000, 'x');
  const BlockCut cut = CutOf(test::MakeStringArray(values), 256);
  ASSERT_TRUE(cut.uneven);
  EXPECT_EQ(cut.starts.front(), 0u);
  EXPECT_EQ(cut.starts.back(), 3000u);
  const auto found = std::find(cut.starts.begin(), cut.starts.end(), 700u);
  ASSERT_NE(found, cut.starts.end());
  EXPECT_EQ(*(found + 1), 701u);
  for (size_t i = 1; i < cut.starts.size(); ++i) {
    EXPECT_GT(cut.starts[i], cut.starts[i - 1]);
    EXPECT_LE(cut.starts[i] - cut.starts[i - 1], kMaxUnevenRows);
  }
}

}  // namespace
}  // namespace lancer::format
