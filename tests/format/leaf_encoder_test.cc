#include "format/leaf_encoder.h"

#include <gtest/gtest.h>

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

// Rows of one leaf: column `column` of NumberedRows.
LeafBuffer RowsOf(size_t column, int64_t first, int64_t rows) {
  const Batch batch = NumberedRows(first, rows);
  const Field field = batch.schema->field(column);
  LeafBuffer buffer = MakeLeafBuffer(LeavesOf(field)[0]);
  LeafBuffer* buffers[] = {&buffer};
  EXPECT_TRUE(format::Shred(field, batch.columns[column], 0, rows, buffers).ok());
  return buffer;
}

LeafShape ShapeOf(size_t column) {
  return LeavesOf(NumberedRows(0, 1).schema->field(column))[0];
}

TEST(LeafEncoder, TheSamePagesGiveTheSameBytesAgain) {
  for (const Profile profile : {Profile::kRandom, Profile::kCompact}) {
    for (const size_t column : {0, 1}) {
      LeafEncoder once(ShapeOf(column), {.profile = profile});
      LeafEncoder again(ShapeOf(column), {.profile = profile});
      for (int64_t first = 0; first < 30000; first += 10000) {
        const LeafBuffer rows = RowsOf(column, first, 10000);
        const auto a = once.Encode(rows);
        const auto b = again.Encode(rows);
        ASSERT_TRUE(a.has_value() && b.has_value());
        EXPECT_EQ(a->bytes, b->bytes);
        EXPECT_EQ(a->index, b->index);
      }
    }
  }
}

TEST(LeafEncoder, PagesShareADictionaryThatGrows) {
  const Batch batch = NumberedRows(0, 1);
  LeafEncoder encoder(ShapeOf(1), {});
  std::vector<std::string> few;
  for (int i = 0; i < 5000; ++i) {
    few.push_back("one of some hundred names, number " + std::to_string(i * 7 % 100));
  }
  const ArrayPtr column = Strings(few);
  LeafBuffer rows = MakeLeafBuffer(encoder.shape());
  LeafBuffer* buffers[] = {&rows};
  ASSERT_TRUE(format::Shred(batch.schema->field(1), column, 0, 5000, buffers).ok());
  ASSERT_TRUE(encoder.Encode(rows).has_value());
  EXPECT_EQ(encoder.dictionary()->entry_count(), 100U);
  ASSERT_TRUE(encoder.Encode(rows).has_value());
  EXPECT_EQ(encoder.dictionary()->entry_count(), 100U);
}

}  // namespace
}  // namespace lancer::format
