#include "io/local_staged_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "tests/support/child_process.h"
#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer {
namespace {

struct MethodCase {
  const char* what;
  StagingMethods methods;
};

constexpr MethodCase kMethods[] = {
    {"anonymous and link", {true, true, false}},
    {"named and link", {false, true, false}},
    {"named and rename", {false, false, true}},
    {"all", {true, true, true}},
};

class LocalStagedFileTest : public ::testing::Test {
 protected:
  std::unique_ptr<StagedFile> Stage(StagingMethods methods = {}) {
    auto file = LocalStagedFile::Open(directory_.path(), temporary_, methods, counters_);
    EXPECT_TRUE(file.has_value()) << file.status().ToString();
    return *std::move(file);
  }
  std::vector<std::string> Names() {
    return *test::ListNames(*files_, directory_.path());
  }

  test::TemporaryDirectory directory_;
  const std::string temporary_ = directory_.File("temporary");
  const std::string path_ = directory_.File("a");
  std::shared_ptr<Counters> counters_ = std::make_shared<Counters>();
  std::shared_ptr<FileSystem> files_ = MakeLocalFileSystem();
};

TEST_F(LocalStagedFileTest, PublishesByEachMethodAndLeavesNoOtherName) {
  for (const MethodCase& method : kMethods) {
    SCOPED_TRACE(method.what);
    for (PublishOutcome expected : {PublishOutcome::kCreated, PublishOutcome::kExists}) {
      auto file = Stage(method.methods);
      ASSERT_TRUE(file->Append(test::BytesOf("text")).ok());
      ASSERT_TRUE(file->Sync().ok());
      EXPECT_EQ(*file->Publish(path_), expected);
      file.reset();
      EXPECT_EQ(Names(), (std::vector<std::string>{"a"}));
      EXPECT_EQ(test::ReadFileText(*files_, path_).value_or("?"), "text");
    }
    ASSERT_TRUE(files_->Remove(path_).ok());
  }
}

TEST_F(LocalStagedFileTest, NamesAnAnonymousFileWhereOnlyRenameWorks) {
  // What Publish meets on a file system with O_TMPFILE but without links.
  auto file = Stage({true, true, true});
  const std::string text(2'500'000, 'y');
  ASSERT_TRUE(file->Append(test::BytesOf(text)).ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(Names(), (std::vector<std::string>{}));
  EXPECT_EQ(*file->PublishExclusive(path_), PublishOutcome::kCreated);
  EXPECT_TRUE(*test::ReadFileText(*files_, path_) == text);
}

TEST_F(LocalStagedFileTest, RefusesToPublishUnsyncedBytes) {
  auto file = Stage();
  ASSERT_TRUE(file->Append(test::BytesOf("text")).ok());
  EXPECT_EQ(file->Publish(path_).status().code(), StatusCode::kInternal);
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->Append(test::BytesOf("more")).ok());
  EXPECT_EQ(file->Publish(path_).status().code(), StatusCode::kInternal);
  EXPECT_EQ(Names(), (std::vector<std::string>{}));
}

TEST_F(LocalStagedFileTest, CanTryAnotherNameAfterOneIsTaken) {
  ASSERT_TRUE(test::PublishFile(*files_, path_, "old").ok());
  auto file = Stage();
  ASSERT_TRUE(file->Append(test::BytesOf("new")).ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(*file->Publish(path_), PublishOutcome::kExists);
  EXPECT_EQ(*file->Publish(directory_.File("b")), PublishOutcome::kCreated);
  EXPECT_EQ(test::ReadFileText(*files_, directory_.File("b")).value_or("?"), "new");
}

TEST_F(LocalStagedFileTest, CountsItsSyncs) {
  auto file = Stage();
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(counters_->syncs, 2u);
}

TEST_F(LocalStagedFileTest, MakesTheFolderOfNamedTemporaries) {
  auto file = LocalStagedFile::Open(directory_.path(), directory_.File("_tmp/x"),
                                    {false, true, false}, nullptr);
  ASSERT_TRUE(file.has_value()) << file.status().ToString();
  EXPECT_EQ(Names(), (std::vector<std::string>{"_tmp/"}));
}

TEST_F(LocalStagedFileTest, DoesNotTakeOverANamedTemporary) {
  auto first = Stage({false, true, false});
  Status status =
      LocalStagedFile::Open(directory_.path(), temporary_, {false, true, false}, nullptr)
          .status();
  EXPECT_EQ(status.code(), StatusCode::kAlreadyExists);
  EXPECT_TRUE(status.message().starts_with(temporary_));
}

TEST_F(LocalStagedFileTest, GivesOrdinaryPermissions) {
  for (const MethodCase& method : kMethods) {
    auto file = Stage(method.methods);
    ASSERT_TRUE(file->Sync().ok());
    ASSERT_EQ(*file->Publish(path_), PublishOutcome::kCreated);
    struct stat info {};
    ASSERT_EQ(stat(path_.c_str(), &info), 0);
    mode_t mask = umask(0);
    umask(mask);
    EXPECT_EQ(info.st_mode & 0777, 0666 & ~mask) << method.what;
    ASSERT_TRUE(files_->Remove(path_).ok());
  }
}

// What a device that fills does: the write fails, the file is of no further use, nothing
// is left.
TEST_F(LocalStagedFileTest, IsPoisonedByAFailedWrite) {
  test::ChildEnd end = test::RunInChild([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit small{100'000, 100'000};
    setrlimit(RLIMIT_FSIZE, &small);
    auto file = Stage({false, true, false});
    Status full = file->Append(test::BytesOf(std::string(200'000, 'x')));
    bool told = full.code() == StatusCode::kResourceExhausted &&
                full.message().find(temporary_) == 0;
    bool poisoned = file->Sync().code() == StatusCode::kResourceExhausted &&
                    !file->Append({}).ok() && !file->Publish(path_).has_value();
    file.reset();
    return told && poisoned && Names().empty() ? 0 : 1;
  });
  EXPECT_EQ(end.exit_code, 0);
}

TEST_F(LocalStagedFileTest, TellsOfAFailedWriteAtTheLatestAtSync) {
  test::ChildEnd end = test::RunInChild([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit small{1'000, 1'000};
    setrlimit(RLIMIT_FSIZE, &small);
    auto file = Stage();
    bool gathered = file->Append(test::BytesOf(std::string(2'000, 'x'))).ok();
    return gathered && file->Sync().code() == StatusCode::kResourceExhausted ? 0 : 1;
  });
  EXPECT_EQ(end.exit_code, 0);
}

}  // namespace
}  // namespace lancer
