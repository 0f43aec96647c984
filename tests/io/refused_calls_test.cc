// Where the kernel or the file system lacks a way to make names: each is refused, with
// every errno value that says so, and the next one is taken.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "io/local_publish_probe.h"
#include "io/local_staged_file.h"
#include "tests/support/file_contents.h"
#include "tests/support/system_call_faults.h"
#include "tests/support/temporary_directory.h"

namespace lancer {
namespace {

using test::SystemCall;
using test::SystemCallFaults;

constexpr int kRefusals[] = {EINVAL, ENOSYS, EOPNOTSUPP, EPERM};

class RefusedCallsTest : public ::testing::Test {
 protected:
  // Writes a file and publishes it under the name "a".
  Result<PublishOutcome> Publish(const std::string& text) {
    LANCER_ASSIGN_OR_RETURN(auto file, files_->Stage(directory_.path(), temporary_));
    LANCER_RETURN_IF_ERROR(file->Append(test::BytesOf(text)));
    LANCER_RETURN_IF_ERROR(file->Sync());
    return file->Publish(path_);
  }
  // Twice: the second finds the first one's file and leaves it.
  void PublishTwice() {
    auto first = Publish("first");
    ASSERT_TRUE(first.has_value()) << first.status().ToString();
    EXPECT_EQ(*first, PublishOutcome::kCreated);
    auto second = Publish("second");
    ASSERT_TRUE(second.has_value()) << second.status().ToString();
    EXPECT_EQ(*second, PublishOutcome::kExists);
    EXPECT_EQ(Names(), (std::vector<std::string>{"a"}));
    EXPECT_EQ(test::ReadFileText(*files_, path_).value_or("?"), "first");
    ASSERT_TRUE(files_->Remove(path_).ok());
  }
  // Publishing works, by `expected`, and leaves nothing behind.
  void ExpectPublishing(PublishMethod expected) {
    PublishTwice();
    auto method = ProbeLocalPublish(directory_.path());
    ASSERT_TRUE(method.has_value()) << method.status().ToString();
    EXPECT_EQ(*method, expected);
    EXPECT_EQ(Names(), std::vector<std::string>());
  }
  std::vector<std::string> Names() {
    return *test::ListNames(*files_, directory_.path());
  }
  static std::string Text(const Status& status) {
    EXPECT_EQ(status.code(), StatusCode::kUnsupported);
    return status.ToString();
  }
  static void RefuseAnonymousFiles(SystemCallFaults* faults, int error) {
    faults->Refuse(SystemCall::kOpen, error, O_TMPFILE);
  }

