// Whole files of random nested tables: what is written is read back, by scan, by take and
// by verify, whatever layouts and encodings are drawn.

#include <gtest/gtest.h>

#include <random>

#include "tests/format/file_fixture.h"
#include "tests/support/arrays/random_arrays.h"
#include "tests/support/soak.h"

namespace lancer::format {
namespace {

struct Table {
  std::shared_ptr<const Schema> schema;
  Batch rows;
};

Table RandomTable(uint64_t seed, int64_t row_count) {
  std::mt19937_64 random(seed);
  std::vector<Field> fields;
  for (int i = 0; i < 3; ++i) {
    Field field = test::RandomField(random, 3);
    field.name = "column " + std::to_string(i);
    fields.push_back(std::move(field));
  }
  Table table;
  table.schema = std::make_shared<const Schema>(std::move(fields));
  table.rows = {table.schema, row_count, {}};
  for (const Field& field : table.schema->fields()) {
    table.rows.columns.push_back(test::RandomArray(field, row_count, random));
  }
  return table;
}

// Rows of `taken` against rows `rows` of `expected`, column by column.
void ExpectRows(const Batch& taken, const Batch& expected,
                const std::vector<uint64_t>& rows) {
  for (size_t c = 0; c < expected.columns.size(); ++c) {
    for (size_t i = 0; i < rows.size(); ++i) {
      ArrayPtr got = taken.columns[c]->Slice(static_cast<int64_t>(i), 1);
      ArrayPtr want = expected.columns[c]->Slice(static_cast<int64_t>(rows[i]), 1);
      ASSERT_TRUE(got->Equals(*want))
          << "column " << c << " of type " << want->type()->ToString() << ", row "
          << rows[i] << ": " << got->FormatValue(0) << " instead of "
          << want->FormatValue(0);
    }
  }
}

void RoundTrip(uint64_t seed, const Table& table, WriterOptions options) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  ContextPtr context = MemoryContext();
  const int64_t row_count = table.rows.length;
  ASSERT_NO_FATAL_FAILURE(
      WriteFile(context, "a.lancer", {table.rows}, std::move(options)));
  auto reader =
      OpenOrFail(context, "a.lancer", seed % 2 == 0 ? MapMode::kAuto : MapMode::kNever);
  ASSERT_NE(reader, nullptr);
  auto schema = reader->schema();
  ASSERT_TRUE(schema.has_value()) << schema.error().ToString();
  EXPECT_TRUE((*schema)->Equals(*table.schema));
  SCOPED_TRACE(table.schema->ToString());
  auto scan = reader->Scan({.batch_rows = 777});
  ASSERT_TRUE(scan.has_value()) << scan.error().ToString();
  auto all = ReadAll(scan->get());
  ASSERT_TRUE(all.has_value()) << all.error().ToString();
  ASSERT_TRUE(all->Equals(table.rows));
  std::mt19937_64 random(seed);
  std::vector<uint64_t> rows;
  for (int i = 0; i < 40 && row_count > 0; ++i) {
    rows.push_back(random() % static_cast<uint64_t>(row_count));
  }
  auto taken = reader->Take(rows);
  ASSERT_TRUE(taken.has_value()) << taken.error().ToString();
  ASSERT_NO_FATAL_FAILURE(ExpectRows(*taken, table.rows, rows));
  auto report = reader->Verify();
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_TRUE(report->faults.empty()) << report->faults[0].ToString();
}

// About 600 KiB of texts of `length` bytes, made of the same 300 words: a first page that
// is large enough for all that a leaf's pages share to be learnt from it.
Table TextTable(uint64_t seed, size_t length) {
  std::mt19937_64 random(seed);
  std::vector<std::string> words(300);
  for (std::string& word : words) {
    for (uint64_t n = 3 + random() % 7; n > 0; --n) {
      word += static_cast<char>('a' + random() % 16);
    }
    word += ' ';
  }
  std::vector<std::string> texts(600'000 / length);
  for (std::string& text : texts) {
    while (text.size() < length) {
      text += words[random() % words.size()];
    }
  }
  Table table;
  table.schema = std::make_shared<const Schema>(
      std::vector<Field>{{.name = "text", .type = DataType::Make(TypeKind::kString)}});
  table.rows = {table.schema, static_cast<int64_t>(texts.size()), {Strings(texts)}};
  return table;
}

// Calls `check` with seeds: in a long run with others than usual too.
template <typename Test>
void ForEachSeed(uint64_t first, uint64_t count, const Test& check) {
  const uint64_t factor = test::SoakFactor();
  for (uint64_t part = 0; part < factor; ++part) {
    for (uint64_t seed = 0; seed < count && !testing::Test::HasFailure(); ++seed) {
      check(part * 1000 + first + seed);
    }
  }
  test::ReportSoak(std::to_string(factor * count) + " random nested tables");
}

TEST(FileRoundTrip, RandomTablesWithTheChosenEncodings) {
  ForEachSeed(0, 60, [](uint64_t seed) {
    RoundTrip(seed, RandomTable(seed, static_cast<int64_t>(seed * 37 % 2100)), {});
  });
}

TEST(FileRoundTrip, RandomTablesWithRandomEncodings) {
  ForEachSeed(100, 60, [](uint64_t seed) {
    RoundTrip(seed, RandomTable(seed, static_cast<int64_t>(seed * 53 % 2100)),
              {.random_encodings = true, .page_bytes = 4096 + seed % 1000 * 100});
  });
}

TEST(FileRoundTrip, RandomTablesInTheOtherProfiles) {
  ForEachSeed(200, 20, [](uint64_t seed) {
    RoundTrip(seed, RandomTable(seed, 1500),
              {.profile = seed % 2 == 0 ? Profile::kCompact : Profile::kArchive});
  });
}

TEST(FileRoundTrip, TextsOfEveryLengthWithWhatTheirPagesShare) {
  for (const size_t length : {30, 300, 2'000, 6'000, 20'000, 100'000}) {
    for (const Profile profile :
         {Profile::kRandom, Profile::kCompact, Profile::kArchive}) {
      SCOPED_TRACE(std::to_string(length) + " bytes a text");
      RoundTrip(length, TextTable(length, length), {.profile = profile});
    }
  }
}

}  // namespace
}  // namespace lancer::format
