#include "format/filtered_scan.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/format/file_fixture.h"
#include "tests/support/arrays/random_arrays.h"
#include "types/gather.h"

namespace lancer::format {
namespace {

using Rows = std::vector<uint32_t>;

// A filter that goes by the rows' numbers in the file, as `selected` says.
RowFilter ByNumber(std::vector<std::string> columns, std::vector<bool> selected) {
  return {.columns = std::move(columns),
          .select = [selected = std::move(selected)](const Batch& batch,
                                                     uint64_t first) -> Result<Rows> {
            Rows rows;
            for (uint32_t i = 0; i < static_cast<uint32_t>(batch.length); ++i) {
              if (selected[first + i]) {
                rows.push_back(i);
              }
            }
            return rows;
          }};
}

// Rows by themselves, or in runs.
std::vector<bool> RandomSelection(int64_t rows, std::mt19937_64* random) {
  const double fraction = std::vector{0.0, 0.002, 0.05, 0.6, 1.0}[(*random)() % 5];
  const uint64_t run = std::vector{1, 40, 700}[(*random)() % 3];
  std::vector<bool> selected;
  while (static_cast<int64_t>(selected.size()) < rows) {
    const bool keep = static_cast<double>((*random)() % 10000) < fraction * 10000;
    selected.insert(selected.end(), 1 + (*random)() % run, keep);
  }
  return selected;
}

Batch RandomTable(int64_t rows, std::mt19937_64* random) {
  std::vector<Field> fields;
  std::vector<ArrayPtr> columns;
  for (int i = 0; i < 5; ++i) {
    Field field = test::RandomField(*random, 3, {.converted_types = false});
    field.name = "c" + std::to_string(i);
    columns.push_back(test::RandomArray(field, rows, *random));
    fields.push_back(std::move(field));
  }
  return {std::make_shared<const Schema>(std::move(fields)), rows, std::move(columns)};
}

// Selected rows of `table` from the offset-th on.
Batch Expected(const Batch& table, const std::vector<bool>& selected,
               const ScanOptions& options, std::shared_ptr<const Schema> schema) {
  std::vector<int64_t> rows;
  for (int64_t row = 0; row < table.length; ++row) {
    if (selected[static_cast<size_t>(row)]) {
      rows.push_back(row);
    }
  }
  const auto skip = std::min<uint64_t>(options.offset, rows.size());
  rows.erase(rows.begin(), rows.begin() + static_cast<ptrdiff_t>(skip));
  rows.resize(std::min<uint64_t>(options.limit, rows.size()));
  Batch batch{std::move(schema), static_cast<int64_t>(rows.size()), {}};
  for (const Field& field : batch.schema->fields()) {
    const size_t place = *table.schema->FindField(field.name);
    batch.columns.push_back(*Gather(*table.columns[place], rows));
  }
  return batch;
}

void CheckRandomScan(uint64_t seed) {
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  ContextPtr context = MemoryContext(3);
  const Batch table = RandomTable(5000, &random);
  WriteFile(context, "a.lancer", {table}, {.page_bytes = 16 << 10});
  const std::vector<bool> selected = RandomSelection(table.length, &random);
  ScanOptions options{.columns = {{"c4", "c0", "c2"}}};
  options.offset = random() % 2 == 0 ? 0 : random() % 100;
  options.limit = random() % 2 == 0 ? UINT64_MAX : random() % 400;
  options.batch_rows = std::vector<int64_t>{65536, 1024, 333}[random() % 3];
  options.threads = random() % 2 == 0 ? 1 : 3;
  options.memory_budget_bytes = random() % 2 == 0 ? 256 << 20 : 64 << 10;
  const std::vector<std::vector<std::string>> filters = {
      {}, {"c1"}, {"c2", "c3"}, {"c0", "c2", "c4"}};
  options.filter = ByNumber(filters[random() % 4], selected);
  const MapMode map = random() % 2 == 0 ? MapMode::kAuto : MapMode::kNever;
  auto scan = OpenOrFail(context, "a.lancer", map)->Scan(options);
  ASSERT_TRUE(scan.has_value()) << scan.status().ToString();
  auto found = ReadAll(scan->get());
  ASSERT_TRUE(found.has_value()) << found.status().ToString();
  EXPECT_TRUE(found->Equals(Expected(table, selected, options, (*scan)->schema())));
}

TEST(FilteredScan, GivesWhatASearchThroughAllRowsGives) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    CheckRandomScan(seed);
  }
}

struct Read {
  Batch rows;
  uint64_t bytes_read = 0, pages_skipped = 0, blocks_skipped = 0;
};

