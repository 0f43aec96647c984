#include "format/leaf_reader.h"

#include <gtest/gtest.h>

#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

class LeafReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteFile(context_, "a.lancer", {NumberedRows(0, 30000)}, {.page_bytes = 64 << 10});
    auto file = context_->file_system->OpenForRead("a.lancer", MapMode::kNever);
    ASSERT_TRUE(file.has_value());
    auto container = Container::Open(*file, FileKind::kData);
    ASSERT_TRUE(container.has_value()) << container.status().ToString();
    container_ = *container;
    auto schema = container_->ReadSchema();
    ASSERT_TRUE(schema.has_value());
    shapes_ = LeavesOf(**schema);
  }
  ContextPtr context_ = MemoryContext();
  std::shared_ptr<const Container> container_;
  std::vector<LeafShape> shapes_;
};

TEST_F(LeafReaderTest, KeepsPagesWhileTheBudgetLasts) {
  MemoryBudget ample(1 << 20);
  auto leaf = LeafReader::Load(*container_, LeafId(0), shapes_[0], &ample);
  ASSERT_TRUE(leaf.has_value()) << leaf.status().ToString();
  const PageReader* first = &**(*leaf)->Page(0);
  EXPECT_EQ(&**(*leaf)->Page(0), first);
  EXPECT_GT(ample.used(), 0U);
}

TEST_F(LeafReaderTest, MakesPagesForOneUseBeyondTheBudget) {
  MemoryBudget none(0);
  auto leaf = LeafReader::Load(*container_, LeafId(0), shapes_[0], &none);
  ASSERT_TRUE(leaf.has_value());
  EXPECT_TRUE((*leaf)->Page(0).has_value());
  EXPECT_EQ(none.used(), 0U);
}

TEST_F(LeafReaderTest, ALeafInAnotherSlotIsCorruption) {
  MemoryBudget budget(1 << 20);
  auto leaf = LeafReader::Load(*container_, LeafId(1), shapes_[0], &budget);
  EXPECT_EQ(leaf.status().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::format
