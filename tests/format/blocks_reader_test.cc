// Reading layout K: one block per value, found by its number alone or among uneven ones.
#include <gtest/gtest.h>

#include <random>

#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

using test::Nullable;

ArrayPtr Words(int64_t rows) {
  test::Values<std::string> values;
  std::mt19937_64 rng(6);
  for (int64_t i = 0; i < rows; ++i) {
    values.emplace_back("word " + std::to_string(rng()));
  }
  return test::MakeStringArray(values);
}

TEST(BlocksReader, OneValueIsOneRangeOfOneBlock) {
  const ArrayPtr array = Words(5000);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  ASSERT_EQ(leaf.page.meta.layout, LayoutKind::kBlocks);
  for (uint32_t row = 0; row < 5000; row += 97) {
    std::vector<ByteRange> ranges;
    leaf.reader->PlanRows(std::vector<uint32_t>{row, row}, Verify::kAlways, &ranges);
    ASSERT_EQ(ranges.size(), 1u);
    EXPECT_LE(ranges[0].size, 8192u + 1024);
    EXPECT_TRUE((*column.Rows({row, row}))->Slice(1, 1)->Equals(*array->Slice(row, 1)));
  }
}

TEST(BlocksReader, NeighboursAreOneRangeAndAWholePageToo) {
  const ArrayPtr array = Words(5000);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  const auto second = static_cast<uint32_t>(leaf.reader->BlockStarts()[1]);
  std::vector<ByteRange> ranges;
  leaf.reader->PlanRows(std::vector<uint32_t>{second - 1, second}, Verify::kAlways,
                        &ranges);
  EXPECT_EQ(ranges.size(), 1u);
  ranges.clear();
  leaf.reader->PlanRange(0, 5000, &ranges);
  ASSERT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges[0].size, leaf.page.bytes.size());
}

TEST(BlocksReader, RowsComeInTheOrderAsked) {
  const ArrayPtr array = Words(3000);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  const std::vector<uint32_t> rows = {2999, 5, 5, 1500, 4};
  LeafBuffer out = MakeLeafBuffer(leaf.shape);
  ASSERT_TRUE(leaf.reader->ReadRows(leaf.Mapped(), rows, {}, &out).ok());
  LeafBuffer* leaves[] = {&out};
  Result<ArrayPtr> read = Assemble(column.field, leaves);
  ASSERT_TRUE(read.has_value());
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_TRUE(
        (*read)->Slice(static_cast<int64_t>(i), 1)->Equals(*array->Slice(rows[i], 1)));
  }
}

TEST(BlocksReader, BytesThatWereNotFetchedAreAFaultOfTheCaller) {
  const ArrayPtr array = Words(3000);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  LeafBuffer out = MakeLeafBuffer(leaf.shape);
  EXPECT_EQ(leaf.reader->ReadRange(leaf.Fetched({}), 0, 1, {}, &out).code(),
            StatusCode::kInternal);
}

TEST(BlocksReader, VerifiesWithoutDecoding) {
  const ArrayPtr array = Words(3000);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  EXPECT_TRUE(leaf.reader->VerifyUnits(leaf.Mapped(), 0, 3000, {}).ok());
  leaf.file.back() ^= std::byte{1};
  EXPECT_TRUE(leaf.reader->VerifyUnits(leaf.Mapped(), 0, 3000, {}).ok());
  EXPECT_EQ(leaf.reader->VerifyUnits(leaf.Mapped(), 0, 3000, {.verify = Verify::kAlways})
                .code(),
            StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::format