  test::TemporaryDirectory directory_;
  const std::string temporary_ = directory_.File("temporary");
  const std::string path_ = directory_.File("a");
  std::shared_ptr<FileSystem> files_ = MakeLocalFileSystem();
};

TEST_F(RefusedCallsTest, NamedFilesTakeThePlaceOfAnonymousOnes) {
  for (int error : {EOPNOTSUPP, EISDIR, EINVAL, ENOSYS}) {
    SCOPED_TRACE(error);
    SystemCallFaults faults;
    RefuseAnonymousFiles(&faults, error);
    ExpectPublishing(PublishMethod::kLink);
  }
}

TEST_F(RefusedCallsTest, RenamingTakesThePlaceOfLinks) {
  for (int error : kRefusals) {
    for (bool anonymous : {true, false}) {
      SCOPED_TRACE(fmt::format("{} {}", error, anonymous));
      SystemCallFaults faults;
      faults.Refuse(SystemCall::kLink, error);
      if (!anonymous) {
        RefuseAnonymousFiles(&faults, EOPNOTSUPP);
      }
      ExpectPublishing(PublishMethod::kRenameNoReplace);
    }
  }
}

TEST_F(RefusedCallsTest, WithoutRenamingNothingIsPublishedAndNothingIsLeft) {
  for (int error : kRefusals) {
    SCOPED_TRACE(error);
    SystemCallFaults faults;
    faults.Refuse(SystemCall::kLink, EPERM);
    faults.Refuse(SystemCall::kRenameNoReplace, error);
    Status status = Publish("text").status();
    EXPECT_EQ(status.code(), StatusCode::kUnsupported) << status.ToString();
    EXPECT_TRUE(status.message().starts_with(path_ + ": this file system can neither"));
    EXPECT_EQ(Names(), std::vector<std::string>());
    auto method = ProbeLocalPublish(directory_.path());
    ASSERT_TRUE(method.has_value()) << method.status().ToString();
    EXPECT_EQ(*method, PublishMethod::kExclusiveCreate);
    EXPECT_EQ(Names(), std::vector<std::string>());
  }
}

// Whatever else works: without fsync nothing that is acknowledged would outlive a power
// cut.
TEST_F(RefusedCallsTest, AFileSystemThatCannotSyncIsRefusedByTheProbe) {
  for (int error : {EINVAL, ENOSYS, EOPNOTSUPP}) {
    SCOPED_TRACE(error);
    SystemCallFaults faults;
    faults.Refuse(SystemCall::kFsync, error);
    const std::string refused[] = {
        Text(files_->ProbePublish(directory_.path()).status()),
        Text(files_->SyncDirectory(directory_.path())),
        Text(Publish("text").status()),
    };
    for (const std::string& text : refused) {
      EXPECT_NE(text.find(directory_.path() + ": cannot make the "), std::string::npos)
          << text;
      EXPECT_NE(text.find("create the dataset on another one"), std::string::npos)
          << text;
    }
    EXPECT_EQ(Names(), std::vector<std::string>());
  }
}

// An error that is no refusal leaves it open whether the name was made.
TEST_F(RefusedCallsTest, OtherErrorsAreNotTakenForRefusals) {
  for (SystemCall call : {SystemCall::kLink, SystemCall::kRenameNoReplace}) {
    SystemCallFaults faults;
    if (call == SystemCall::kRenameNoReplace) {
      faults.Refuse(SystemCall::kLink, EPERM);
    }
    faults.Refuse(call, EIO);
    auto outcome = Publish("text");
    ASSERT_TRUE(outcome.has_value()) << outcome.status().ToString();
    EXPECT_EQ(*outcome, PublishOutcome::kUnknown);
  }
}

// Exclusive creation copies bytes behind the new name: half of them are taken away again,
// all of them stay, since a reader may have seen them.
TEST_F(RefusedCallsTest, ExclusiveCreationLeavesNoTornFile) {
  const std::vector<SystemCall> expected = {SystemCall::kOpen, SystemCall::kRead,
                                            SystemCall::kWrite, SystemCall::kFsync,
                                            SystemCall::kClose};
  for (size_t number = 1; number < 4; ++number) {
    for (test::SystemFault fault :
         {test::SystemFault::kDeviceError, test::SystemFault::kNoSpace}) {
      SCOPED_TRACE(test::SystemCallName(expected[number]));
      auto file = *files_->Stage(directory_.path(), temporary_);
      ASSERT_TRUE(file->Append(test::BytesOf("text")).ok());
      ASSERT_TRUE(file->Sync().ok());
      SystemCallFaults faults;
      faults.FailCall(number, fault);
      auto outcome = file->PublishExclusive(path_);
      ASSERT_TRUE(faults.fired());
      ASSERT_EQ(faults.calls()[number], expected[number]);
      faults.Stop();
      if (expected[number] == SystemCall::kFsync) {
        ASSERT_TRUE(outcome.has_value()) << outcome.status().ToString();
        EXPECT_EQ(*outcome, PublishOutcome::kUnknown);
        EXPECT_EQ(Names(), (std::vector<std::string>{"a"}));
        ASSERT_TRUE(files_->Remove(path_).ok());
      } else {
        EXPECT_FALSE(outcome.has_value());
        EXPECT_EQ(Names(), std::vector<std::string>());
      }
    }
  }
}

}  // namespace
}  // namespace lancer
