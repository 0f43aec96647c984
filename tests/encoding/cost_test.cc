#include "encoding/cost.h"

#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(Cost, AZstdBlockIsDearOnlyWhereOneValueIsRead) {
  const EncodingTree zstd =
      Node(EncodingId::kVarBytes, {Leaf(EncodingId::kFfor), Leaf(EncodingId::kZstd)});
  const EncodingTree lz4 =
      Node(EncodingId::kVarBytes, {Leaf(EncodingId::kFfor), Leaf(EncodingId::kLz4)});
  EXPECT_GT(LatencyFactor(zstd, Profile::kRandom, 4096), 2.0);
  EXPECT_EQ(LatencyFactor(zstd, Profile::kRandom, 1024), 1.0);
  EXPECT_EQ(LatencyFactor(lz4, Profile::kRandom, 4096), 1.0);
  EXPECT_EQ(LatencyFactor(zstd, Profile::kCompact, 65536), 1.0);
  EXPECT_GT(TreeFactor(zstd, Profile::kRandom), TreeFactor(lz4, Profile::kRandom));
  EXPECT_LT(TreeFactor(zstd, Profile::kCompact), TreeFactor(lz4, Profile::kCompact));
  EXPECT_EQ(TreeFactor(Leaf(EncodingId::kPlain), Profile::kRandom), 1.0);
}

TEST(Cost, PlanesUnderZstdAreReadFasterThanWhatRepeats) {
  const EncodingTree planes =
      Node(EncodingId::kZstd, {Leaf(EncodingId::kShuffle)}, kFewMatches);
  const EncodingTree matches = Node(EncodingId::kZstd, {Leaf(EncodingId::kShuffle)});
  EXPECT_LT(TreeFactor(planes, Profile::kCompact),
            TreeFactor(matches, Profile::kCompact));
  EXPECT_EQ(TreeFactor(planes, Profile::kRandom), TreeFactor(matches, Profile::kRandom));
  const EncodingTree pictures =
      Node(EncodingId::kZstd, {Leaf(EncodingId::kPredict, 1)}, kFewMatches);
  EXPECT_EQ(TreeFactor(pictures, Profile::kCompact),
            TreeFactor(matches, Profile::kCompact));
}

TEST(Cost, DifferencesOfFewPlacesAreCheaperThanThoseOfValues) {
  const EncodingTree differences =
      Node(EncodingId::kDeltaBase, {Leaf(EncodingId::kFfor)});
  const EncodingTree plain = Leaf(EncodingId::kPlain);
  const double values = TreeFactor(differences, Profile::kRandom);
  EXPECT_LT(TreeFactor(Node(EncodingId::kRunEnd, {differences, plain}), Profile::kRandom),
            values);
  EXPECT_LT(TreeFactor(Node(EncodingId::kSparse, {differences, plain}), Profile::kRandom),
            values);
  EXPECT_EQ(TreeFactor(Node(EncodingId::kRunEnd, {plain, differences}), Profile::kRandom),
            values);
}

}  // namespace
}  // namespace lancer::encoding
