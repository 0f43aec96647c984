#include "format/block_size.h"

#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "format/blocks.h"
#include "tests/format/input_fixture.h"

namespace lancer::format {
namespace {

using encoding::Choice;
using encoding::EncodingId;

Choice ChoiceOf(EncodingId id, double bytes_per_value) {
  encoding::EncodingTree tree;
  tree.nodes.push_back({.id = id});
  return {.tree = std::move(tree), .bytes_per_value = bytes_per_value};
}

ArrayPtr Texts(size_t bytes) {
  return test::MakeStringArray(test::Values<std::string>(10, std::string(bytes, 'x')));
}

TEST(BlockRows, FillTheProfilesTarget) {
  struct Case {
    Profile profile;
    EncodingId encoding;
    size_t length;
    uint64_t rows;
  };
  for (const Case& c : {
           Case{Profile::kRandom, EncodingId::kVarBytes, 252, 32},  // 8 KiB stored
           Case{Profile::kRandom, EncodingId::kZstd, 252, 8},       // 2 KiB raw
           Case{Profile::kRandom, EncodingId::kZstd, 124, 8},       // 1 KiB raw: short
           Case{Profile::kCompact, EncodingId::kZstd, 252, 256},    // 64 KiB raw
           Case{Profile::kArchive, EncodingId::kZstd, 252, 1024},   // 256 KiB raw
       }) {
    const InputFixture text(Texts(c.length), c.profile);
    EXPECT_EQ(BlockRows(text.input, ChoiceOf(c.encoding, 256), {}), c.rows)
        << static_cast<int>(c.profile) << " " << c.length;
  }
}

TEST(BlockRows, FlatNumbersHaveAtLeast1024AndNeverMoreThanABlockHolds) {
  const InputFixture numbers(test::MakeInt64Array({1, 2}));
  EXPECT_EQ(BlockRows(numbers.input, ChoiceOf(EncodingId::kFfor, 100), {}), 1024u);
  EXPECT_EQ(BlockRows(numbers.input, ChoiceOf(EncodingId::kFfor, 0), {}),
            uint64_t{1} << kMaxBlockShift);
}

TEST(BlockRows, LengthsOfListsCount) {
  const InputFixture lists(
      test::MakeListArray({4, 4}, test::MakeInt64Array({1, 2, 3, 4, 5, 6, 7, 8})));
  const Choice choice = ChoiceOf(EncodingId::kFfor, 4);
  const std::vector<double> free = {0};
  const std::vector<double> dear = {48};
  EXPECT_EQ(BlockRows(lists.input, choice, free), 512u);  // 16 bytes a row
  EXPECT_EQ(BlockRows(lists.input, choice, dear), 128u);  // 64 bytes a row
}

TEST(BlockRows, FramesStandInGroups) {
  struct Case {
    int32_t bytes;
    uint64_t rows;
  };
  for (const Case& c : {Case{1024, 64},         // 64 KiB
                        Case{100'000, 16},      // one key for sixteen
                        Case{1 << 20, 16},      // 16 MiB
                        Case{3'000'000, 4}}) {  // not more than these
    const TypePtr type = DataType::FixedSizeList(
        test::Required("item", DataType::Make(TypeKind::kUInt8)), c.bytes);
    const auto rows = static_cast<int64_t>(c.bytes > 1 << 20 ? 2 : 1);
    const InputFixture frames(
        test::MakeFixedSizeListArray(
            type, rows,
            test::MakeFixedArray<uint8_t>(
                DataType::Make(TypeKind::kUInt8),
                test::Values<uint8_t>(static_cast<size_t>(rows * c.bytes), uint8_t{1}))),
        Profile::kCompact);
    const Choice choice{
        .tree = {{{EncodingId::kZstd, 1, 0}, {EncodingId::kPredict, 0, 0}}},
        .bytes_per_value = 0.1};
    EXPECT_EQ(BlockRows(frames.input, choice, {}), c.rows) << c.bytes;
    EXPECT_EQ(ExpectedFrameValues(frames.input), c.rows * static_cast<uint64_t>(c.bytes));
  }
}

TEST(ExpectedBlockValues, CountsItems) {
  const InputFixture lists(
      test::MakeListArray({4, 4}, test::MakeInt64Array({1, 2, 3, 4, 5, 6, 7, 8})));
  EXPECT_EQ(ExpectedBlockValues(lists.input), 1024u);  // 256 rows of 32 bytes
  const InputFixture empty(test::MakeStringArray(test::Values<std::string>{}));
  EXPECT_EQ(ExpectedBlockValues(empty.input), 1u);
}

TEST(MissesBlockTarget, WhenAnotherCutWouldBringBlocksNearer) {
  const InputFixture text(Texts(100));
  encoding::EncodingTree tree = encoding::PlainTree(text.input.shape.type);
  EncodedPage page;
  page.meta.layout = LayoutKind::kBlocks;
  page.meta.block_shift = 5;
  page.index.resize(10 * BlockEntryBytes(false));
  const auto misses = [&](size_t mean_bytes) {
    page.bytes.resize(10 * mean_bytes);
    return MissesBlockTarget(text.input, tree, page);
  };
  EXPECT_TRUE(misses(8193));
  EXPECT_FALSE(misses(8192));
  EXPECT_FALSE(misses(4096));
  EXPECT_TRUE(misses(4095));
  page.meta.block_shift = kMaxBlockShift;  // cannot be longer
  EXPECT_FALSE(misses(100));
  page.meta.block_shift = 0;  // cannot be shorter
  EXPECT_FALSE(misses(100000));
  page.meta.block_shift = 5;
  page.meta.flags = kPageUnevenBlocks;
  EXPECT_FALSE(misses(100000));
  page.meta.flags = 0;
  tree.nodes[0].id = encoding::EncodingId::kFsst;  // its blocks are smaller
  EXPECT_TRUE(misses(2049));
  EXPECT_FALSE(misses(2048));
}

}  // namespace
}  // namespace lancer::format
