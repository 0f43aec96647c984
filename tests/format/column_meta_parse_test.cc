// What ParseColumnMeta refuses: metadata that a faulty or hostile writer made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "flatbuffers/flatbuffers.h"
#include "format/column_meta.h"
#include "generated/column_meta_generated.h"
#include "tests/format/container_fixture.h"

namespace lancer::format {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kFileSize = 1000;
constexpr uint64_t kRows = 20;

ColumnMeta TwoPages() {
  ColumnMeta meta = PlainColumn(Int64Shape("x", 5), {64, 100, 0}, 10);
  meta.rows = kRows;
  meta.pages.push_back(meta.pages[0]);
  meta.pages[1].first_row = 10;
  return meta;
}

Result<std::shared_ptr<const ColumnMeta>> Parse(const ColumnMeta& meta,
                                                const LeafShape& expected,
                                                EncodingDictionary encodings = {}) {
  auto bytes = SerializeColumnMeta(meta, &encodings);
  return ParseColumnMeta(bytes, encodings, expected, kFileSize, kRows,
                         "a.lancer: column x");
}

TEST(ColumnMetaParse, HoldsSymbolTablesToTheirLimit) {
  for (const uint64_t size : {uint64_t{65282}, uint64_t{65283}}) {
    ColumnMeta meta = TwoPages();
    meta.symbol_table = {.offset = 8, .size = size, .check = 0};
    EncodingDictionary encodings;
    const auto bytes = SerializeColumnMeta(meta, &encodings);
    const auto parsed = ParseColumnMeta(bytes, encodings, Int64Shape("x", 5), 1 << 20,
                                        kRows, "a.lancer: column x");
    EXPECT_EQ(parsed.has_value(), size == 65282) << parsed.status().ToString();
  }
}

TEST(ColumnMetaParse, RefusesPagesThatCannotBe) {
  using Damage = std::function<void(ColumnMeta*)>;
  const struct {
    const char* message;
    Damage damage;
  } kCases[] = {
      {"page 1: 10 rows from row 11", [](ColumnMeta* m) { m->pages[1].first_row = 11; }},
      {"page 1: 10 rows from row 9", [](ColumnMeta* m) { m->pages[1].first_row = 9; }},
      {"page 0: 0 rows", [](ColumnMeta* m) { m->pages[0].rows = 0; }},
      {"page 1: 11 rows", [](ColumnMeta* m) { m->pages[1].rows = 11; }},
      {"page 1: 18446744073709551615 rows",
       [](ColumnMeta* m) { m->pages[1].rows = UINT64_MAX; }},
      {"hold 10 of 20 rows", [](ColumnMeta* m) { m->pages.pop_back(); }},
      {"expected 20 rows", [](ColumnMeta* m) { m->rows = 19; }},
      {"expected 10 values", [](ColumnMeta* m) { m->pages[0].values = 11; }},
      {"its bytes: 100 bytes at 901", [](ColumnMeta* m) { m->pages[0].offset = 901; }},
      {"its bytes: 100 bytes at 18446744073709551615",
       [](ColumnMeta* m) { m->pages[0].offset = UINT64_MAX; }},
      {"its bytes: 100 bytes at 4", [](ColumnMeta* m) { m->pages[0].offset = 4; }},
      {"its bytes: 18446744073709551615",
       [](ColumnMeta* m) { m->pages[0].size = UINT64_MAX; }},
      {"its index: 1 bytes at 1000",
       [](ColumnMeta* m) {
         m->pages[1].index = {1000, 1, 0};
       }},
      {"block shift 32", [](ColumnMeta* m) { m->pages[0].block_shift = 32; }},
      {"block shift 16",
       [](ColumnMeta* m) {
         m->pages[0].layout = LayoutKind::kBlocks;
         m->pages[0].block_shift = 16;
       }},
      {"flags 2", [](ColumnMeta* m) { m->pages[0].flags = 2; }},
      {"tree set 1 of 1", [](ColumnMeta* m) { m->pages[0].trees = 1; }},
      {"too many", [](ColumnMeta* m) { m->pages[0].statistics.null_count = 11; }},
      {"too many", [](ColumnMeta* m) { m->pages[0].statistics.distinct_count = 11; }},
      {"page 0: min of 3 bytes",
       [](ColumnMeta* m) { m->pages[0].statistics.min.emplace().size = 3; }},
      {"tree set 0: 2 trees",
       [](ColumnMeta* m) { m->tree_sets[0].push_back(m->tree_sets[0][0]); }},
      {"tree set 0: 0 trees", [](ColumnMeta* m) { m->tree_sets[0].clear(); }},
      {"tree set 0", [](ColumnMeta* m) { m->tree_sets[0][0].nodes.clear(); }},
      {"tree set 0", [](ColumnMeta* m) { m->tree_sets[0][0].nodes[0].child_count = 3; }},
      {"dictionary: 9 bytes",
       [](ColumnMeta* m) {
         m->dictionary = {999, 9, 0};
       }},
      {"codec dictionary",
       [](ColumnMeta* m) {
         m->codec_dictionary = {999, 9, 0};
       }},
      {"symbol table",
       [](ColumnMeta* m) {
         m->symbol_table = {999, 9, 0};
       }},
      {"block statistics",
       [](ColumnMeta* m) {
         m->block_statistics = {999, 9, 0};
       }},
      {"belongs to leaf x (role 1",
       [](ColumnMeta* m) { m->role = LeafRole::kStructure; }},
      {"field ids 5.6)", [](ColumnMeta* m) { m->field_ids.emplace_back(6); }},
      {"physical type", [](ColumnMeta* m) { m->type.width = 4; }},
  };
  ASSERT_TRUE(Parse(TwoPages(), Int64Shape("x", 5)));
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.message);
    ColumnMeta meta = TwoPages();
    test.damage(&meta);
    auto parsed = Parse(meta, Int64Shape("x", 5));
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code(), StatusCode::kCorruption)
        << parsed.error().ToString();
    EXPECT_THAT(parsed.error().message(), HasSubstr("a.lancer: column x"));
    EXPECT_THAT(parsed.error().message(), HasSubstr(test.message));
  }
}

