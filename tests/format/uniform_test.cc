#include "format/uniform.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "tests/format/hex_example.h"
#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"

namespace lancer::format {
namespace {

using test::Nullable;

TypePtr Vector(int32_t size, TypeKind item = TypeKind::kFloat32) {
  return DataType::FixedSizeList(Nullable("item", DataType::Make(item)), size);
}

TEST(Uniform, HoldsVectorsPlainInOneUnitEach) {
  std::mt19937_64 rng(1);
  const Field field = Nullable("v", Vector(384));
  ColumnFixture column(field, test::RandomArray(field, 100, rng, {.null_fraction = 0}),
                       {});
  const PageFixture& leaf = *column.leaves[0];
  EXPECT_EQ(leaf.page.meta.layout, LayoutKind::kUniform);
  EXPECT_EQ(leaf.page.meta.block_shift, 0);
  EXPECT_EQ(leaf.page.bytes.size(), 100u * 384 * 4);
  EXPECT_EQ(leaf.page.index.size(), 2u * 8 + 4 + 100 * 4);
  const ByteRange plain = leaf.reader->PlainValues();
  EXPECT_EQ(plain.offset, PageFixture::kPageOffset);
  EXPECT_EQ(plain.size, leaf.page.bytes.size());
}

TEST(Uniform, KeepsVectorsMappableBesideNullRows) {
  const Field field = Nullable("v", Vector(16));
  test::Values<float> items;  // neither decimals nor equal bytes
  for (int i = 0; i < 3 * 16; ++i) {
    items.push_back(std::sqrt(static_cast<float>(i * i + 2)));
  }
  const ArrayPtr array = test::MakeFixedSizeListArray(
      field.type, 3, test::MakeFloat32Array(items), {true, false, true});
  ColumnFixture column(field, array, {});
  EXPECT_EQ(column.leaves[0]->page.meta.layout, LayoutKind::kUniform);
  EXPECT_TRUE((*column.Range(0, 3))->Equals(*array));
}

TEST(Uniform, UnitsAreTheSmallestPowersOfTwoOf4KiB) {
  struct Case {
    TypePtr type;
    int64_t rows;
    uint8_t shift;
    size_t units;
  };
  const Case cases[] = {
      {DataType::FixedSizeBinary(8), 2000, 9, 4},
      {DataType::FixedSizeBinary(3), 5000, 11, 3},
      {DataType::FixedSizeBinary(1023), 9, 3, 2},
      {DataType::FixedSizeBinary(1024), 9, 0, 9},
      {DataType::Make(TypeKind::kBool), 40000, 15, 2},
  };
  std::mt19937_64 rng(3);
  for (const Case& c : cases) {
    SCOPED_TRACE(c.type->ToString());
    const Field field = Nullable("x", c.type);
    std::vector<uint64_t> noise(2 << 10);
    std::ranges::generate(noise, std::ref(rng));
    noise.resize(noise.size() * 8);
    const ArrayPtr array = Array::Make({.type = c.type,
                                        .length = c.rows,
                                        .null_count = 0,
                                        .buffers = {nullptr, Buffer::Own(noise)}});
    ColumnFixture column(field, array, {});
    const EncodedPage& page = column.leaves[0]->page;
    EXPECT_EQ(page.meta.layout, LayoutKind::kUniform);
    EXPECT_EQ(page.meta.block_shift, c.shift);
    const std::vector<uint64_t> starts = column.leaves[0]->reader->BlockStarts();
    ASSERT_EQ(starts.size(), c.units + 1);
    EXPECT_EQ(starts[1], uint64_t{1} << c.shift);
    EXPECT_EQ(starts.back(), static_cast<uint64_t>(c.rows));
  }
}

TEST(Uniform, ConstantAndNullPagesHaveNoBytes) {
  const ArrayPtr arrays[] = {
      test::MakeInt64Array(test::Values<int64_t>(1000, 42)),
      test::MakeInt64Array(test::Values<int64_t>(1000, std::nullopt)),
      test::MakeStringArray(test::Values<std::string>(1000, "same")),
      test::MakeStringArray(test::Values<std::string>(1000, std::nullopt)),
      test::MakeBoolArray(test::Values<bool>(1000, true)),
      test::MakeNullArray(1000)};
  for (const ArrayPtr& array : arrays) {
    const Field field = Nullable("x", array->type());
    ColumnFixture column(field, array, {});
    SCOPED_TRACE(field.type->ToString());
    EXPECT_EQ(column.leaves[0]->page.bytes.size(), 0u);
    EXPECT_EQ(column.leaves[0]->page.meta.layout, LayoutKind::kUniform);
    EXPECT_TRUE((*column.Rows({0, 5, 999}))->Equals(*array->Slice(0, 3)));
  }
}

TEST(Uniform, MatchesTheSpecification) {
  const Field vectors = Nullable("v", Vector(2, TypeKind::kInt16));
  const ArrayPtr array = test::MakeFixedSizeListArray(
      vectors.type, 3, test::MakeInt16Array({1, -1, 0, 0, 300, 7}), {true, false, true});
  ColumnFixture column(vectors, array, {.profile = Profile::kRandom});
  EXPECT_EQ(HexLines(column.leaves[0]->page.bytes), HexExample("layout_uniform_page"));
  EXPECT_EQ(HexLines(column.leaves[0]->page.index), HexExample("layout_uniform_index"));

  const ArrayPtr same = test::MakeInt32Array({7, std::nullopt, 7});
  ColumnFixture constant(Nullable("c", same->type()), same, {});
  EXPECT_EQ(HexLines(constant.leaves[0]->page.index),
            HexExample("layout_uniform_constant_index"));
}

}  // namespace
}  // namespace lancer::format
