#include "encoding/sample.h"

#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(Sample, RunsLieInThePageAndDependOnTheSeedAlone) {
  const ValueSet set = MakeValueSets(FixedOf(NumberKind::kSigned, 4), 100000)[1];
  const auto starts = [&](uint64_t seed) {
    std::vector<uint64_t> firsts;
    for (const SampleRun& run : ChooseRuns(set.view(), 1024, 65536, seed)) {
      EXPECT_EQ(run.count, 1024U);
      EXPECT_LE(run.first + run.count, set.count);
      EXPECT_EQ(run.first % 8, 0U);
      firsts.push_back(run.first);
    }
    return firsts;
  };
  EXPECT_EQ(starts(1).size(), 16U);
  EXPECT_EQ(starts(1), starts(1));
  EXPECT_NE(starts(1), starts(2));
}

TEST(Sample, SmallPagesAreMeasuredWhole) {
  const ValueSet set = MakeValueSets(FixedOf(NumberKind::kSigned, 4), 1500)[1];
  const auto runs = ChooseRuns(set.view(), 1024, 65536, 0);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[1].count, 476U);
  EXPECT_EQ(MeasureTree(PlainTree(set.type), {}, set.view(), runs), 4.0);
}

}  // namespace
}  // namespace lancer::encoding
