#include "format/open_data_file.h"

#include <gtest/gtest.h>

#include "format/open_file.h"
#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

class OpenDataFileTest : public testing::Test {
 protected:
  void SetUp() override { WriteFile(context_, "a.lancer", {NumberedRows(0, 100)}); }
  ContextPtr context_ = MemoryContext();
};

TEST_F(OpenDataFileTest, LoadsAColumnOnce) {
  auto file = OpenDataFile::Open("a.lancer", {}, context_, nullptr, nullptr);
  ASSERT_TRUE(file.has_value()) << file.error().ToString();
  ASSERT_TRUE((*file)->schema().has_value());
  auto first = (*file)->Column(1);
  auto again = (*file)->Column(1);
  ASSERT_TRUE(first.has_value()) << first.error().ToString();
  EXPECT_EQ(&**first, &**again);
}

TEST_F(OpenDataFileTest, KeepsNoMoreMetadataThanTheBudget) {
  auto budget = std::make_shared<MemoryBudget>(0);
  auto file = OpenDataFile::Open("a.lancer", {}, context_, nullptr, nullptr, budget);
  ASSERT_TRUE(file.has_value()) << file.error().ToString();
  ASSERT_TRUE((*file)->schema().has_value());
  auto first = (*file)->Column(1);
  auto again = (*file)->Column(1);
  ASSERT_TRUE(first.has_value()) << first.error().ToString();
  EXPECT_NE(&**first, &**again);
  EXPECT_EQ((*first)->leaves[0]->meta().rows, 100U);
  EXPECT_TRUE((*first)->leaves[0]->Page(0).has_value());
  EXPECT_EQ(budget->used(), 0U);
}

TEST_F(OpenDataFileTest, TakesMetadataDictionariesAndPagesFromASharedBudget) {
  auto budget = std::make_shared<MemoryBudget>(1 << 20);
  auto first = OpenDataFile::Open("a.lancer", {}, context_, nullptr, nullptr, budget);
  auto second = OpenDataFile::Open("a.lancer", {}, context_, nullptr, nullptr, budget);
  ASSERT_TRUE(first.has_value() && second.has_value());
  ASSERT_TRUE((*first)->Columns(std::nullopt).has_value());
  uint64_t of_one = budget->used();
  EXPECT_GT(of_one, 2 * sizeof(ColumnMeta));
  ASSERT_TRUE((*second)->Columns(std::nullopt).has_value());
  EXPECT_EQ(budget->used(), 2 * of_one);
  ASSERT_TRUE((*(*second)->Column(0))->leaves[0]->Page(0).has_value());
  EXPECT_GT(budget->used(), 2 * of_one);
  second->reset();
  EXPECT_EQ(budget->used(), of_one);
  first->reset();
  EXPECT_EQ(budget->used(), 0U);
}

TEST_F(OpenDataFileTest, RepeatedProjectionsShareOneSchema) {
  auto file = OpenDataFile::Open("a.lancer", {}, context_, nullptr, nullptr);
  ASSERT_TRUE(file.has_value());
  std::optional<std::vector<std::string>> names{{"name"}};
  ASSERT_TRUE((*file)->Columns(names).has_value());
  auto first = (*file)->SchemaOf(names);
  auto again = (*file)->SchemaOf(names);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(*first, *again);
  EXPECT_EQ((*first)->field_count(), 1U);
}

TEST_F(OpenDataFileTest, RefusesAFileOfAnotherSizeOrDigest) {
  auto file = OpenDataFile::Open("a.lancer", {}, context_, nullptr, nullptr);
  ASSERT_TRUE(file.has_value());
  FileRef expected{"a.lancer", (*file)->container().file().size(),
                   (*file)->container().digest()};
  EXPECT_TRUE(FileReaderAccess::Open("a.lancer", {}, context_, &expected, nullptr));
  FileRef other = expected;
  other.digest.low ^= 1;
  EXPECT_EQ(
      FileReaderAccess::Open("a.lancer", {}, context_, &other, nullptr).status().code(),
      StatusCode::kCorruption);
  other = expected;
  other.size += 1;
  EXPECT_EQ(
      FileReaderAccess::Open("a.lancer", {}, context_, &other, nullptr).status().code(),
      StatusCode::kCorruption);
}

TEST_F(OpenDataFileTest, ASchemaWithOtherLeavesIsCorruption) {
  auto other = std::make_shared<const Schema>(std::vector<Field>{
      {.name = "id", .type = DataType::Make(TypeKind::kInt64), .nullable = false}});
  EXPECT_EQ(
      FileReaderAccess::Open("a.lancer", {}, context_, nullptr, other).status().code(),
      StatusCode::kCorruption);
}

TEST_F(OpenDataFileTest, AMissingFileIsNotFound) {
  EXPECT_EQ(
      OpenDataFile::Open("b.lancer", {}, context_, nullptr, nullptr).status().code(),
      StatusCode::kNotFound);
}

}  // namespace
}  // namespace lancer::format
