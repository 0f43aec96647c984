// What opening a dataset of many fragments costs, in reads and bytes.
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"

namespace lancer::dataset {
namespace {

TEST(OpenCost, DoesNotGrowWithTheFragments) {
  test::TestContext test = test::MakeTestContext();
  WriteOptions options;
  options.fragment_rows = 1;
  auto created = *Dataset::Create("/t", NumberStream(0, 3000), options, test.context);
  for (int64_t i = 0; i < 10; ++i) {
    ASSERT_TRUE(created->Append(NumberStream(3000 + i, 1)).has_value());
  }
  uint64_t bytes = test.counters->bytes_read;
  uint64_t requests = test.counters->requests;
  auto opened = *Dataset::Open("/t", {.map = MapMode::kNever}, test.context);
  EXPECT_EQ(opened->row_count(), 3010u);
  EXPECT_LT(test.counters->bytes_read - bytes, 64u << 10);
  EXPECT_LE(test.counters->requests - requests, 8u);
  // A take reads one path of the tree and one file.
  bytes = test.counters->bytes_read;
  Batch batch = ValueOrFail(opened->Take(Positions({1234})));
  EXPECT_EQ(batch.columns[0]->FormatValue(0), "1234");
  EXPECT_LT(test.counters->bytes_read - bytes, 256u << 10);
}

}  // namespace
}  // namespace lancer::dataset
