#include "lancer/context.h"

#include <gtest/gtest.h>

#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer {
namespace {

TEST(Context, HasAllItsParts) {
  ContextPtr context = MakeContext(2);
  ASSERT_NE(context->file_system, nullptr);
  ASSERT_NE(context->clock, nullptr);
  ASSERT_NE(context->random, nullptr);
  ASSERT_NE(context->counters, nullptr);
  EXPECT_EQ(context->executor->thread_count(), 2);
}

TEST(Context, CountsWhatItsFileSystemDoes) {
  test::TemporaryDirectory directory;
  ContextPtr context = MakeContext(1);
  std::string path = directory.File("a");
  ASSERT_TRUE(test::PublishFile(*context->file_system, path, "12345").ok());
  ASSERT_TRUE(test::ReadFileText(*context->file_system, path).has_value());
  EXPECT_EQ(context->counters->syncs, 2u);
  EXPECT_EQ(context->counters->bytes_read, 5u);
}

TEST(Context, FilesMayOutliveIt) {
  test::TemporaryDirectory directory;
  ContextPtr context = MakeContext(1);
  std::string path = directory.File("a");
  ASSERT_TRUE(test::PublishFile(*context->file_system, path, "12345").ok());
  auto file = *context->file_system->OpenForRead(path, MapMode::kNever);
  context.reset();
  std::vector<std::byte> bytes(5);
  ReadRange range{0, bytes};
  EXPECT_TRUE(file->ReadBatch({&range, 1}).ok());  // counted, where the counters live on
}

TEST(Context, TheDefaultIsOne) {
  EXPECT_EQ(DefaultContext().get(), DefaultContext().get());
  EXPECT_NE(DefaultContext(), nullptr);
}

}  // namespace
}  // namespace lancer
