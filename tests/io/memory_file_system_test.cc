// What only the file system in memory has; the rest is in
// file_system_conformance_test.cc.

#include <gtest/gtest.h>

#include "tests/support/file_contents.h"

namespace lancer {
namespace {

TEST(MemoryFileSystem, TakesDetoursInPaths) {
  auto files = MakeMemoryFileSystem();
  ASSERT_TRUE(*files->CreateDirectory("a/b"));
  ASSERT_TRUE(test::PublishFile(*files, "/a//b/./x", "1").ok());
  for (const char* path : {"a/b/x", "/a/b/../b/x", "./a/b//x", "/../a/b/x"}) {
    EXPECT_EQ(test::ReadFileText(*files, path).value_or("?"), "1") << path;
  }
}

TEST(MemoryFileSystem, BeginsWithItsRoot) {
  auto files = MakeMemoryFileSystem();
  EXPECT_TRUE(files->List("/")->empty());
  EXPECT_FALSE(*files->CreateDirectory("/"));
  EXPECT_EQ(files->RemoveDirectory("/").code(), StatusCode::kInvalidArgument);
}

TEST(MemoryFileSystem, ListsOnlyDirectEntries) {
  auto files = MakeMemoryFileSystem();
  ASSERT_TRUE(*files->CreateDirectory("/a/b"));
  ASSERT_TRUE(*files->CreateDirectory("/ab"));
  ASSERT_TRUE(test::PublishFile(*files, "/a/b/x", "").ok());
  EXPECT_EQ(*test::ListNames(*files, "/"), (std::vector<std::string>{"a/", "ab/"}));
  EXPECT_EQ(*test::ListNames(*files, "/a"), (std::vector<std::string>{"b/"}));
  EXPECT_FALSE(files->RemoveDirectory("/a").ok());
}

TEST(MemoryFileSystem, CountsAsTheLocalOneDoes) {
  auto counters = std::make_shared<Counters>();
  auto files = MakeMemoryFileSystem({.counters = counters});
  ASSERT_TRUE(test::PublishFile(*files, "/a", "0123456789").ok());
  ASSERT_TRUE(files->Overwrite("/h", test::BytesOf("x")).ok());
  EXPECT_EQ(counters->syncs, 2u);
  auto file = *files->OpenForRead("/a", MapMode::kNever);
  std::vector<std::byte> memory(6);
  std::span<std::byte> bytes(memory);
  const ReadRange ranges[] = {
      {2, bytes.first(2)}, {4, bytes.subspan(2, 2)}, {8, bytes.subspan(4)}};
  ASSERT_TRUE(file->ReadBatch(ranges).ok());
  EXPECT_EQ(counters->batches, 1u);
  EXPECT_EQ(counters->requests, 2u);
  EXPECT_EQ(counters->bytes_read, 6u);
}

TEST(MemoryFileSystem, RefusesToPublishUnsyncedBytes) {
  auto files = MakeMemoryFileSystem();
  auto file = *files->Stage("/", "/t");
  ASSERT_TRUE(file->Append(test::BytesOf("x")).ok());
  EXPECT_EQ(file->Publish("/a").status().code(), StatusCode::kInternal);
}

TEST(MemoryFileSystem, FilesOutliveIt) {
  auto files = MakeMemoryFileSystem();
  ASSERT_TRUE(test::PublishFile(*files, "/a", "x").ok());
  auto file = *files->OpenForRead("/a", MapMode::kAuto);
  files.reset();
  EXPECT_EQ(file->mapped()[0], std::byte{'x'});
}

}  // namespace
}  // namespace lancer
