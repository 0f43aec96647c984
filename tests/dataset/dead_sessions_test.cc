#include "dataset/dead_sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataset/session.h"
#include "tests/dataset/dataset_fixture.h"
#include "tests/dataset/unexplained_files.h"
#include "tests/support/child_process.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/file_contents.h"
#include "tests/support/temporary_directory.h"

namespace lancer::dataset {
namespace {

using test::FileCall;
using ::testing::IsEmpty;

class DeadSessionsTest : public ::testing::Test {
 protected:
  // Version 2, with a tree and a schema in a file of its own.
  DeadSessionsTest() {
    WriteOptions options;
    options.fragment_rows = 1;
    EXPECT_TRUE(
        Dataset::Create("/t", NumberStream(0, 150), options, test_.context).has_value());
    EXPECT_TRUE(Open()->Overwrite(Stream({WideRow(0)})).has_value());
    EXPECT_TRUE(Open()->Restore(VersionNumber(1)).has_value());
    files_->ForgetCalls();
  }
  std::shared_ptr<Dataset> Open() {
    return ValueOrFail(Dataset::Open("/t", {}, test_.context));
  }
  void Put(const std::string& path, std::string_view bytes) {
    ASSERT_TRUE(test::PublishFile(*files_->below(), path, bytes).ok());
  }
  void PutIntent(const Intent& intent, const Uuid& name) {
    ASSERT_TRUE(
        files_->below()->Overwrite(paths_.intent(name), SerializeIntent(intent)).ok());
  }
  // What a writer left that was killed before its commit.
  void LeaveDeadSession(VersionNumber begin = VersionNumber(3)) {
    PutIntent({.session = dead_, .begin = begin, .locked = true}, dead_);
    LeaveFiles();
  }
  void LeaveFiles() {
    Put(paths_.Path(DataFileName(dead_, dead_)), "12345");
    Put(paths_.Path(NodeFileName(dead_, dead_)), "123");
    Put(paths_.temporary(dead_, dead_), "1");
  }
  size_t FilesLeft() {
    size_t left = 0;
    for (const std::string& path :
         {paths_.Path(DataFileName(dead_, dead_)),
          paths_.Path(NodeFileName(dead_, dead_)), paths_.temporary(dead_, dead_),
          paths_.intent(dead_)}) {
      left += files_->below()->Stat(path)->has_value() ? 1 : 0;
    }
    return left;
  }
  std::vector<std::string> Unexplained() { return UnexplainedFiles(test_.context, "/t"); }

