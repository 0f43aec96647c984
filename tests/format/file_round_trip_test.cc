// Whole files of random nested tables: what is written is read back, by scan, by take and
// by verify, whatever layouts and encodings are drawn.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>

#include "tests/format/file_fixture.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"
#include "tests/support/soak.h"

namespace lancer::format {
namespace {

struct Table {
  std::shared_ptr<const Schema> schema;
  Batch rows;
  std::vector<Batch> parts;  // of the rows, to be written one by one; none: all at once
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

// `columns`: told what the file looks like, unless null.
void RoundTrip(uint64_t seed, const Table& table, WriterOptions options,
               std::vector<ColumnInfo>* columns = nullptr) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  ContextPtr context = MemoryContext();
  const int64_t row_count = table.rows.length;
  ASSERT_NO_FATAL_FAILURE(WriteFile(
      context, "a.lancer", table.parts.empty() ? std::vector{table.rows} : table.parts,
      std::move(options)));
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
  for (int64_t i = 0; i < std::min<int64_t>(40, 3 * row_count); ++i) {
    rows.push_back(random() % static_cast<uint64_t>(row_count));
  }
  auto taken = reader->Take(rows);
  ASSERT_TRUE(taken.has_value()) << taken.error().ToString();
  ASSERT_NO_FATAL_FAILURE(ExpectRows(*taken, table.rows, rows));
  auto report = reader->Verify();
  ASSERT_TRUE(report.has_value()) << report.error().ToString();
  EXPECT_TRUE(report->faults.empty()) << report->faults[0].ToString();
  if (columns != nullptr) {
    *columns = *reader->DescribeColumns();
  }
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

// `count` texts of 20 to 60 letters, `letters` of them from `first` on.
test::Values<std::string> ShortTexts(size_t count, unsigned first, unsigned letters) {
  std::mt19937_64 random(letters);
  test::Values<std::string> texts(count);
  for (auto& text : texts) {
    text.emplace();
    for (uint64_t n = 20 + random() % 40; n > 0; --n) {
      *text += static_cast<char>(first + random() % letters);
    }
  }
  return texts;
}

// The symbol table is learnt from the first page; a page for which it does nothing does
// without it.
TEST(FileRoundTrip, PagesOfOtherTextsDoWithoutTheSymbolTable) {
  constexpr size_t kPageRows = 8'192;  // two steps of the writer
  struct Page {
    unsigned first, letters;
    bool fsst;
  };
  constexpr Page kPages[] = {
      {'a', 4, true}, {'a', 3, true}, {0, 256, false}, {'A', 26, false}};
  test::Values<std::string> all;
  for (const Page& page : kPages) {
    const auto texts = ShortTexts(kPageRows, page.first, page.letters);
    all.insert(all.end(), texts.begin(), texts.end());
  }
  const ArrayPtr column = test::MakeBinaryArray(all);
  Table table;
  table.rows = test::MakeBatch({test::Nullable("text", column->type())}, {column});
  table.schema = table.rows.schema;
  std::vector<ColumnInfo> columns;
  ASSERT_NO_FATAL_FAILURE(RoundTrip(1, table, {.page_rows = kPageRows}, &columns));
  ASSERT_EQ(columns.size(), 1u);
  EXPECT_GT(columns[0].symbol_table_bytes, 0u);
  ASSERT_EQ(columns[0].pages.size(), std::size(kPages));
  for (size_t i = 0; i < std::size(kPages); ++i) {
    const PageInfo& page = columns[0].pages[i];
    EXPECT_EQ(page.encoding.find("fsst") != std::string::npos, kPages[i].fsst)
        << "page " << i << ": " << page.encoding;
    // 40 bytes of text on average; by the table the last two would have 80 of codes.
    EXPECT_LT(page.size_bytes, kPageRows * (kPages[i].fsst ? 40 : 52)) << "page " << i;
  }
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

// What texts may be like, each property apart from the others.
enum class Content : uint8_t { kWords, kNoise, kRuns };
enum class Nulls : uint8_t { kNone, kScattered, kFirstHalf, kAll };

struct TextCase {
  Profile profile = Profile::kRandom;
  size_t length = 1;  // of most texts; some are shorter
  Content content = Content::kWords;
  Nulls nulls = Nulls::kNone;
  bool few_distinct = false;
  bool random_encodings = false;
  bool several_pages = false;

  std::string ToString() const {
    return "profile " + std::to_string(static_cast<int>(profile)) + ", length " +
           std::to_string(length) + ", content " +
           std::to_string(static_cast<int>(content)) + ", nulls " +
           std::to_string(static_cast<int>(nulls)) +
           (few_distinct ? ", few distinct" : "") +
           (random_encodings ? ", random encodings" : "") +
           (several_pages ? ", several pages" : "");
  }
};

std::string TextOf(const TextCase& kind, std::mt19937_64& random) {
  const size_t length = random() % 8 == 0 ? random() % (kind.length + 1) : kind.length;
  std::string text;
  switch (kind.content) {
    case Content::kRuns:
      return std::string(length, static_cast<char>('a' + random() % 3));
    case Content::kNoise:
      for (size_t i = 0; i < length; ++i) {
        text += static_cast<char>(random());
      }
      return text;
    case Content::kWords:
      while (text.size() < length) {
        // More of them than a block of 64 KiB repeats.
        text += std::to_string(random() % 900 * 0x9E3779B97F4A7C15ULL) + ' ';
      }
      text.resize(length);
      return text;
  }
  return text;
}

test::Values<std::string> TextsOf(const TextCase& kind, std::mt19937_64& random) {
  // Enough for a first page from which all that a leaf's pages share is learnt.
  const size_t count = std::clamp<size_t>(200'000 / kind.length, 3, 12'000);
  std::vector<std::string> pool(kind.few_distinct ? std::min<size_t>(3, count) : count);
  for (std::string& text : pool) {
    text = TextOf(kind, random);
  }
  test::Values<std::string> texts;
  for (size_t i = 0; i < count; ++i) {
    const bool null = kind.nulls == Nulls::kAll ||
                      (kind.nulls == Nulls::kFirstHalf && i < count / 2) ||
                      (kind.nulls == Nulls::kScattered && random() % 7 == 0);
    texts.push_back(
        null ? std::nullopt
             : std::optional(kind.few_distinct ? pool[random() % pool.size()] : pool[i]));
  }
  return texts;
}

// The texts as a column; again as the items of lists, empty and null ones among them; and
// their sizes.
Table TableOf(const TextCase& kind, std::mt19937_64& random) {
  const test::Values<std::string> texts = TextsOf(kind, random);
  test::Values<int64_t> sizes;
  test::Values<int64_t> lengths;
  for (size_t i = 0; i < texts.size(); ++i) {
    sizes.push_back(texts[i] ? std::optional(static_cast<int64_t>(texts[i]->size()))
                             : std::nullopt);
    const bool last = i + 1 == texts.size();
    lengths.push_back(i % 2 == 0
                          ? std::optional<int64_t>(last ? 1 : 2)
                          : (i % 4 == 1 ? std::optional<int64_t>(0) : std::nullopt));
  }
  const ArrayPtr column = test::MakeBinaryArray(texts);
  const ArrayPtr lists = test::MakeListArray(lengths, column);
  const ArrayPtr numbers = test::MakeInt64Array(sizes);
  Table table;
  table.rows = test::MakeBatch(
      {test::Nullable("text", column->type()), test::Nullable("texts", lists->type()),
       test::Nullable("size", numbers->type())},
      {column, lists, numbers});
  table.schema = table.rows.schema;
  return table;
}

// The first half, from which pages learn what they share, and quarters of the rest.
std::vector<Batch> PartsOf(const Batch& rows) {
  std::vector<Batch> parts;
  int64_t begin = 0;
  for (const int64_t eighths : {4, 5, 6, 7, 8}) {
    const int64_t end = rows.length * eighths / 8;
    Batch part{rows.schema, end - begin, {}};
    for (const ArrayPtr& column : rows.columns) {
      part.columns.push_back(column->Slice(begin, end - begin));
    }
    parts.push_back(std::move(part));
    begin = end;
  }
  return parts;
}

// What was written, so that the test can tell that it saw everything.
std::set<std::string> FormsOf(const TextCase& kind, const ColumnInfo& column) {
  std::set<std::string> forms;
  const std::string of = "/" + std::to_string(static_cast<int>(kind.profile));
  for (const PageInfo& page : column.pages) {
    forms.insert(page.layout + of);
    forms.insert(page.layout + "/length " + std::to_string(kind.length));
  }
  if (column.pages.size() > 2) {
    forms.insert("several pages" + of);
  }
  if (column.codec_dictionary_bytes > 0) {
    forms.insert("codec dictionary" + of);
  }
  if (column.symbol_table_bytes > 0) {
    forms.insert("symbol table");
  }
  if (column.dictionary_bytes > 0) {
    forms.insert("dictionary" + of);
  }
  return forms;
}

constexpr std::array<size_t, 5> kTextLengths = {1, 100, 5'000, 70'000, 1'000'000};

// The 48 mixtures of content, nulls, variety and pages.
TextCase MixtureOf(TextCase kind, uint64_t number) {
  kind.content = static_cast<Content>(number % 3);
  kind.nulls = static_cast<Nulls>(number / 3 % 4);
  kind.few_distinct = number / 12 % 2 == 1;
  kind.several_pages = number / 24 % 2 == 1;
  return kind;
}

std::vector<TextCase> TextCases() {
  std::vector<TextCase> cases;
  uint64_t number = 0;
  const uint64_t mixtures = test::SoakFactor() >= 20 ? 48 : 4;
  for (const Profile profile : {Profile::kRandom, Profile::kCompact, Profile::kArchive}) {
    for (const size_t length : kTextLengths) {
      for (const bool random_encodings : {false, true}) {
        for (uint64_t i = 0; i < mixtures; ++i) {
          number += mixtures == 48 ? 1 : 7;  // another four of the mixtures each time
          cases.push_back(MixtureOf({.profile = profile,
                                     .length = length,
                                     .random_encodings = random_encodings},
                                    number));
        }
      }
    }
  }
  return cases;
}

// Every layout in every profile, with and without what pages share, for texts of every
// length.
TEST(FileRoundTrip, TextsOfEveryKindInEveryForm) {
  std::set<std::string> seen;
  uint64_t seed = 300;
  const std::vector<TextCase> cases = TextCases();
  for (const TextCase& kind : cases) {
    SCOPED_TRACE(kind.ToString());
    std::mt19937_64 random(++seed);
    Table table = TableOf(kind, random);
    WriterOptions options{.profile = kind.profile,
                          .random_encodings = kind.random_encodings};
    if (kind.several_pages) {
      options.page_bytes = 10'000;
      table.parts = PartsOf(table.rows);
    }
    std::vector<ColumnInfo> columns;
    ASSERT_NO_FATAL_FAILURE(RoundTrip(seed, table, options, &columns));
    for (const ColumnInfo& column : columns) {
      seen.merge(FormsOf(kind, column));
    }
  }
  for (const std::string profile : {"/0", "/1", "/2"}) {
    for (const std::string form : {"uniform", "blocks", "variable", "several pages",
                                   "codec dictionary", "dictionary"}) {
      EXPECT_TRUE(seen.contains(form + profile)) << form << profile;
    }
  }
  for (const size_t length : kTextLengths) {
    for (const std::string layout : {"blocks", "variable"}) {
      EXPECT_TRUE(seen.contains(layout + "/length " + std::to_string(length)))
          << layout << length;
    }
  }
  EXPECT_TRUE(seen.contains("symbol table"));
  test::ReportSoak(std::to_string(cases.size()) + " tables of texts");
}

}  // namespace
}  // namespace lancer::format
