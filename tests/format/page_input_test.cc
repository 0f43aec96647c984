#include "format/page_input.h"

#include <gtest/gtest.h>

#include "tests/format/input_fixture.h"

namespace lancer::format {
namespace {

TEST(PageInput, MeansCountWhatIsValid) {
  const InputFixture text(test::MakeStringArray({"abc", std::nullopt, "abcde"}));
  EXPECT_DOUBLE_EQ(text.input.MeanLength(), 4);
  EXPECT_DOUBLE_EQ(text.input.PlainBytesPerValue(), 8);
  EXPECT_DOUBLE_EQ(text.input.ValuesPerRow(), 1);
}

TEST(PageInput, CountsItemsOfLists) {
  const InputFixture lists(
      test::MakeListArray({3, 0, 3}, test::MakeInt64Array({1, 2, 3, 4, 5, 6})));
  EXPECT_DOUBLE_EQ(lists.input.ValuesPerRow(), 2);
  EXPECT_DOUBLE_EQ(lists.input.PlainBytesPerValue(), 8);
}

TEST(PageInput, MeansOfNothingAreNumbers) {
  const InputFixture empty(test::MakeStringArray(test::Values<std::string>{}));
  EXPECT_DOUBLE_EQ(empty.input.MeanLength(), 0);
  EXPECT_DOUBLE_EQ(empty.input.ValuesPerRow(), 0);
}

TEST(PageInput, ABitTakesAnEighthOfAByte) {
  const InputFixture bits(test::MakeBoolArray({true, false}));
  EXPECT_DOUBLE_EQ(bits.input.PlainBytesPerValue(), 1.0 / 8);
}

TEST(SliceValues, CopiesBitsThatStartInsideAByte) {
  const InputFixture bits(test::MakeBoolArray(
      {true, false, false, true, false, true, true, true, false, true, false, false}));
  std::vector<std::byte> shifted;
  const encoding::Values slice = SliceValues(bits.input.values, 3, 8, &shifted);
  EXPECT_EQ(slice.count, 8u);
  EXPECT_EQ(slice.data[0], std::byte{0b01011101});
  EXPECT_EQ(slice.data.data(), shifted.data());
  const encoding::Values aligned = SliceValues(bits.input.values, 8, 4, &shifted);
  EXPECT_EQ(aligned.data.data(), bits.input.values.data.data() + 1);
}

TEST(SliceValues, KeepsOffsetsOfByteStrings) {
  const InputFixture text(test::MakeStringArray({"a", "bc", "def"}));
  std::vector<std::byte> shifted;
  const encoding::Values slice = SliceValues(text.input.values, 1, 2, &shifted);
  ASSERT_EQ(slice.offsets.size(), 3u);
  EXPECT_EQ(slice.offsets[0], 1u);
  EXPECT_EQ(slice.offsets[2], 6u);
}

}  // namespace
}  // namespace lancer::format