  std::shared_ptr<test::FaultFileSystem> files_ =
      std::make_shared<test::FaultFileSystem>(MakeMemoryFileSystem());
  test::TestContext test_ = test::MakeTestContext({.file_system = files_});
  const DatasetPaths paths_ = DatasetPaths("/t");
  const Uuid dead_ = MakeSeededRandom(71)->NextUuid();
};

TEST_F(DeadSessionsTest, EveryFirstWriteRemovesWhatTheyLeft) {
  const std::vector<std::function<bool(Dataset&)>> writes = {
      [](Dataset& d) { return d.Append(NumberStream(150, 1)).has_value(); },
      [](Dataset& d) { return d.Overwrite(NumberStream(7, 1)).has_value(); },
      [](Dataset& d) { return d.Restore(VersionNumber(1)).has_value(); },
      [](Dataset& d) { return d.RemoveLeftovers().ok(); }};
  for (size_t i = 0; i < writes.size(); ++i) {
    SCOPED_TRACE(i);
    LeaveDeadSession();
    ASSERT_EQ(Unexplained().size(), 3u);
    auto dataset = Open();
    EXPECT_TRUE(writes[i](*dataset));
    EXPECT_EQ(FilesLeft(), 0u);
    dataset.reset();
    EXPECT_THAT(Unexplained(), IsEmpty());
  }
  EXPECT_TRUE(ValueOrFail(Open()->Verify()).faults.empty());
}

TEST_F(DeadSessionsTest, WithoutThemAFirstWriteCostsOneListing) {
  auto dataset = Open();
  files_->ForgetCalls();
  ASSERT_TRUE(dataset->Append(NumberStream(150, 1)).has_value());
  size_t of_intents = 0;
  for (const test::RecordedCall& call : files_->calls()) {
    of_intents += call.call == FileCall::kList && call.path == paths_.intents() ? 1 : 0;
  }
  EXPECT_EQ(of_intents, 1u);
  files_->ForgetCalls();
  ASSERT_TRUE(dataset->Append(NumberStream(151, 1)).has_value());
  for (const test::RecordedCall& call : files_->calls()) {
    EXPECT_FALSE(call.call == FileCall::kList && call.path == paths_.intents());
  }
}

// Killed between the commit and the end of the session: the version has the files.
TEST_F(DeadSessionsTest, FilesOfVersionsStay) {
  auto writer = Open();
  WriteOptions options;
  options.fragment_rows = 1;
  ASSERT_TRUE(writer->Append(NumberStream(150, 60), options).has_value());
  ASSERT_TRUE(writer->Overwrite(Stream({WideRow(1)})).has_value());
  auto names = ValueOrFail(test::ListNames(*files_, paths_.intents()));
  ASSERT_EQ(names.size(), 1u);
  const std::string intent = paths_.intents() + "/" + names[0];
  auto bytes = ValueOrFail(test::ReadFileBytes(*files_, intent));
  writer.reset();
  ASSERT_TRUE(files_->Overwrite(intent, bytes).ok());
  ASSERT_TRUE(Open()->Append(Stream({WideRow(2)})).has_value());
  EXPECT_THAT(Unexplained(), IsEmpty());
  for (const VersionInfo& version : ValueOrFail(Open()->Versions())) {
    auto old =
        ValueOrFail(Dataset::Open("/t", {.version = version.version}, test_.context));
    EXPECT_TRUE(ValueOrFail(old->Verify()).faults.empty()) << version.version.value;
  }
}

TEST_F(DeadSessionsTest, LivingSessionsKeepTheirs) {
  PutIntent({.session = dead_, .begin = VersionNumber(3), .locked = true}, dead_);
  auto living = ValueOrFail(files_->below()->TryLock(paths_.intent(dead_)));
  LeaveFiles();
  EXPECT_TRUE(Open()->Append(NumberStream(150, 1)).has_value());
  EXPECT_EQ(FilesLeft(), 4u);
  living.reset();
  EXPECT_TRUE(Open()->Append(NumberStream(151, 1)).has_value());
  EXPECT_EQ(FilesLeft(), 0u);
}

TEST_F(DeadSessionsTest, WhatDoesNotTellOfALockIsLeftAlone) {
  LeaveFiles();
  const std::vector<std::function<void()>> intents = {
      [&] { PutIntent({.session = dead_, .begin = VersionNumber(3)}, dead_); },
      [&] {
        PutIntent({.session = MakeSeededRandom(5)->NextUuid(), .locked = true}, dead_);
      },
      [&] {
        ASSERT_TRUE(files_->Overwrite(paths_.intent(dead_), test::BytesOf("torn")).ok());
      }};
  for (const auto& put : intents) {
    put();
    EXPECT_TRUE(Open()->Append(NumberStream(150, 1)).has_value());
    EXPECT_EQ(FilesLeft(), 4u);
  }
}

TEST_F(DeadSessionsTest, WhereLocksProveNothingNothingIsRemoved) {
  LeaveDeadSession();
  auto dataset = Open();
  files_->ForgetCalls();
  files_->FailCall(1, test::Fault::kDeviceError);  // after the listing
  EXPECT_TRUE(dataset->RemoveLeftovers().ok());
  ASSERT_EQ(files_->calls()[1].call, FileCall::kLocksProveLife);
  EXPECT_EQ(FilesLeft(), 4u);
}

TEST_F(DeadSessionsTest, NothingIsRemovedWhileALaterVersionCannotBeRead) {
  ASSERT_TRUE(Open()->Append(NumberStream(150, 1)).has_value());
  ASSERT_TRUE(Open()->Append(NumberStream(151, 1)).has_value());
  LeaveDeadSession();
  const std::string manifest = paths_.manifest(VersionNumber(4));
  auto sound = ValueOrFail(test::ReadFileBytes(*files_, manifest));
  auto damaged = sound;
  damaged[damaged.size() / 2] ^= std::byte{1};
  ASSERT_TRUE(files_->Overwrite(manifest, damaged).ok());
  auto dataset = Open();
  EXPECT_EQ(dataset->RemoveLeftovers().code(), StatusCode::kCorruption);
  EXPECT_EQ(FilesLeft(), 4u);
  ASSERT_TRUE(files_->Remove(manifest).ok());
  EXPECT_EQ(dataset->RemoveLeftovers().code(), StatusCode::kCorruption);
  EXPECT_TRUE(dataset->Append(NumberStream(152, 1)).has_value())
      << "a write does not fail for it";
  EXPECT_EQ(FilesLeft(), 4u);
  ASSERT_TRUE(files_->Overwrite(manifest, sound).ok());
  EXPECT_TRUE(dataset->RemoveLeftovers().ok());
  EXPECT_EQ(FilesLeft(), 0u);
}

TEST_F(DeadSessionsTest, NothingIsRemovedWhileATreeCannotBeRead) {
  ASSERT_TRUE(Open()->Append(NumberStream(150, 1)).has_value());
  LeaveDeadSession();
  for (const std::string& name : ValueOrFail(test::ListNames(*files_, paths_.nodes()))) {
    if (!name.starts_with(dead_.Prefix())) {
      ASSERT_TRUE(files_->Remove(paths_.nodes() + "/" + name).ok());
    }
  }
  EXPECT_EQ(Open()->RemoveLeftovers().code(), StatusCode::kCorruption);
  EXPECT_EQ(FilesLeft(), 4u);
}

TEST_F(DeadSessionsTest, NothingIsRemovedThatAVoidOrRetiredVersionMayHaveNamed) {
  ASSERT_TRUE(Open()->Append(NumberStream(150, 1)).has_value());
  ASSERT_TRUE(Open()->Append(NumberStream(151, 1)).has_value());
  LeaveDeadSession();
  const std::string tombstone = paths_.tombstone(VersionNumber(4));
  Put(tombstone, "");
  EXPECT_TRUE(Open()->RemoveLeftovers().ok());
  EXPECT_EQ(FilesLeft(), 4u);
  ASSERT_TRUE(files_->Remove(tombstone).ok());
  ASSERT_TRUE(files_->CreateDirectory(paths_.floors()).has_value());
  Put(paths_.floors() + "/4.1", "");
  EXPECT_TRUE(Open()->RemoveLeftovers().ok());
  EXPECT_EQ(FilesLeft(), 4u);
  // Retired before the session began: no matter.
  ASSERT_TRUE(files_->Remove(paths_.floors() + "/4.1").ok());
  Put(paths_.floors() + "/3.1", "");
  EXPECT_TRUE(Open()->RemoveLeftovers().ok());
  EXPECT_EQ(FilesLeft(), 0u);
}

TEST_F(DeadSessionsTest, AWriterTakenForDeadCannotCommit) {
  auto dataset = Open();
  ASSERT_TRUE(dataset->Append(NumberStream(150, 1)).has_value());
  auto names = ValueOrFail(test::ListNames(*files_, paths_.intents()));
  ASSERT_EQ(names.size(), 1u);
  ASSERT_TRUE(files_->Remove(paths_.intents() + "/" + names[0]).ok());
  const uint64_t rows = dataset->row_count();
  EXPECT_EQ(dataset->Append(NumberStream(151, 1)).status().code(), StatusCode::kFenced);
  EXPECT_EQ(Open()->row_count(), rows);
  EXPECT_TRUE(dataset->Append(NumberStream(151, 1)).has_value()) << "by a new session";
  dataset.reset();
  EXPECT_THAT(Unexplained(), IsEmpty());
}

// Each call of the removal fails once in each way: the write succeeds, versions keep
// their files, and the next write goes on where this one stopped.
TEST_F(DeadSessionsTest, AreRemovedByTheNextWriteWhenThisOneCannot) {
  const auto make = [] {
    std::shared_ptr<FileSystem> files = MakeMemoryFileSystem();
    auto context = test::MakeTestContext({.file_system = files}).context;
    WriteOptions options;
    options.fragment_rows = 1;
    EXPECT_TRUE(
        Dataset::Create("/t", NumberStream(0, 130), options, context).has_value());
    const DatasetPaths paths("/t");
    const Uuid dead = MakeSeededRandom(71)->NextUuid();
    const auto intent =
        SerializeIntent({.session = dead, .begin = VersionNumber(0), .locked = true});
    EXPECT_TRUE(files->Overwrite(paths.intent(dead), intent).ok());
    for (const std::string& path :
         {paths.Path(DataFileName(dead, dead)), paths.Path(NodeFileName(dead, dead)),
          paths.temporary(dead, dead)}) {
      EXPECT_TRUE(test::PublishFile(*files, path, "x").ok());
    }
    return files;
  };
  uint64_t seed = 100;
  const size_t faults = test::ForEachFault(make, [&](test::FaultFileSystem& files,
                                                     const std::string& fault) {
    SCOPED_TRACE(fault);
    std::shared_ptr<FileSystem> shared(&files, [](FileSystem*) {});
    auto context = test::MakeTestContext({.file_system = shared, .seed = ++seed}).context;
    auto dataset = Dataset::Open("/t", {}, context);
    Status removed = dataset ? (*dataset)->RemoveLeftovers() : dataset.status();
    if (!files.fired()) {
      EXPECT_TRUE(removed.ok()) << removed.ToString();
    }
    files.FailNothing();
    dataset = ValueOrFail(Dataset::Open("/t", {}, context));
    EXPECT_TRUE((*dataset)->Append(NumberStream(130, 1)).has_value());
    dataset = Status::Internal("closed");
    EXPECT_THAT(UnexplainedFiles(context, "/t"), IsEmpty());
    EXPECT_EQ(ValueOrFail(ReadNumbers(*ValueOrFail(Dataset::Open("/t", {}, context)))),
              Iota(0, 131));
  });
  EXPECT_GT(faults, 20u);
}

// A child has its parent's dataset, but not its session.
TEST(DeadSessions, AForkedChildWritesInASessionOfItsOwn) {
  test::TemporaryDirectory directory;
  const std::string path = directory.File("t");
  auto context = MakeContext(1);
  auto dataset = ValueOrFail(Dataset::Create(path, NumberStream(0, 1), {}, context));
  for (int64_t i = 1; i <= 3; ++i) {
    test::ChildEnd end = test::RunInChild([&] {
      const bool written = dataset->Append(NumberStream(100 * i, 1)).has_value();
      dataset.reset();
      return written ? 0 : 1;
    });
    EXPECT_EQ(end.exit_code, 0);
    EXPECT_TRUE(dataset->Append(NumberStream(i, 1)).has_value());
  }
  EXPECT_EQ(ValueOrFail(ReadNumbers(*dataset)),
            (std::vector<int64_t>{0, 100, 1, 200, 2, 300, 3}));
  dataset.reset();
  EXPECT_THAT(UnexplainedFiles(context, path), IsEmpty());
}

}  // namespace
}  // namespace lancer::dataset
