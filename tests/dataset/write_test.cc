#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataset/dataset_impl.h"
#include "tests/dataset/dataset_fixture.h"
#include "tests/dataset/log_fixture.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

TEST(Write, AFailingStreamLeavesNothingBehind) {
  auto test = test::MakeTestContext();
  auto dataset = *Dataset::Create("/t", NumberStream(0, 5), {}, test.context);
  size_t files = test::ListNames(*test.file_system, "/t/data")->size();
  WriteOptions options;
  options.fragment_rows = 1;
  auto failed =
      dataset->Append(std::make_unique<FailingReader>(Numbers(5, 200)), options);
  EXPECT_EQ(failed.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(failed.status().ToString(), ::testing::HasSubstr("rows.csv: line 7"));
  EXPECT_EQ(test::ListNames(*test.file_system, "/t/data")->size(), files);
  EXPECT_EQ(dataset->version(), VersionNumber(1));
  // The object goes on working.
  EXPECT_TRUE(dataset->Append(NumberStream(5, 5)).has_value());
  EXPECT_EQ(ValueOrFail(ReadNumbers(*dataset)), Iota(0, 10));
}

TEST(Write, NullsInRequiredColumnsAreRefused) {
  auto test = test::MakeTestContext();
  auto dataset = *Dataset::Create("/t", NumberStream(0, 5), {}, test.context);
  Batch batch = Numbers(5, 2);
  batch.columns[0] = test::MakeInt64Array({5, std::nullopt});
  auto refused = dataset->Append(Stream({batch}));
  EXPECT_EQ(refused.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(refused.status().ToString(), ::testing::HasSubstr("number"));
}

}  // namespace
}  // namespace lancer::dataset
