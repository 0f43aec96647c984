// Reading layout V: each value is one range, wherever it stands.
#include <gtest/gtest.h>

#include <random>

#include "encoding/byte_order.h"
#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

using test::Nullable;

ArrayPtr Noise(int64_t rows) {
  test::Values<std::string> values;
  std::mt19937_64 rng(12);
  for (int64_t i = 0; i < rows; ++i) {
    std::string text(1500 + rng() % 1000, '\0');
    for (char& c : text) {
      c = static_cast<char>(rng());
    }
    values.emplace_back(i % 7 == 2 ? std::nullopt : std::optional(text));
  }
  return test::MakeBinaryArray(values);
}

TEST(VariableReader, OneValueIsOneRangeOfItsOwnBytes) {
  const ArrayPtr array = Noise(1100);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  ASSERT_EQ(leaf.page.meta.layout, LayoutKind::kVariable);
  for (const uint32_t row : {0u, 1u, 2u, 1023u, 1024u, 1099u}) {
    std::vector<ByteRange> ranges;
    leaf.reader->PlanRows(std::vector<uint32_t>{row, row}, Verify::kAlways, &ranges);
    if (!array->IsValid(row)) {
      EXPECT_TRUE(ranges.empty());
    } else {
      ASSERT_EQ(ranges.size(), 1u);
      EXPECT_EQ(ranges[0].size, array->value_bytes(row).size() + 4);
    }
    EXPECT_TRUE((*column.Rows({row}))->Equals(*array->Slice(row, 1)));
  }
}

TEST(VariableReader, NeighboursAndWholePagesAreOneRange) {
  const ArrayPtr array = Noise(1100);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  std::vector<ByteRange> ranges;
  leaf.reader->PlanRows(std::vector<uint32_t>{0, 1, 2, 3, 1023, 1024}, Verify::kAlways,
                        &ranges);
  EXPECT_EQ(ranges.size(), 2u);
  ranges.clear();
  leaf.reader->PlanRange(0, 1100, &ranges);
  ASSERT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges[0].size, leaf.page.bytes.size());
}

TEST(VariableReader, BlobDescriptorsAreRefusedByName) {
  const ArrayPtr array = Noise(2);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  ASSERT_EQ(leaf.page.meta.layout, LayoutKind::kVariable);
  auto index = leaf.page.index;
  // The chunk's reference stands 8 bytes into its entry, behind one validity entry.
  std::byte* reference = index.data() + 8 + 8;
  encoding::StoreLe(reference, encoding::LoadLe<uint64_t>(reference) + 2);
  ASSERT_TRUE(leaf.Open(index).ok());
  LeafBuffer out = MakeLeafBuffer(leaf.shape);
  const Status status = leaf.reader->ReadRange(leaf.Mapped(), 0, 2, {}, &out);
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_NE(status.message().find("blob descriptor"), std::string_view::npos);
}

TEST(VariableReader, KeepsToTheLimitOfTheTarget) {
  const ArrayPtr array = Noise(2);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  PageFixture& leaf = *column.leaves[0];
  LeafBuffer out = MakeLeafBuffer(leaf.shape);
  out.bytes.limit = 1000;
  EXPECT_EQ(leaf.reader->ReadRange(leaf.Mapped(), 0, 2, {}, &out).code(),
            StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace lancer::format
