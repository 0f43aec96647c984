#include "tests/support/test_context.h"

#include <gtest/gtest.h>

#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer::test {
namespace {

TEST(ManualClock, MovesOnlyWhenTold) {
  TestContext made = MakeTestContext();
  EXPECT_EQ(made.context->clock->NowMicros(), ManualClock::kStartMicros);
  EXPECT_EQ(made.context->clock->MonotonicMicros(), 0);
  made.context->clock->SleepMicros(1'500);
  EXPECT_EQ(made.clock->NowMicros(), ManualClock::kStartMicros + 1'500);
  EXPECT_EQ(made.clock->MonotonicMicros(), 1'500);
  made.clock->SetNow(5);
  EXPECT_EQ(made.clock->NowMicros(), 5);
  EXPECT_EQ(made.clock->MonotonicMicros(), 1'500);
}

TEST(TestContext, RepeatsRandomNumbersOfItsSeed) {
  Uuid first = MakeTestContext({.seed = 7}).context->random->NextUuid();
  EXPECT_EQ(first, MakeTestContext({.seed = 7}).context->random->NextUuid());
  EXPECT_NE(first, MakeTestContext({.seed = 8}).context->random->NextUuid());
}

TEST(TestContext, CountsReadsOfItsOwnFileSystems) {
  TemporaryDirectory directory;
  for (bool local : {false, true}) {
    TestContext made = MakeTestContext({.local_files = local});
    std::string path = directory.File("a");
    ASSERT_TRUE(made.file_system->CreateDirectory(directory.path()).status().ok());
    ASSERT_TRUE(PublishFile(*made.file_system, path, "12345").ok());
    EXPECT_EQ(made.counters->syncs, 2u);
    ASSERT_EQ(ReadFileText(*made.file_system, path).value_or("?"), "12345");
    EXPECT_EQ(made.counters->batches, 1u);
    EXPECT_EQ(made.counters->requests, 1u);
    EXPECT_EQ(made.counters->bytes_read, 5u);
  }
}

TEST(TestContext, LetsAFileOutliveTheContext) {
  std::shared_ptr<const ReadableFile> file;
  {
    TestContext made = MakeTestContext();
    ASSERT_TRUE(PublishFile(*made.file_system, "/a", "xyz").ok());
    file = *made.file_system->OpenForRead("/a", MapMode::kNever);
  }
  std::vector<std::byte> bytes(3);
  ReadRange range{0, bytes};
  EXPECT_TRUE(file->ReadBatch({&range, 1}).ok());
  EXPECT_EQ(bytes[2], std::byte{'z'});
}

TEST(TestContext, RunsOnAsManyThreadsAsAsked) {
  EXPECT_EQ(MakeTestContext().context->executor->thread_count(), 1);
  EXPECT_EQ(MakeTestContext({.threads = 3}).context->executor->thread_count(), 3);
}

}  // namespace
}  // namespace lancer::test
