#include "io/publish.h"

#include <gtest/gtest.h>

#include "tests/support/crash_file_system.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer::test {
namespace {

Result<PublishOutcome> PublishText(FileSystem& files, const std::string& path,
                                   std::string_view text, PublishMethod method) {
  LANCER_ASSIGN_OR_RETURN(auto file, files.Stage("/", "/staged"));
  LANCER_RETURN_IF_ERROR(file->Append(BytesOf(text)));
  return PublishDurably(files, *file, path, "/", method);
}

TEST(PublishDurably, SyncsLinksAndSyncsTheDirectoryInThisOrder) {
  FaultFileSystem files(MakeMemoryFileSystem());
  EXPECT_EQ(*PublishText(files, "/a", "x", PublishMethod::kLink),
            PublishOutcome::kCreated);
  std::vector<std::pair<FileCall, std::string>> steps;
  for (const RecordedCall& call : files.calls()) {
    steps.emplace_back(call.call, call.path);
  }
  EXPECT_EQ(steps, (std::vector<std::pair<FileCall, std::string>>{
                       {FileCall::kStage, "/"},
                       {FileCall::kAppend, "/staged"},
                       {FileCall::kSync, "/staged"},
                       {FileCall::kPublish, "/a"},
                       {FileCall::kSyncDirectory, "/"}}));
}

TEST(PublishDurably, DoesNotSyncTheDirectoryWhenTheNameIsTaken) {
  FaultFileSystem files(MakeMemoryFileSystem());
  ASSERT_TRUE(PublishFile(files, "/a", "old").ok());
  files.ForgetCalls();
  EXPECT_EQ(*PublishText(files, "/a", "new", PublishMethod::kLink),
            PublishOutcome::kExists);
  EXPECT_EQ(files.CountCalls(FileCall::kSyncDirectory), 0u);
  EXPECT_EQ(*ReadFileText(files, "/a"), "old");
}

struct OutcomeCase {
  size_t call;  // of the five above
  Fault fault;
  std::optional<PublishOutcome> outcome;  // nothing: a clean refusal
  bool exists;                            // the name, afterwards
};

constexpr OutcomeCase kOutcomes[] = {
    {2, Fault::kDeviceError, std::nullopt, false},
    {2, Fault::kErrorButDone, std::nullopt, false},
    {3, Fault::kNoSpace, std::nullopt, false},
    {3, Fault::kDeviceError, std::nullopt, false},
    {3, Fault::kUnknownNotDone, PublishOutcome::kUnknown, false},
    {3, Fault::kUnknownButDone, PublishOutcome::kUnknown, true},
    {3, Fault::kExistsByOurself, PublishOutcome::kExists, true},
    {4, Fault::kDeviceError, PublishOutcome::kUnknown, true},
    {4, Fault::kErrorButDone, PublishOutcome::kUnknown, true},
};

TEST(PublishDurably, TellsItsThreeOutcomesApart) {
  for (PublishMethod method : {PublishMethod::kLink, PublishMethod::kRenameNoReplace,
                               PublishMethod::kExclusiveCreate}) {
    for (const OutcomeCase& expected : kOutcomes) {
      SCOPED_TRACE(std::to_string(expected.call) + " " +
                   std::string(FaultName(expected.fault)));
      FaultFileSystem files(MakeMemoryFileSystem());
      files.FailCall(expected.call, expected.fault);
      Result<PublishOutcome> outcome = PublishText(files, "/a", "x", method);
      EXPECT_EQ(outcome.has_value(), expected.outcome.has_value());
      if (outcome.has_value() && expected.outcome.has_value()) {
        EXPECT_EQ(*outcome, *expected.outcome);
      }
      files.FailNothing();
      EXPECT_EQ(files.Stat("/a")->has_value(), expected.exists);
    }
  }
}

TEST(PublishDurably, NeverTriesAFailedSyncAgain) {
  FaultFileSystem files(MakeMemoryFileSystem());
  files.FailCall(4, Fault::kDeviceError);
  EXPECT_EQ(*PublishText(files, "/a", "x", PublishMethod::kLink),
            PublishOutcome::kUnknown);
  EXPECT_EQ(files.CountCalls(FileCall::kSyncDirectory), 1u);
  EXPECT_EQ(files.CountCalls(FileCall::kSync), 1u);
}

TEST(PublishDurably, SurvivesAPowerCutOnceCreated) {
  for (PublishMethod method : {PublishMethod::kLink, PublishMethod::kExclusiveCreate}) {
    CrashRecorder files;
    const std::string text(10'000, 'x');
    ASSERT_EQ(*PublishText(files, "/a", text, method), PublishOutcome::kCreated);
    size_t acknowledged = files.Mark();
    size_t after = 0;
    files.ForEachCrashState({}, [&](const CrashState& state) {
      Result<std::string> found = ReadFileText(*state.file_system, "/a");
      if (state.position >= acknowledged) {
        EXPECT_EQ(found.value_or("absent"), text) << state.description;
        ++after;
      } else if (method == PublishMethod::kLink && found.has_value()) {
        EXPECT_EQ(*found, text) << state.description;  // never torn under its name
      }
    });
    EXPECT_EQ(after, 1u);
  }
}

TEST(PublishDurably, WorksOnTheMachinesFileSystem) {
  TemporaryDirectory directory;
  auto files = MakeLocalFileSystem();
  for (PublishMethod method : {PublishMethod::kLink, PublishMethod::kExclusiveCreate}) {
    std::string path = directory.File(std::to_string(static_cast<int>(method)));
    for (PublishOutcome expected : {PublishOutcome::kCreated, PublishOutcome::kExists}) {
      auto file = *files->Stage(directory.path(), directory.File("staged"));
      ASSERT_TRUE(file->Append(BytesOf("text")).ok());
      EXPECT_EQ(*PublishDurably(*files, *file, path, directory.path(), method), expected);
    }
    EXPECT_EQ(*ReadFileText(*files, path), "text");
  }
}

}  // namespace
}  // namespace lancer::test