TEST(ColumnMetaParse, NamesAnEncodingItDoesNotKnow) {
  EncodingDictionary encodings;
  auto bytes = SerializeColumnMeta(TwoPages(), &encodings);
  encodings.names[0] = "time_travel";
  auto parsed = ParseColumnMeta(bytes, encodings, Int64Shape("x", 5), kFileSize, kRows,
                                "a.lancer: column x");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(parsed.error().message(), HasSubstr("a.lancer: column x"));
  EXPECT_THAT(parsed.error().message(), HasSubstr("time_travel"));
}

TEST(ColumnMetaParse, NamesALayoutItDoesNotKnow) {
  ColumnMeta meta = TwoPages();
  meta.pages[1].layout = static_cast<LayoutKind>(9);
  auto parsed = Parse(meta, Int64Shape("x", 5));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(parsed.error().message(), HasSubstr("page 1: layout 9"));
}

TEST(ColumnMetaParse, CountsValuesOfNestedLeaves) {
  LeafShape shape = Int64Shape("x", 5);
  shape.levels = {{.kind = LevelKind::kFixedList, .fixed_size = 3, .field = FieldId(5)}};
  ColumnMeta meta = TwoPages();
  EXPECT_FALSE(Parse(meta, shape));
  meta.pages[0].values = meta.pages[1].values = 30;
  EXPECT_TRUE(Parse(meta, shape));
  shape.levels.push_back(shape.levels[0]);
  shape.levels[0].fixed_size = shape.levels[1].fixed_size = UINT32_MAX;
  EXPECT_FALSE(Parse(meta, shape)) << "more values than can be counted";
  // With a list level the number of values is free, and lengths have a tree.
  shape.levels = {{.kind = LevelKind::kList, .field = FieldId(5)}};
  meta.tree_sets[0].insert(meta.tree_sets[0].begin(), meta.tree_sets[0][0]);
  meta.pages[0].values = 0;
  meta.pages[1].values = 123'456;
  auto parsed = Parse(meta, shape);
  ASSERT_TRUE(parsed) << parsed.error().ToString();
  EXPECT_EQ((*parsed)->pages[1].values, 123'456u);
  meta.pages[1].values = uint64_t{1} << 40;
  EXPECT_TRUE(Parse(meta, shape));
  meta.pages[1].values = (uint64_t{1} << 40) + 1;
  EXPECT_FALSE(Parse(meta, shape));
}

TEST(ColumnMetaParse, LeavesWithoutValuesHaveATreeForThemToo) {
  LeafShape shape = Int64Shape("x", 5);
  shape.role = LeafRole::kStructure;
  shape.type = {encoding::PhysicalKind::kFixed, encoding::NumberKind::kOpaque, 0};
  ColumnMeta meta = TwoPages();
  meta.role = shape.role;
  meta.type = shape.type;
  auto parsed = Parse(meta, shape);
  EXPECT_TRUE(parsed) << parsed.error().ToString();
  meta.tree_sets[0].clear();
  parsed = Parse(meta, shape);
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message(), HasSubstr("tree set 0: 0 trees"));
}

