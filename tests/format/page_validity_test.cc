#include <gtest/gtest.h>

#include "format/page_validity.h"
#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

using test::Nullable;

struct Written {
  LeafShape shape;
  std::vector<LeafBuffer> buffers;
  std::vector<std::byte> index;
  PageMeta meta;

  Written(const Field& field, const ArrayPtr& array) : shape(LeavesOf(field)[0]) {
    buffers = ShredAll(field, array, 0, array->length());
    const encoding::Values values = ValuesOf(shape, buffers[0]);
    PageValidity::Write({shape, buffers[0], values, {}, {}, {}}, &index);
    meta.rows = buffers[0].rows;
    meta.values = values.count;
  }
};

ArrayPtr Vectors() {
  const TypePtr type =
      DataType::FixedSizeList(Nullable("item", DataType::Make(TypeKind::kInt8)), 2);
  return test::MakeFixedSizeListArray(
      type, 3, test::MakeInt8Array({1, std::nullopt, 3, 4, 5, 6}), {true, false, true});
}

TEST(PageValidity, GivesBackLevelsAndLeaf) {
  const ArrayPtr array = Vectors();
  Written written(Nullable("v", array->type()), array);
  encoding::ByteReader reader(written.index);
  Result<PageValidity> validity =
      PageValidity::Read(written.shape, written.meta, &reader);
  ASSERT_TRUE(validity.has_value()) << validity.error().ToString();
  EXPECT_EQ(reader.remaining(), 0u);
  EXPECT_TRUE(validity->any_nulls());
  LeafBuffer out = MakeLeafBuffer(written.shape);
  const std::vector<uint32_t> rows = {2, 0, 1, 1};
  ASSERT_TRUE(validity->AppendRows(rows, &out).ok());
  ASSERT_TRUE(validity->AppendRange(0, 2, &out).ok());
  EXPECT_EQ(out.rows, 6u);
  EXPECT_EQ(out.values, 12u);
  std::string levels;
  std::string leaf;
  for (uint64_t i = 0; i < 6; ++i) {
    levels += out.levels[0].validity.IsValid(i) ? '1' : '0';
  }
  for (uint64_t i = 0; i < 12; ++i) {
    leaf += out.validity.IsValid(i) ? '1' : '0';
  }
  EXPECT_EQ(levels, "110010");
  EXPECT_EQ(leaf, "111011111011");
}

TEST(PageValidity, RefusesEveryTruncationAndUnknownKinds) {
  const ArrayPtr array = Vectors();
  Written written(Nullable("v", array->type()), array);
  for (size_t size = 0; size < written.index.size(); ++size) {
    encoding::ByteReader reader(std::span(written.index).first(size));
    EXPECT_FALSE(PageValidity::Read(written.shape, written.meta, &reader).has_value());
  }
  for (const size_t at : {size_t{0}, size_t{1}, size_t{4}, size_t{7}}) {
    auto damaged = written.index;
    damaged[at] = std::byte{0x7F};
    encoding::ByteReader reader(damaged);
    EXPECT_FALSE(PageValidity::Read(written.shape, written.meta, &reader).has_value());
  }
}

TEST(StoredValidity, ReadsPositionsByRangeAndByRow) {
  // Rows 3 and 200 of 300 are null.
  const std::byte positions[] = {std::byte{3}, std::byte{0}, std::byte{200},
                                 std::byte{0}};
  const StoredValidity validity{encoding::NullKind::kPositions, positions, 300};
  ValidityBuffer out;
  ASSERT_TRUE(validity.Append(2, 3, &out).ok());
  ASSERT_TRUE(validity.Append(200, 1, &out).ok());
  ASSERT_TRUE(validity.Append(201, 1, &out).ok());
  std::string bits;
  for (uint64_t i = 0; i < out.count; ++i) {
    bits += out.IsValid(i) ? '1' : '0';
  }
  EXPECT_EQ(bits, "10101");
}

}  // namespace
}  // namespace lancer::format
