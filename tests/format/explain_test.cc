#include "format/explain.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/format/file_fixture.h"
#include "tests/support/arrays/arrays.h"
#include "types/coded_rows.h"

namespace lancer::format {
namespace {

std::vector<ColumnExplanation> ExplainFile(const WriterOptions& options) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 60000)}, options);
  auto explained = OpenOrFail(context, "a.lancer")->ExplainEncodings();
  EXPECT_TRUE(explained.has_value()) << explained.error().ToString();
  return explained.has_value() ? *std::move(explained) : std::vector<ColumnExplanation>();
}

TEST(Explain, GivesThePagesThatAreStoredInEachProfile) {
  for (const Profile profile : {Profile::kRandom, Profile::kCompact, Profile::kArchive}) {
    const auto columns = ExplainFile({.profile = profile, .page_bytes = 64 << 10});
    ASSERT_EQ(columns.size(), 2U);
    for (const ColumnExplanation& column : columns) {
      EXPECT_EQ(column.profile, ProfileName(profile));
      uint64_t rows = 0;
      for (const PageExplanation& page : column.pages) {
        EXPECT_EQ(page.first_row, rows);
        EXPECT_EQ(page.chosen, page.stored) << column.profile << " row " << rows;
        rows += page.rows;
      }
      EXPECT_EQ(rows, 60000U);
    }
  }
}

TEST(Explain, ListsCandidatesByCostAndTheOneThatWonFirst) {
  const auto columns = ExplainFile({});
  const PageExplanation& page = columns[1].pages[0];
  ASSERT_GE(page.weighed.size(), 3U);
  EXPECT_EQ(page.reason, "least cost");
  EXPECT_EQ(page.weighed[0].encoding, page.chosen);
  EXPECT_TRUE(std::ranges::is_sorted(page.weighed, {}, &WeighedEncoding::cost));
  EXPECT_NEAR(page.weighed[0].bytes_per_value, page.bytes_per_value,
              page.bytes_per_value / 4);
}

TEST(Explain, AFileOfDrawnEncodingsShowsWhatWouldHaveBeenChosen) {
  const auto columns = ExplainFile({.random_encodings = true, .page_bytes = 32 << 10});
  const auto differs = [](const PageExplanation& page) {
    return page.stored != page.chosen;
  };
  EXPECT_TRUE(std::ranges::any_of(columns[1].pages, differs));
}

// Rows that have the first and the last of 4,000 words alone: codes of 12 bits, where
// a dictionary in order of first appearance would have codes of one.
TEST(Explain, ADictionaryThatRowsCameWithKeepsItsOrder) {
  std::vector<std::string> words;
  for (int i = 0; i < 4000; ++i) {
    words.push_back("word " + std::to_string(i));
  }
  std::vector<uint32_t> codes;
  for (int64_t i = 0; i < 20000; ++i) {
    codes.push_back(i % 3 == 0 ? 0 : 3999);
  }
  const TypePtr type = DataType::Dictionary(DataType::Make(TypeKind::kInt32),
                                            DataType::Make(TypeKind::kString), false);
  const auto array =
      MakeCodedArray(type, 0, nullptr, Buffer::Own(std::move(codes)), Strings(words));
  ASSERT_TRUE(array.has_value());
  const auto schema = std::make_shared<const Schema>(
      std::vector<Field>{{.name = "word", .type = type, .nullable = false}});
  for (const Profile profile : {Profile::kRandom, Profile::kCompact}) {
    ContextPtr context = MemoryContext();
    WriteFile(context, "a.lancer", {{schema, 20000, {*array}}},
              {.profile = profile, .page_rows = 4096});
    const auto reader = OpenOrFail(context, "a.lancer");
    const auto columns = reader->DescribeColumns();
    const auto explained = reader->ExplainEncodings();
    ASSERT_TRUE(columns.has_value() && explained.has_value());
    const std::vector<PageInfo>& pages = (*columns)[0].pages;
    const std::vector<PageExplanation>& explanations = (*explained)[0].pages;
    ASSERT_EQ(explanations.size(), pages.size());
    ASSERT_GT(pages.size(), 1U);
    for (size_t i = 0; i < pages.size(); ++i) {
      EXPECT_EQ(explanations[i].chosen, pages[i].encoding);
      EXPECT_DOUBLE_EQ(
          explanations[i].bytes_per_value * static_cast<double>(pages[i].rows),
          static_cast<double>(pages[i].size_bytes));
    }
  }
}

TEST(Explain, TellsWhatTheTypeAsksForFromWhatTheMetadataDoes) {
  const ArrayPtr numbers = Int64s({1, 2, 1, 3});
  const TypePtr dictionary = DataType::Dictionary(DataType::Make(TypeKind::kInt32),
                                                  DataType::Make(TypeKind::kInt64));
  const TypePtr pair =
      DataType::Struct({{.name = "n", .type = DataType::Make(TypeKind::kInt64)}});
  const Metadata asks = {{"lancer.encoding", "dict(ffor)"}};
  const auto schema = std::make_shared<const Schema>(std::vector<Field>{
      {.name = "d", .type = dictionary},
      {.name = "p", .type = pair, .metadata = {{"lancer.packed", "true"}}},
      {.name = "asked", .type = dictionary, .metadata = asks}});
  ContextPtr context = MemoryContext();
  const ArrayPtr coded = numbers->WithType(dictionary);
  WriteFile(context, "a.lancer",
            {{schema, 4, {coded, test::MakeStructArray(pair, 4, {numbers}), coded}}});
  const auto explained = OpenOrFail(context, "a.lancer")->ExplainEncodings();
  ASSERT_TRUE(explained.has_value());
  const std::string by_type =
      "columns of the field's type, dictionary or packed struct, are stored so";
  EXPECT_EQ((*explained)[0].pages[0].reason, by_type);
  EXPECT_EQ((*explained)[1].pages[0].reason, by_type);
  EXPECT_EQ((*explained)[2].pages[0].reason, "the field's metadata asks for it");
}

TEST(Explain, NamesAColumnThatIsNotThere) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 10)});
  const auto explained = OpenOrFail(context, "a.lancer")->ExplainEncodings({{"nmae"}});
  ASSERT_FALSE(explained.has_value());
  EXPECT_EQ(explained.error().code(), StatusCode::kNotFound);
  EXPECT_NE(explained.error().message().find("nmae"), std::string::npos);
}

}  // namespace
}  // namespace lancer::format