using StoredIds = flatbuffers::Offset<flatbuffers::Vector<int32_t>>;
using StoredRows = flatbuffers::Offset<flatbuffers::Vector<uint64_t>>;

// Metadata of an int64 column that states pages and the rows of each, or no vector of
// rows.
auto ParseInt64Meta(flatbuffers::FlatBufferBuilder* builder, StoredIds ids,
                    uint32_t page_count, StoredRows rows) {
  stored::ColumnMetaBuilder root(*builder);
  root.add_field_ids(ids);
  root.add_physical_kind(1);
  root.add_number_kind(2);
  root.add_width(8);
  root.add_rows(kRows);
  root.add_page_count(page_count);
  root.add_page_rows(rows);
  builder->Finish(root.Finish());
  auto bytes = std::as_bytes(std::span(builder->GetBufferPointer(), builder->GetSize()));
  return ParseColumnMeta(bytes, {}, Int64Shape("x", 5), kFileSize, kRows,
                         "a.lancer: column x");
}

TEST(ColumnMetaParse, RefusesVectorsOfTheWrongLength) {
  const struct {
    uint32_t page_count;
    std::vector<uint64_t> rows;  // empty: the vector is absent
  } kCases[] = {{3, {10, 10}}, {2, {20}}, {4'000'000'000, {}}, {0, {20}}};
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.page_count);
    flatbuffers::FlatBufferBuilder builder;
    auto ids = builder.CreateVector(std::vector<int32_t>{5});
    auto rows = builder.CreateVector(test.rows);
    auto parsed = ParseInt64Meta(&builder, ids, test.page_count,
                                 test.rows.empty() ? StoredRows() : rows);
    ASSERT_FALSE(parsed);
    EXPECT_THAT(parsed.error().message(), HasSubstr("its vectors do not all have"));
  }
}

TEST(ColumnMetaParse, RefusesNumbersThatLieAskew) {
  flatbuffers::FlatBufferBuilder builder;
  auto ids = builder.CreateVector(std::vector<int32_t>{5});
  // 16 bytes of numbers that begin four bytes off their alignment of eight.
  builder.ForceVectorAlignment(1, 20, 8);
  builder.StartVector(16, 1);
  builder.PushBytes(
      std::vector<uint8_t>{10, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0}.data(), 16);
  StoredRows rows = builder.EndVector(2);
  auto parsed = ParseInt64Meta(&builder, ids, 2, rows);
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message(), HasSubstr("2 pages, aligned"));
}

TEST(ColumnMetaParse, SurvivesEveryChangedByte) {
  ColumnMeta meta = TwoPages();
  meta.pages[0].statistics.null_count = 3;
  meta.pages[0].statistics.min.emplace().size = 8;
  EncodingDictionary encodings;
  const auto good = SerializeColumnMeta(meta, &encodings);
  for (size_t i = 0; i < good.size(); ++i) {
    for (unsigned value : {0u, 1u, 0x7Fu, 0x80u, 0xFFu}) {
      auto bad = good;
      bad[i] = static_cast<std::byte>(value);
      auto parsed =
          ParseColumnMeta(bad, encodings, Int64Shape("x", 5), kFileSize, kRows, "a");
      if (!parsed) {
        EXPECT_NE(parsed.error().code(), StatusCode::kInternal);
        continue;
      }
      for (const PageMeta& page : (*parsed)->pages) {
        EXPECT_LE(page.offset + page.size, kFileSize);
      }
    }
  }
}

}  // namespace
}  // namespace lancer::format
