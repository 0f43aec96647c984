#include "format/plain_column.h"

#include <gtest/gtest.h>

#include <bit>

#include "tests/format/file_fixture.h"
#include "types/gather.h"

namespace lancer::format {
namespace {

constexpr int64_t kRows = 20000;
constexpr int kDimension = 60;

// Vectors of floats that no encoding makes smaller; one of them null when asked for.
ArrayPtr Vectors(bool with_null) {
  auto random = MakeSeededRandom(7);
  std::vector<float> values(kRows * kDimension);
  for (float& value : values) {
    value = std::bit_cast<float>(static_cast<uint32_t>(random->Next() >> 34));
  }
  Field item{.name = "item", .type = DataType::Make(TypeKind::kFloat32)};
  ArrayPtr items = Array::Make({.type = item.type,
                                .length = kRows * kDimension,
                                .null_count = 0,
                                .buffers = {nullptr, Buffer::Own(std::move(values))},
                                .children = {}});
  std::vector<uint8_t> valid((kRows + 7) / 8, 0xFF);
  valid[100] = 0x7F;
  return Array::Make({.type = DataType::FixedSizeList(item, kDimension),
                      .length = kRows,
                      .null_count = with_null ? 1 : 0,
                      .buffers = {with_null ? Buffer::Own(std::move(valid)) : nullptr},
                      .children = {items}});
}

// Far apart, backwards, and some of them twice.
std::vector<uint64_t> ScatteredRows() {
  std::vector<uint64_t> rows;
  for (uint64_t i = 0; i < 500; ++i) {
    rows.push_back((kRows - 1 + i * 1237) % kRows);
  }
  rows.insert(rows.end(), {807, 807, 0, kRows - 1});
  return rows;
}

TEST(PlainColumn, RowsComeBackInTheOrderAskedFor) {
  for (bool with_null : {false, true}) {
    ContextPtr context = MemoryContext();
    ArrayPtr column = Vectors(with_null);
    auto schema = std::make_shared<const Schema>(
        std::vector<Field>{{.name = "v", .type = column->type()}});
    WriteFile(context, "a.lancer", {{schema, kRows, {column}}},
              {.threads = 1, .page_rows = 1000});
    std::vector<uint64_t> rows = ScatteredRows();
    auto expected = Gather(*column, std::vector<int64_t>(rows.begin(), rows.end()));
    ASSERT_TRUE(expected.has_value());
    for (MapMode map : {MapMode::kAuto, MapMode::kNever}) {
      SCOPED_TRACE(with_null);
      auto reader = OpenOrFail(context, "a.lancer", map);
      auto pages = (*reader->DescribeColumns())[0].pages;
      ASSERT_GT(pages.size(), 1u);
      EXPECT_EQ(pages[0].encoding, "plain");
      auto taken = reader->Take(rows);
      ASSERT_TRUE(taken.has_value()) << taken.error().ToString();
      EXPECT_TRUE(taken->columns[0]->Equals(**expected));
    }
  }
}

TEST(PlainColumn, DamageOfAVectorIsFoundByTheTakeThatPlacesIt) {
  ContextPtr context = MemoryContext();
  ArrayPtr column = Vectors(false);
  auto schema = std::make_shared<const Schema>(
      std::vector<Field>{{.name = "v", .type = column->type()}});
  WriteFile(context, "a.lancer", {{schema, kRows, {column}}}, {.threads = 1});
  std::vector<std::byte> bytes = BytesOfFile(context, "a.lancer");
  auto page = (*OpenOrFail(context, "a.lancer")->DescribeColumns())[0].pages[0];
  bytes[page.offset + 5] ^= std::byte{1};
  ASSERT_TRUE(context->file_system->Overwrite("b.lancer", bytes).ok());
  auto taken = OpenOrFail(context, "b.lancer")->Take(std::vector<uint64_t>{19500, 0});
  EXPECT_EQ(taken.status().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::format
