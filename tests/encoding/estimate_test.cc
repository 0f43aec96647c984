#include "encoding/estimate.h"

#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "encoding/dictionary.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

// Bytes per value of the whole set when each block is a stream of its own.
double StoredBytes(const EncodingTree& tree, const ValueSet& set, uint64_t block) {
  const Values values = set.view();
  DictionaryBuilder builder(set.type);
  std::vector<std::byte> stored;
  for (uint64_t first = 0; first < set.count; first += block) {
    const Values part = values.Slice(first, std::min(block, set.count - first));
    EXPECT_TRUE(EncodeStream(tree, {.dictionary = &builder}, part, &stored).ok());
  }
  return static_cast<double>(stored.size() + builder.size_bytes()) /
         static_cast<double>(set.count);
}

TEST(Estimator, IsNearWhatEncodingTakes) {
  constexpr uint64_t kBlock = 1024;
  for (const PhysicalType type : TestTypes()) {
    for (const ValueSet& set : MakeValueSets(type, 8 * kBlock)) {
      const Values values = set.view();
      const Statistics statistics = ComputeStatistics(values);
      if (statistics.run_count <= 1 || set.name == "one_long") {
        continue;  // of one value; or nearly all bytes are in one that samples may miss
      }
      DictionaryBuilder builder(type);
      const EncodeResources resources{.dictionary = &builder};
      Estimator estimator(values, statistics, resources, {kBlock, kBlock, 1});
      for (const EncodingTree& tree :
           CandidateTrees(type, Profile::kCompact, {.dictionary = true})) {
        const auto size = estimator.Size(tree);
        // One width for the whole page, or for all codes, is not what blocks take.
        if (!size.has_value() || IsStrideFixed(tree, type) ||
            tree.nodes[0].id == EncodingId::kDict) {
          continue;
        }
        const double stored = StoredBytes(tree, set, kBlock);
        EXPECT_LE(size->bytes_per_value, stored * 1.3 + 0.3)
            << TypeName(type) << " " << set.name << " " << tree.ToString();
        EXPECT_GE(size->bytes_per_value, stored * 0.7 - 0.3)
            << TypeName(type) << " " << set.name << " " << tree.ToString();
      }
    }
  }
}

TEST(Estimator, SaysNothingOfDifferencesThatTheStatisticsRuleOut) {
  for (const ValueSet& set : MakeValueSets(FixedOf(NumberKind::kSigned, 8), 3000)) {
    const Values values = set.view();
    Statistics statistics = ComputeStatistics(values);
    statistics.ascending = false;
    Estimator estimator(values, statistics, {}, {});
    const EncodingTree rising{
        {{EncodingId::kDeltaBase, 1, 0}, {EncodingId::kFfor, 0, 0}}};
    EXPECT_FALSE(estimator.Size(rising).has_value()) << set.name;
  }
}

TEST(Estimator, SaysNothingOfRunsThatAreMostlyOfOneValue) {
  const EncodingTree tree =
      Node(EncodingId::kRunEnd, {Leaf(EncodingId::kFfor), Leaf(EncodingId::kPlain)});
  const ValueSet set = MakeConstantSet(FixedOf(NumberKind::kFloat, 8), 4096);
  const Values values = set.view();
  Statistics statistics = ComputeStatistics(values);
  statistics.run_count = 2000;
  Estimator estimator(values, statistics, {}, {});
  const auto size = estimator.Size(tree);
  ASSERT_TRUE(size.has_value());
  EXPECT_FALSE(size->sampled);
  EXPECT_NEAR(size->bytes_per_value, 2000.0 / 4096 * (8 + 11.0 / 8), 0.05);
  statistics.run_count = 3000;
  EXPECT_FALSE(estimator.Size(tree).has_value());
}

}  // namespace
}  // namespace lancer::encoding
