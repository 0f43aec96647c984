#include "tests/support/fault_file_system.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/file_contents.h"

namespace lancer::test {
namespace {

std::shared_ptr<FileSystem> OneFile() {
  auto file_system = MakeMemoryFileSystem();
  EXPECT_TRUE(PublishFile(*file_system, "/old", "old").ok());
  return file_system;
}

TEST(FaultFileSystem, ChangesNothingWithoutAnOrder) {
  FaultFileSystem file_system(OneFile());
  ASSERT_TRUE(PublishFile(file_system, "/new", "new").ok());
  EXPECT_EQ(ReadFileText(file_system, "/new").value_or("?"), "new");
  EXPECT_EQ(ReadFileText(file_system, "/old").value_or("?"), "old");
  EXPECT_FALSE(file_system.fired());
}

TEST(FaultFileSystem, ListsTheCallsInOrder) {
  FaultFileSystem file_system(OneFile());
  ASSERT_TRUE(PublishFile(file_system, "/new", "12345").ok());
  std::vector<RecordedCall> calls = file_system.calls();
  ASSERT_EQ(calls.size(), 5u);
  EXPECT_EQ(calls[0].call, FileCall::kStage);
  EXPECT_EQ(calls[1].call, FileCall::kAppend);
  EXPECT_EQ(calls[1].bytes, 5u);
  EXPECT_EQ(calls[2].call, FileCall::kSync);
  EXPECT_EQ(calls[3].call, FileCall::kPublish);
  EXPECT_EQ(calls[3].path, "/new");
  EXPECT_EQ(calls[4].call, FileCall::kSyncDirectory);
  EXPECT_EQ(file_system.CountCalls(FileCall::kSync), 1u);
  file_system.ForgetCalls();
  EXPECT_EQ(file_system.calls().size(), 0u);
}

struct OutcomeCase {
  size_t call;
  Fault fault;
  StatusCode code;
  bool exists;  // the name, afterwards
};

TEST(FaultFileSystem, FailsEachStepOfAPublishAsTold) {
  const OutcomeCase cases[] = {
      {0, Fault::kDeviceError, StatusCode::kIoError, false},
      {0, Fault::kNoSpace, StatusCode::kResourceExhausted, false},
      {1, Fault::kShortWrite, StatusCode::kResourceExhausted, false},
      {2, Fault::kDeviceError, StatusCode::kIoError, false},
      {2, Fault::kErrorButDone, StatusCode::kIoError, false},
      {3, Fault::kNoSpace, StatusCode::kResourceExhausted, false},
      {3, Fault::kUnknownNotDone, StatusCode::kUnknown, false},
      {3, Fault::kUnknownButDone, StatusCode::kUnknown, true},
      {3, Fault::kExistsByOurself, StatusCode::kAlreadyExists, true},
      {4, Fault::kDeviceError, StatusCode::kUnknown, true},
      {4, Fault::kErrorButDone, StatusCode::kUnknown, true},
  };
  for (const OutcomeCase& expected : cases) {
    SCOPED_TRACE(std::to_string(expected.call) + " " +
                 std::string(FaultName(expected.fault)));
    FaultFileSystem file_system(OneFile());
    file_system.FailCall(expected.call, expected.fault);
    EXPECT_EQ(PublishFile(file_system, "/new", "12345").code(), expected.code);
    EXPECT_TRUE(file_system.fired());
    file_system.FailNothing();
    EXPECT_EQ(file_system.Stat("/new")->has_value(), expected.exists);
  }
}

TEST(FaultFileSystem, PoisonsAFileWhoseSyncFailed) {
  FaultFileSystem file_system(OneFile());
  auto file = *file_system.Stage("/", "/t");
  file_system.FailCall(2, Fault::kDeviceError);
  ASSERT_TRUE(file->Append(BytesOf("x")).ok());
  EXPECT_EQ(file->Sync().code(), StatusCode::kIoError);
  EXPECT_EQ(file->Sync().code(), StatusCode::kIoError);
  EXPECT_EQ(file->Append(BytesOf("y")).code(), StatusCode::kIoError);
  EXPECT_EQ(file->Publish("/new").status().code(), StatusCode::kIoError);
}

TEST(FaultFileSystem, FailsReadsAndNamesThePath) {
  FaultFileSystem file_system(OneFile());
  file_system.FailCall(1, Fault::kDeviceError);
  Status status = ReadFileText(file_system, "/old").status();
  EXPECT_EQ(status.code(), StatusCode::kIoError);
  EXPECT_NE(status.message().find("/old: cannot read: EIO"), std::string_view::npos);
  EXPECT_TRUE(ReadFileText(file_system, "/old").status().ok());
}

TEST(FaultFileSystem, StaysBrokenWhenToldToRepeat) {
  FaultFileSystem file_system(OneFile());
  file_system.FailCall(1, Fault::kNoSpace, true);
  EXPECT_TRUE(file_system.Stat("/old").status().ok());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(file_system.Overwrite("/hint", BytesOf("x")).code(),
              StatusCode::kResourceExhausted);
  }
  EXPECT_TRUE(file_system.Remove("/old").ok());  // a full device still lets go
}

TEST(FaultFileSystem, KnowsAWayToFailForEveryCall) {
  for (int i = 0; i <= static_cast<int>(FileCall::kProbePublish); ++i) {
    auto call = static_cast<FileCall>(i);
    EXPECT_FALSE(FaultsOf(call).empty()) << FileCallName(call);
    EXPECT_FALSE(FileCallName(call).empty());
  }
}

TEST(ForEachFault, TriesEveryCallAndWay) {
  std::set<std::string> descriptions;
  size_t failures = 0;
  size_t injected = ForEachFault(
      OneFile, [&](FaultFileSystem& file_system, const std::string& description) {
        Status status = PublishFile(file_system, "/new", "12345");
        failures += status.ok() ? 0 : 1;
        descriptions.insert(description);
        file_system.FailNothing();
        EXPECT_EQ(ReadFileText(file_system, "/old").value_or("?"), "old") << description;
      });
  // stage 2, append 3, sync 2, publish 4, sync directory 2; not the look at "/old"
  EXPECT_EQ(failures, 13u);
  EXPECT_EQ(injected, 13u);
  EXPECT_EQ(descriptions.size(), 1u + 13u);
}

TEST(ForEachPairOfFaults, TriesEveryLaterCallOfEveryFault) {
  std::set<std::string> descriptions;
  const auto script = [&](FaultFileSystem& files, const std::string& description) {
    // Goes on after errors, so that every pair can happen.
    (void)files.Stat("/old");
    (void)files.CreateDirectory("/d");
    (void)files.Remove("/old");
    files.FailNothing();
    (void)files.Stat("/old");
    descriptions.insert(description);
  };
  // Faults: stat 1, create directory 3, remove 2.
  PairCount count = ForEachPairOfFaults(OneFile, script, 1);
  EXPECT_EQ(count.visited, 1u * (3u + 2u) + 3u * 2u);
  EXPECT_EQ(count.injected, count.visited);
  EXPECT_EQ(descriptions.size(), 1u + 6u + count.visited);
  EXPECT_TRUE(descriptions.contains(
      "call 0, stat of /old: EIO; call 2, remove of /old: EIO although done"));
}

TEST(ForEachPairOfFaults, DrawsAShareOfThePairs) {
  const auto script = [&](FaultFileSystem& files, const std::string&) {
    (void)files.Stat("/old");
    (void)files.CreateDirectory("/d");
  };
  EXPECT_EQ(ForEachPairOfFaults(OneFile, script, 1).visited, 3u);
  EXPECT_EQ(ForEachPairOfFaults(OneFile, script, 1'000'000).visited, 0u);
}

}  // namespace
}  // namespace lancer::test