// Reads "name" of the rows whose "id" is selected, from a file opened anew.
Read ReadNames(const ContextPtr& context, const std::vector<bool>& selected,
               ScanOptions options = {}) {
  auto reader = OpenOrFail(context, "a.lancer", MapMode::kNever);
  const uint64_t bytes = context->counters->bytes_read.load();
  const uint64_t pages = context->counters->pages_skipped.load();
  const uint64_t blocks = context->counters->blocks_skipped.load();
  options.columns = {{"name"}};
  options.filter = ByNumber({"id"}, selected);
  auto scan = reader->Scan(options);
  EXPECT_TRUE(scan.has_value()) << scan.status().ToString();
  auto rows = ReadAll(scan->get());
  EXPECT_TRUE(rows.has_value()) << rows.status().ToString();
  return {*rows, context->counters->bytes_read.load() - bytes,
          context->counters->pages_skipped.load() - pages,
          context->counters->blocks_skipped.load() - blocks};
}

TEST(FilteredScan, ReadsNoBlockWithoutASelectedRow) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 60000)}, {.page_bytes = 64 << 10});
  std::vector<bool> selected(60000, true);
  const Read all = ReadNames(context, selected);
  EXPECT_EQ(all.rows.length, 60000);
  EXPECT_EQ(all.pages_skipped + all.blocks_skipped, 0U);
  selected.assign(60000, false);
  const Read none = ReadNames(context, selected);
  EXPECT_EQ(none.rows.length, 0);
  EXPECT_GT(none.pages_skipped, 3U);
  EXPECT_EQ(none.blocks_skipped, 0U);
  selected[17] = selected[30000] = true;
  const Read two = ReadNames(context, selected);
  EXPECT_EQ(two.rows.length, 2);
  EXPECT_EQ(two.pages_skipped, none.pages_skipped - 2);
  EXPECT_GT(two.blocks_skipped, 10U);
  EXPECT_LT(two.bytes_read, none.bytes_read + (24 << 10));  // two indexes, two blocks
  EXPECT_GT(all.bytes_read, none.bytes_read + (200 << 10));
}

TEST(FilteredScan, EndsBehindItsLimitWithoutReadingOn) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 60000)}, {.page_bytes = 64 << 10});
  const std::vector<bool> all(60000, true);
  const Read few = ReadNames(context, all, {.limit = 5, .batch_rows = 1024});
  EXPECT_EQ(few.rows.length, 5);
  EXPECT_LT(few.bytes_read, ReadNames(context, all).bytes_read / 4);
  EXPECT_EQ(ReadNames(context, all, {.limit = 0}).rows.length, 0);
}

TEST(FilteredScan, TheFilterDoesNotSeeRowsThatARangeRulesOut) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 60000)}, {.page_bytes = 64 << 10});
  ScanOptions options{.columns = {{"id"}}};
  options.range = RangeFilter{"id", Int64s({30000}), Int64s({30010})};
  uint64_t seen = 0;
  options.filter = {
      .columns = {"id"},
      .select = [&](const Batch& batch, uint64_t first) -> Result<Rows> {
        seen += static_cast<uint64_t>(batch.length);
        Rows rows;
        for (int64_t i = 0; i < batch.length; ++i) {
          const auto id =
              batch.columns[0]->values<int64_t>()[batch.columns[0]->offset() + i];
          EXPECT_EQ(id, static_cast<int64_t>(first) + i);
          if (id >= 30000 && id <= 30010) {
            rows.push_back(static_cast<uint32_t>(i));
          }
        }
        return rows;
      }};
  auto scan = OpenOrFail(context, "a.lancer")->Scan(options);
  ASSERT_TRUE(scan.has_value());
  auto rows = ReadAll(scan->get());
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->length, 11);
  EXPECT_LT(seen, 30000U);
}

TEST(FilteredScan, RefusesFiltersThatDoNotFit) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 100)});
  auto reader = OpenOrFail(context, "a.lancer");
  ScanOptions options;
  options.filter = RowFilter{};
  EXPECT_EQ(reader->Scan(options).status().code(), StatusCode::kInvalidArgument);
  options.filter = ByNumber({"none"}, {});
  EXPECT_EQ(reader->Scan(options).status().code(), StatusCode::kNotFound);
  for (const Rows& wrong : {Rows{100}, Rows{3, 3}, Rows{4, 3}}) {
    options.filter = {
        .columns = {},
        .select = [&](const Batch&, uint64_t) -> Result<Rows> { return wrong; }};
    auto scan = reader->Scan(options);
    ASSERT_TRUE(scan.has_value());
    EXPECT_EQ((*scan)->Next().status().code(), StatusCode::kInvalidArgument);
  }
}

TEST(FilteredScan, AnErrorOfTheFilterEndsTheScan) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 100)});
  ScanOptions options;
  options.filter = {.columns = {"id"},
                    .select = [](const Batch&, uint64_t) -> Result<Rows> {
                      return Status::Cancelled("enough");
                    }};
  auto scan = OpenOrFail(context, "a.lancer")->Scan(options);
  ASSERT_TRUE(scan.has_value());
  for (int i = 0; i < 2; ++i) {
    const Status status = (*scan)->Next().status();
    EXPECT_EQ(status.code(), StatusCode::kCancelled);
    EXPECT_EQ(status.message(), "enough");
  }
}

}  // namespace
}  // namespace lancer::format
