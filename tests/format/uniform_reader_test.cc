// Reading layout U: ranges per value, and rows that begin anywhere in a unit.
#include <gtest/gtest.h>

#include <random>

#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

using test::Nullable;

ArrayPtr Packable(int64_t rows) {
  test::Values<int32_t> values;
  std::mt19937_64 rng(4);
  for (int64_t i = 0; i < rows; ++i) {
    values.emplace_back(static_cast<int32_t>(rng() % 8000));
  }
  return test::MakeInt32Array(values);
}

TEST(UniformReader, OneValueIsOneRangeOfOneUnit) {
  const ArrayPtr array = Packable(9000);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  ASSERT_EQ(leaf.page.meta.layout, LayoutKind::kUniform);
  ASSERT_EQ(leaf.page.trees[0].ToString(), "ffor:one_width");
  for (const uint32_t row : {0u, 1023u, 1024u, 4096u, 8191u, 8999u}) {
    std::vector<ByteRange> ranges;
    leaf.reader->PlanRows(std::vector<uint32_t>{row, row}, Verify::kAlways, &ranges);
    ASSERT_EQ(ranges.size(), 1u);
    EXPECT_LE(ranges[0].size, 8192u);
    EXPECT_GE(ranges[0].offset, PageFixture::kPageOffset);
    EXPECT_TRUE((*column.Rows({row}))->Equals(*array->Slice(row, 1)));
  }
}

TEST(UniformReader, RangesMergeWhereTheyTouch) {
  const ArrayPtr array = Packable(9000);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  const std::vector<uint64_t> starts = leaf.reader->BlockStarts();
  ASSERT_GE(starts.size(), 4u);
  std::vector<ByteRange> ranges;
  leaf.reader->PlanRows(std::vector<uint32_t>{static_cast<uint32_t>(starts[1] - 1),
                                              static_cast<uint32_t>(starts[1])},
                        Verify::kAlways, &ranges);
  EXPECT_EQ(ranges.size(), 1u);
  ranges.clear();
  leaf.reader->PlanRows(std::vector<uint32_t>{0, static_cast<uint32_t>(starts[2])},
                        Verify::kAlways, &ranges);
  EXPECT_EQ(ranges.size(), 2u);
  ranges.clear();
  leaf.reader->PlanRange(0, 9000, &ranges);
  ASSERT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges[0].size, leaf.page.bytes.size());
}

TEST(UniformReader, PackedRangesBeginAnywhere) {
  const ArrayPtr array = Packable(5000);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  std::mt19937_64 rng(5);
  for (int i = 0; i < 200; ++i) {
    const uint64_t first = rng() % 5000;
    const uint64_t n = rng() % (5001 - first);
    Result<ArrayPtr> read = column.Range(first, n);
    ASSERT_TRUE(read.has_value());
    ASSERT_TRUE((*read)->Equals(
        *array->Slice(static_cast<int64_t>(first), static_cast<int64_t>(n))));
  }
}

TEST(UniformReader, ConstantPagesNeedNoBytes) {
  const ArrayPtr array = test::MakeInt64Array(test::Values<int64_t>(500, 3));
  ColumnFixture column(Nullable("x", array->type()), array, {});
  std::vector<ByteRange> ranges;
  column.leaves[0]->reader->PlanRange(0, 500, &ranges);
  column.leaves[0]->reader->PlanRows(std::vector<uint32_t>{1, 2}, Verify::kAlways,
                                     &ranges);
  EXPECT_TRUE(ranges.empty());
  EXPECT_EQ(column.leaves[0]->reader->PlainValues().size, 0u);
}

TEST(UniformReader, RefusesRowsOutsideThePage) {
  const ArrayPtr array = Packable(100);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  LeafBuffer out = MakeLeafBuffer(leaf.shape);
  const std::vector<uint32_t> rows = {100};
  EXPECT_EQ(leaf.reader->ReadRows(leaf.Mapped(), rows, {}, &out).code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(leaf.reader->ReadRange(leaf.Mapped(), 99, 2, {}, &out).code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(leaf.reader->ReadRange(leaf.Mapped(), 1, UINT64_MAX, {}, &out).code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lancer::format
