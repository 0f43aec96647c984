#include <gtest/gtest.h>

#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(DeltaBase, RisingNumbersTakeTheWidthOfTheirSteps) {
  const ValueSet set = MakeValueSets(FixedOf(NumberKind::kUnsigned, 8), 2048)[3];
  ASSERT_EQ(set.name, "monotone");
  const auto encoded =
      EncodeSet(Node(EncodingId::kDeltaBase, {Leaf(EncodingId::kFfor)}), set, false);
  // Header of the child 10, two bases of 8, steps of 2 bits.
  EXPECT_EQ(encoded->stream.size(), 10U + 16 + 2048 * 2 / 8);
}

TEST(DeltaBase, ReadsRangesThatBeginAndEndAnywhere) {
  // As codes of a dictionary, which are read by range.
  const ValueSet set = MakeRandomTexts(5000, 3, 2);
  for (const EncodingTree& child :
       {Leaf(EncodingId::kFfor), Leaf(EncodingId::kPlain), Leaf(EncodingId::kZstd)}) {
    const auto encoded = EncodeSet(
        Node(EncodingId::kDict, {Node(EncodingId::kDeltaBase, {child}, 1)}), set, false);
    for (const uint64_t first : {0, 1, 1023, 1024, 3000, 4999}) {
      for (const uint64_t n : {1, 2, 900, 1024, 1025, 3000, 5000}) {
        if (first + n > set.count) {
          continue;
        }
        BytesTarget target;
        target.offsets = {0};
        ASSERT_TRUE(
            DecodeBytes(encoded->Stored(set.type, set.count), first, n, &target).ok());
        const auto begin =
            set.data.begin() + static_cast<std::ptrdiff_t>(set.offsets[first]);
        ASSERT_EQ(target.data.size(), set.offsets[first + n] - set.offsets[first]);
        EXPECT_TRUE(
            std::equal(target.data.bytes().begin(), target.data.bytes().end(), begin))
            << first << " + " << n;
      }
    }
  }
}

TEST(DeltaBase, RefusesFloatsAndUnknownParameters) {
  const EncodingTree tree = Node(EncodingId::kDeltaBase, {Leaf(EncodingId::kFfor)});
  EXPECT_FALSE(CheckTree(tree, FixedOf(NumberKind::kFloat, 8)).ok());
  EXPECT_FALSE(CheckTree(Node(EncodingId::kDeltaBase, {Leaf(EncodingId::kFfor)}, 2),
                         FixedOf(NumberKind::kSigned, 8))
                   .ok());
}

}  // namespace
}  // namespace lancer::encoding
