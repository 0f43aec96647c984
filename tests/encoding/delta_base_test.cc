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

TEST(DeltaBase, RefusesFloatsAndUnknownParameters) {
  const EncodingTree tree = Node(EncodingId::kDeltaBase, {Leaf(EncodingId::kFfor)});
  EXPECT_FALSE(CheckTree(tree, FixedOf(NumberKind::kFloat, 8)).ok());
  EXPECT_FALSE(CheckTree(Node(EncodingId::kDeltaBase, {Leaf(EncodingId::kFfor)}, 2),
                         FixedOf(NumberKind::kSigned, 8))
                   .ok());
}

}  // namespace
}  // namespace lancer::encoding
