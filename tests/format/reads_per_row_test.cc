// What a random row costs in reads, by layout (spec: layouts, "Reads per value"): one
// with the page's index at hand, one more when the index must come first.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/format/file_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

constexpr int64_t kRows = 20000;

struct Case {
  const char* name;
  const char* layout;
  uint64_t leaves;
  ArrayPtr array;
  uint64_t page_bytes;
  Metadata metadata = {};
};

std::string Noise(std::mt19937_64& random, size_t bytes) {
  std::string text(bytes, ' ');
  for (char& c : text) {
    c = static_cast<char>(' ' + random() % 95);
  }
  return text;
}

ArrayPtr Texts(size_t shortest, size_t longest) {
  std::mt19937_64 random(7);
  std::vector<std::string> texts;
  for (int64_t i = 0; i < kRows; ++i) {
    texts.push_back(Noise(random, shortest + random() % (longest - shortest + 1)));
  }
  return Strings(texts);
}

ArrayPtr Numbers(int64_t count) {
  std::mt19937_64 random(7);
  std::vector<int64_t> numbers(static_cast<size_t>(count));
  for (int64_t& number : numbers) {
    number = static_cast<int64_t>(random());
  }
  return Int64s(std::move(numbers));
}

// Lists of 0 to 8 items.
ArrayPtr Lists(bool of_structs) {
  std::mt19937_64 random(11);
  test::Values<int64_t> lengths;
  int64_t items = 0;
  for (int64_t i = 0; i < kRows; ++i) {
    const auto length = static_cast<int64_t>(random() % 9);
    lengths.emplace_back(length);
    items += length;
  }
  ArrayPtr item = Numbers(items);
  if (of_structs) {
    const TypePtr type = DataType::Struct(
        {test::Nullable("a", item->type()), test::Nullable("b", item->type())});
    item = test::MakeStructArray(type, items, {item, Numbers(items)});
  }
  return test::MakeListArray(lengths, item);
}

// Structs of 12 numbers.
ArrayPtr Structs() {
  std::vector<Field> fields;
  std::vector<ArrayPtr> children;
  for (int i = 0; i < 12; ++i) {
    children.push_back(Numbers(kRows));
    fields.push_back(test::Nullable("f" + std::to_string(i), children.back()->type()));
  }
  return test::MakeStructArray(DataType::Struct(std::move(fields)), kRows,
                               std::move(children));
}

std::vector<Case> Cases() {
  return {
      {"numbers", "uniform", 1, Numbers(kRows), 16 << 10},
      {"short text", "blocks", 1, Texts(5, 60), 64 << 10},
      {"long text", "variable", 1, Texts(1500, 6000), 4 << 20},
      {"structs", "uniform", 12, Structs(), 16 << 10},
      {"packed structs", "uniform", 1, Structs(), 64 << 10, {{"lancer.packed", "true"}}},
      {"lists", "blocks", 1, Lists(false), 64 << 10},
      {"lists of structs", "blocks", 2, Lists(true), 64 << 10}};
}

class ReadsPerRow : public ::testing::TestWithParam<Case> {
 protected:
  ReadsPerRow() {
    const ArrayPtr& array = GetParam().array;
    auto schema = std::make_shared<const Schema>(std::vector<Field>{
        {.name = "x", .type = array->type(), .metadata = GetParam().metadata}});
    WriteFile(context_, "a.lancer", {{schema, array->length(), {array}}},
              {.page_bytes = GetParam().page_bytes});
    reader_ = OpenOrFail(context_, "a.lancer", MapMode::kNever);
    columns_ = *reader_->DescribeColumns();
    reader_ = OpenOrFail(context_, "a.lancer", MapMode::kNever);
  }

  // Reads and batches of reads that the take of one row costs.
  std::pair<uint64_t, uint64_t> CostOf(uint64_t row) {
    Counters& counters = *context_->counters;
    const uint64_t requests = counters.requests;
    const uint64_t batches = counters.batches;
    Result<Batch> taken = reader_->Take(std::vector<uint64_t>{row});
    EXPECT_TRUE(taken.has_value()) << taken.status().ToString();
    if (taken) {
      EXPECT_TRUE(taken->columns[0]->Equals(
          *GetParam().array->Slice(static_cast<int64_t>(row), 1)));
    }
    return {counters.requests - requests, counters.batches - batches};
  }

  ContextPtr context_ = MemoryContext();
  std::shared_ptr<const FileReader> reader_;
  std::vector<ColumnInfo> columns_;
};

TEST_P(ReadsPerRow, HasThePagesItSpeaksOf) {
  ASSERT_EQ(columns_.size(), GetParam().leaves);
  for (const ColumnInfo& leaf : columns_) {
    ASSERT_GE(leaf.pages.size(), 3u);
    for (const PageInfo& page : leaf.pages) {
      EXPECT_EQ(page.layout, GetParam().layout);
      EXPECT_GT(page.index_bytes, 0u);
    }
  }
}

TEST_P(ReadsPerRow, OneReadPerLeafOnceThePagesIndexIsLoaded) {
  const PageInfo& page = columns_[0].pages[1];
  CostOf(page.first_row);
  for (const uint64_t at : {page.rows / 3, page.rows / 2, page.rows - 1}) {
    const auto [reads, batches] = CostOf(page.first_row + at);
    EXPECT_EQ(reads, GetParam().leaves);
    EXPECT_EQ(batches, 1u);
  }
}

TEST_P(ReadsPerRow, OneReadMorePerLeafForAPageThatWasNeverUsed) {
  CostOf(columns_[0].pages[0].first_row);
  const PageInfo& page = columns_[0].pages[2];
  const auto [reads, batches] = CostOf(page.first_row + page.rows / 2);
  EXPECT_EQ(reads, 2 * GetParam().leaves);
  EXPECT_EQ(batches, 1 + GetParam().leaves);  // each index by itself, then the rows
}

INSTANTIATE_TEST_SUITE_P(Layouts, ReadsPerRow, ::testing::ValuesIn(Cases()),
                         [](const auto& test) {
                           std::string name = test.param.name;
                           std::ranges::replace(name, ' ', '_');
                           return name;
                         });

}  // namespace
}  // namespace lancer::format
