#include "tests/support/file_contents.h"

#include <gtest/gtest.h>

#include "tests/support/fault_file_system.h"

namespace lancer::test {
namespace {

TEST(FileContents, ReadsBackWhatWasPublished) {
  auto file_system = MakeMemoryFileSystem();
  ASSERT_TRUE(PublishFile(*file_system, "/a", "hello").ok());
  EXPECT_EQ(ReadFileText(*file_system, "/a").value_or("?"), "hello");
  EXPECT_EQ(ReadFileBytes(*file_system, "/a")->size(), 5u);
  EXPECT_EQ(ReadFileText(*file_system, "/b").status().code(), StatusCode::kNotFound);
}

TEST(FileContents, DoesNotReplace) {
  auto file_system = MakeMemoryFileSystem();
  ASSERT_TRUE(PublishFile(*file_system, "/a", "one").ok());
  EXPECT_EQ(PublishFile(*file_system, "/a", "two").code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(ReadFileText(*file_system, "/a").value_or("?"), "one");
}

TEST(FileContents, SaysWhenTheOutcomeIsNotKnown) {
  FaultFileSystem file_system(MakeMemoryFileSystem());
  file_system.FailCall(3, Fault::kUnknownButDone);
  EXPECT_EQ(PublishFile(file_system, "/a", "x").code(), StatusCode::kUnknown);
  EXPECT_EQ(file_system.calls()[3].call, FileCall::kPublish);
}

TEST(FileContents, MarksDirectoriesInListings) {
  auto file_system = MakeMemoryFileSystem();
  ASSERT_TRUE(file_system->CreateDirectory("/d").status().ok());
  ASSERT_TRUE(PublishFile(*file_system, "/a", "").ok());
  EXPECT_EQ(*ListNames(*file_system, "/"), (std::vector<std::string>{"a", "d/"}));
}

}  // namespace
}  // namespace lancer::test
