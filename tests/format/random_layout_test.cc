#include "format/random_layout.h"

#include <gtest/gtest.h>

#include <set>

#include "encoding/candidates.h"
#include "format/blocks.h"
#include "tests/format/input_fixture.h"

namespace lancer::format {
namespace {

std::set<LayoutKind> LayoutsOf(const PageInput& input, const encoding::Choice& choice) {
  std::set<LayoutKind> layouts;
  for (uint64_t ordinal = 0; ordinal < 50; ++ordinal) {
    layouts.insert(RandomLayout(ordinal).Layout(input, choice));
  }
  return layouts;
}

TEST(RandomLayout, DrawsEveryLayoutThatFitsAndNoOther) {
  const InputFixture text(test::MakeStringArray({"a", "b"}));
  const InputFixture numbers(test::MakeInt64Array({1, 2}));
  const InputFixture lists(test::MakeListArray({2}, test::MakeInt64Array({1, 2})));
  const encoding::Choice plain = {.tree = encoding::PlainTree(numbers.shape.type),
                                  .bytes_per_value = 8,
                                  .stride_fixed = true};
  EXPECT_EQ(LayoutsOf(text.input, plain),
            (std::set{LayoutKind::kVariable, LayoutKind::kBlocks}));
  EXPECT_EQ(LayoutsOf(numbers.input, plain),
            (std::set{LayoutKind::kUniform, LayoutKind::kBlocks}));
  EXPECT_EQ(LayoutsOf(lists.input, plain), std::set{LayoutKind::kBlocks});
}

TEST(RandomLayout, CutsAllRowsIntoBlocksThatAreNotEmpty) {
  std::set<bool> kinds;
  for (uint64_t ordinal = 0; ordinal < 50; ++ordinal) {
    const BlockCut cut = RandomLayout(ordinal).Cut(5000);
    kinds.insert(cut.uneven);
    if (!cut.uneven) {
      EXPECT_LE(cut.shift, kMaxBlockShift);
      continue;
    }
    ASSERT_GE(cut.starts.size(), 2u);
    EXPECT_EQ(cut.starts.front(), 0u);
    EXPECT_EQ(cut.starts.back(), 5000u);
    for (size_t i = 1; i < cut.starts.size(); ++i) {
      EXPECT_GT(cut.starts[i], cut.starts[i - 1]);
    }
  }
  EXPECT_EQ(kinds.size(), 2u);
}

TEST(RandomLayout, ThePageDecidesWhatIsDrawn) {
  std::set<uint8_t> shifts;
  for (uint64_t ordinal = 0; ordinal < 50; ++ordinal) {
    const BlockCut once = RandomLayout(ordinal).Cut(1000);
    const BlockCut again = RandomLayout(ordinal).Cut(1000);
    EXPECT_EQ(once.shift, again.shift);
    EXPECT_EQ(once.starts, again.starts);
    shifts.insert(once.shift);
  }
  EXPECT_GT(shifts.size(), 5u);
}

}  // namespace
}  // namespace lancer::format
