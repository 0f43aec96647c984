#include "encoding/candidates.h"

#include <gtest/gtest.h>

#include "encoding/stream.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(Candidates, AllFitTheirType) {
  for (const PhysicalType type : TestTypes()) {
    for (const bool dictionary : {false, true}) {
      std::vector<EncodingTree> trees = AllTrees(type, dictionary);
      for (const Profile profile :
           {Profile::kRandom, Profile::kCompact, Profile::kArchive}) {
        const auto more = CandidateTrees(type, profile, dictionary);
        EXPECT_EQ(more.front(), PlainTree(type));
        trees.insert(trees.end(), more.begin(), more.end());
      }
      for (const EncodingTree& tree : trees) {
        EXPECT_TRUE(CheckTree(tree, type).ok()) << TypeName(type) << tree.ToString();
        EXPECT_TRUE(dictionary || !Contains(tree, EncodingId::kDict));
      }
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
