#include "encoding/candidates.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "encoding/stream.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

bool Offers(const std::vector<EncodingTree>& trees, EncodingId id) {
  return std::ranges::any_of(
      trees, [&](const EncodingTree& tree) { return Contains(tree, id); });
}

TEST(Candidates, TensorsArePredictedInSmallProfilesAndStayInPlaceElsewhere) {
  const PhysicalType bytes = FixedOf(NumberKind::kUnsigned, 1);
  const LeafHas leaf{.tensor = {3000, 30, 3}};
  EXPECT_TRUE(
      Offers(CandidateTrees(bytes, Profile::kCompact, leaf), EncodingId::kPredict));
  EXPECT_FALSE(
      Offers(CandidateTrees(bytes, Profile::kCompact, {}), EncodingId::kPredict));
  for (const PhysicalType type : {bytes, FixedOf(NumberKind::kFloat, 4)}) {
    for (const EncodingTree& tree : CandidateTrees(type, Profile::kRandom, leaf)) {
      EXPECT_TRUE(IsStrideFixed(tree, type) || Contains(tree, EncodingId::kCast))
          << tree.ToString();
    }
  }
}

TEST(Candidates, AllFitTheirType) {
  for (const PhysicalType type : TestTypes()) {
    for (const LeafHas leaf : {LeafHas{}, LeafHas{true, false}, LeafHas{false, true}}) {
      std::vector<EncodingTree> trees = AllTrees(type, leaf);
      for (const Profile profile :
           {Profile::kRandom, Profile::kCompact, Profile::kArchive}) {
        const auto more = CandidateTrees(type, profile, leaf);
        EXPECT_EQ(more.front(), PlainTree(type));
        trees.insert(trees.end(), more.begin(), more.end());
      }
      for (const EncodingTree& tree : trees) {
        EXPECT_TRUE(CheckTree(tree, type).ok()) << TypeName(type) << tree.ToString();
        EXPECT_TRUE(leaf.dictionary || !Contains(tree, EncodingId::kDict));
        EXPECT_TRUE(leaf.symbol_table || !Contains(tree, EncodingId::kFsst));
      }
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
