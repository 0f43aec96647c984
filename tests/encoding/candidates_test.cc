#include "encoding/candidates.h"

#include <gtest/gtest.h>

#include "encoding/stream.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

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
