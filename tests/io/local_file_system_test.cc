// What only the local file system has; the rest is in file_system_conformance_test.cc.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/child_process.h"
#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer {
namespace {

class LocalFileSystemTest : public ::testing::Test {
 protected:
  test::TemporaryDirectory directory_;
  std::shared_ptr<Counters> counters_ = std::make_shared<Counters>();
  std::shared_ptr<FileSystem> files_ = MakeLocalFileSystem({.counters = counters_});
};

TEST_F(LocalFileSystemTest, CountsSyncsOfFilesAndDirectories) {
  ASSERT_TRUE(test::PublishFile(*files_, directory_.File("a"), "x").ok());
  EXPECT_EQ(counters_->syncs, 2u);
  ASSERT_TRUE(files_->Overwrite(directory_.File("h"), test::BytesOf("x")).ok());
  EXPECT_EQ(counters_->syncs, 2u);
  ASSERT_TRUE(*files_->CreateDirectory(directory_.File("x/y/z")));
  EXPECT_EQ(counters_->syncs, 4u);  // the parents of x and y
}

TEST_F(LocalFileSystemTest, AnOverwriteLeavesOtherLinksOfTheFileAlone) {
  std::string hint = directory_.File("h");
  std::string copy = directory_.File("copy");
  ASSERT_TRUE(files_->Overwrite(hint, test::BytesOf("old")).ok());
  ASSERT_EQ(link(hint.c_str(), copy.c_str()), 0);
  ASSERT_TRUE(files_->Overwrite(hint, test::BytesOf("new")).ok());
  EXPECT_EQ(test::ReadFileText(*files_, hint).value_or("?"), "new");
  EXPECT_EQ(test::ReadFileText(*files_, copy).value_or("?"), "old");
}

TEST_F(LocalFileSystemTest, TakesRelativePaths) {
  test::ChildEnd end = test::RunInChild([&] {
    if (chdir(directory_.path().c_str()) != 0) {
      return 1;
    }
    bool made = files_->CreateDirectory("a/b").value_or(false);
    bool published = test::PublishFile(*files_, "top", "1").ok() &&
                     test::PublishFile(*files_, "a/b/low", "2").ok();
    bool read = test::ReadFileText(*files_, "./top").value_or("?") == "1" &&
                test::ReadFileText(*files_, "a/../a/b/low").value_or("?") == "2";
    return made && published && read ? 0 : 2;
  });
  EXPECT_EQ(end.exit_code, 0);
}

TEST_F(LocalFileSystemTest, FollowsLinksAndListsBrokenOnes) {
  ASSERT_TRUE(test::PublishFile(*files_, directory_.File("a"), "text").ok());
  ASSERT_EQ(symlink("a", directory_.File("to_a").c_str()), 0);
  ASSERT_EQ(symlink("nowhere", directory_.File("broken").c_str()), 0);
  auto entries = *files_->List(directory_.path());
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[1].name, "broken");
  EXPECT_EQ(entries[2].size, 4u);
  EXPECT_EQ(test::ReadFileText(*files_, directory_.File("to_a")).value_or("?"), "text");
  EXPECT_FALSE(files_->Stat(directory_.File("broken"))->has_value());
}

// Reading needs no right to write, and each refused write says so.
int UseReadOnly(FileSystem& files, const std::string& directory, const char* expected) {
  std::string path = directory + "/a";
  if (test::ReadFileText(files, path).value_or("?") != "text" ||
      !files.List(directory).has_value() ||
      files.CreateDirectory(directory).value_or(true)) {
    return 10;
  }
  const Status refused[] = {
      test::PublishFile(files, directory + "/b", "x"),
      files.Overwrite(path, test::BytesOf("x")),
      files.CreateDirectory(directory + "/d").status(),
      files.Remove(path),
      files.Lock(directory + "/lock").status(),
      files.ProbePublish(directory).status(),
  };
  int number = 20;
  for (const Status& status : refused) {
    if (status.code() != StatusCode::kIoError ||
        status.message().find(expected) == std::string_view::npos ||
        status.message().find(directory) != 0) {
      return number;
    }
    ++number;
  }
  return 0;
}

TEST_F(LocalFileSystemTest, ReadsAFolderThatCannotBeWritten) {
  ASSERT_TRUE(test::PublishFile(*files_, directory_.File("a"), "text").ok());
  ASSERT_EQ(chmod(directory_.path().c_str(), 0555), 0);
  test::ChildEnd end = test::RunInChild([&] {
    return test::BecomeUnprivileged()
               ? UseReadOnly(*files_, directory_.path(), "permissions")
               : 1;
  });
  EXPECT_EQ(end.exit_code, 0);
  ASSERT_EQ(chmod(directory_.path().c_str(), 0755), 0);
}

// Mounting needs rights that a container may withhold; the test above stands for it
// there.
TEST_F(LocalFileSystemTest, ReadsAReadOnlyMount) {
  constexpr int kNoMounts = 77;
  ASSERT_TRUE(test::PublishFile(*files_, directory_.File("a"), "text").ok());
  test::ChildEnd end = test::RunInChild([&] {
    const char* path = directory_.path().c_str();
    if (unshare(CLONE_NEWNS) != 0 ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount(path, path, nullptr, MS_BIND, nullptr) != 0 ||
        mount(nullptr, path, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
      return kNoMounts;
    }
    return UseReadOnly(*files_, directory_.path(), "read-only");
  });
  EXPECT_TRUE(end.exit_code == 0 || end.exit_code == kNoMounts) << *end.exit_code;
}

}  // namespace
}  // namespace lancer
