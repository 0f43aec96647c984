#include "dataset/commit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/log_fixture.h"
#include "tests/support/fault_file_system.h"

namespace lancer::dataset {
namespace {

using test::Fault;
using test::FileCall;
using ::testing::HasSubstr;

// Commits without data files on a file system that can be made to fail.
class CommitTest : public ::testing::Test {
 protected:
  CommitTest() { first_ = house_.Publish(1, nullptr); }

  Transaction Append(uint8_t id, StoredManifestPtr read) {
    Transaction transaction;
    transaction.id = TestUuid(id);
    transaction.kind = OperationKind::kAppend;
    transaction.read = std::move(read);
    return transaction;
  }
  Result<CommitOutcome> Commit(const Transaction& transaction,
                               int64_t timeout_us = 60'000'000) {
    Committer committer(&house_.log, &cache_, house_.test.context, PublishMethod::kLink);
    auto outcome = committer.Commit(transaction, nullptr, timeout_us);
    tried_ = committer.tried();
    return outcome;
  }
  // Number of the next call of this kind in a commit that goes well.
  size_t CallOf(FileCall call) {
    faults_->ForgetCalls();
    EXPECT_TRUE(Commit(Append(0xE0, first_)).has_value());
    auto calls = faults_->calls();
    EXPECT_TRUE(faults_->Remove(house_.paths.manifest(VersionNumber(2))).ok());
    EXPECT_TRUE(faults_->Remove(house_.paths.head()).ok());
    faults_->ForgetCalls();
    for (size_t i = 0; i < calls.size(); ++i) {
      if (calls[i].call == call) {
        return i;
      }
    }
    ADD_FAILURE() << "no such call";
    return 0;
  }

  std::shared_ptr<test::FaultFileSystem> faults_ =
      std::make_shared<test::FaultFileSystem>(MakeMemoryFileSystem());
  LogHouse house_{{.file_system = faults_}};
  NodeCache cache_{house_.paths, house_.test.context};
  StoredManifestPtr first_;
  bool tried_ = false;
};

TEST_F(CommitTest, TakesTwoFlushes) {
  faults_->ForgetCalls();
  CommitOutcome outcome = *Commit(Append(1, first_));
  EXPECT_EQ(outcome.manifest->manifest.version, VersionNumber(2));
  EXPECT_FALSE(outcome.already_committed);
  EXPECT_EQ(faults_->CountCalls(FileCall::kSync), 1u);
  EXPECT_EQ(faults_->CountCalls(FileCall::kSyncDirectory), 1u);
  EXPECT_EQ(house_.NewestVersion(), 2u);
}

TEST_F(CommitTest, SyncsTheFileThenLinksThenSyncsTheFolder) {
  faults_->ForgetCalls();
  ASSERT_TRUE(Commit(Append(1, first_)).has_value());
  std::vector<FileCall> order;
  for (const test::RecordedCall& call : faults_->calls()) {
    if (call.call == FileCall::kSync || call.call == FileCall::kPublish ||
        call.call == FileCall::kSyncDirectory || call.call == FileCall::kOverwrite) {
      order.push_back(call.call);
    }
  }
  EXPECT_THAT(order,
              ::testing::ElementsAre(FileCall::kSync, FileCall::kPublish,
                                     FileCall::kSyncDirectory, FileCall::kOverwrite));
}

TEST_F(CommitTest, LosersGoOnTopOfWinners) {
  ASSERT_TRUE(Commit(Append(1, first_)).has_value());
  CommitOutcome outcome = *Commit(Append(2, first_));
  EXPECT_EQ(outcome.manifest->manifest.version, VersionNumber(3));
}

TEST_F(CommitTest, ATransactionIsAppliedOnce) {
  ASSERT_TRUE(Commit(Append(1, first_)).has_value());
  ASSERT_TRUE(Commit(Append(2, first_)).has_value());
  CommitOutcome again = *Commit(Append(1, first_));
  EXPECT_TRUE(again.already_committed);
  EXPECT_FALSE(tried_);
  EXPECT_EQ(again.manifest->manifest.version, VersionNumber(2));
  EXPECT_EQ(again.head->manifest.version, VersionNumber(3));
  // Also from a later read version.
  CommitOutcome later = *Commit(Append(1, again.head));
  EXPECT_EQ(later.manifest->manifest.version, VersionNumber(2));
  EXPECT_EQ(house_.NewestVersion(), 3u);
}

TEST_F(CommitTest, AnIdIsForOneSetOfOperations) {
  ASSERT_TRUE(Commit(Append(1, first_)).has_value());
  Transaction other = Append(1, first_);
  other.kind = OperationKind::kBarrier;
  auto outcome = Commit(other);
  EXPECT_EQ(outcome.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(outcome.status().ToString(), HasSubstr("use a new id"));
}

TEST_F(CommitTest, PositionsReturnTheVersionThatAppliedThem) {
  auto at = [&](uint8_t id, uint64_t sequence) {
    Transaction transaction = Append(id, first_);
    transaction.app = AppPosition{"etl", 3, sequence};
    return Commit(transaction);
  };
  EXPECT_EQ(at(1, 1)->manifest->manifest.version, VersionNumber(2));
  EXPECT_EQ(at(2, 2)->manifest->manifest.version, VersionNumber(3));
  auto again = at(9, 1);
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->already_committed);
  EXPECT_EQ(again->manifest->manifest.version, VersionNumber(2));
  EXPECT_EQ(at(4, 4).status().code(), StatusCode::kInvalidArgument);
  Transaction old_epoch = Append(5, first_);
  old_epoch.app = AppPosition{"etl", 2, 3};
  EXPECT_EQ(Commit(old_epoch).status().code(), StatusCode::kFenced);
}

TEST_F(CommitTest, TheLastPositionIsFoundInOneManifest) {
  Transaction transaction = Append(1, first_);
  transaction.app = AppPosition{"etl", 3, 1};
  ASSERT_TRUE(Commit(transaction).has_value());
  StoredManifestPtr head = first_;
  for (uint8_t id = 2; id < 30; ++id) {
    head = Commit(Append(id, head))->manifest;
  }
  transaction.id = TestUuid(40);
  transaction.read = head;
  faults_->ForgetCalls();
  CommitOutcome again = *Commit(transaction);
  EXPECT_TRUE(again.already_committed);
  EXPECT_EQ(again.manifest->manifest.version, VersionNumber(2));
  EXPECT_LT(faults_->CountCalls(FileCall::kOpen), 5u);
}

TEST_F(CommitTest, TheSearchForAnEarlierPositionStopsInTime) {
  for (uint8_t sequence = 1; sequence <= 3; ++sequence) {
    Transaction transaction = Append(sequence, first_);
    transaction.app = AppPosition{"etl", 3, sequence};
    ASSERT_TRUE(Commit(transaction).has_value());
  }
  Transaction again = Append(9, first_);
  again.app = AppPosition{"etl", 3, 1};
  EXPECT_EQ(Commit(again)->manifest->manifest.version, VersionNumber(2));
  auto late = Commit(again, 0);
  EXPECT_EQ(late.status().code(), StatusCode::kUnknown);
  EXPECT_THAT(late.status().ToString(), HasSubstr("sequence 1 of epoch 3 was applied"));
}

TEST_F(CommitTest, ALostReplyIsOursWhenTheStoredVersionSaysSo) {
  size_t call = CallOf(FileCall::kPublish);
  for (Fault fault :
       {Fault::kUnknownButDone, Fault::kUnknownNotDone, Fault::kExistsByOurself}) {
    faults_->ForgetCalls();
    faults_->FailCall(call, fault);
    auto outcome = Commit(Append(7, first_));
    EXPECT_TRUE(faults_->fired());
    faults_->FailNothing();
    ASSERT_TRUE(outcome.has_value()) << outcome.status().ToString();
    EXPECT_EQ(outcome->manifest->manifest.version, VersionNumber(2));
    EXPECT_EQ(house_.NewestVersion(), 2u);
    ASSERT_TRUE(faults_->Remove(house_.paths.manifest(VersionNumber(2))).ok());
  }
}

TEST_F(CommitTest, AFailedFolderSyncIsUnknownAndTheRetryIsTheSameCommit) {
  size_t call = CallOf(FileCall::kSyncDirectory);
  faults_->FailCall(call, Fault::kDeviceError);
  auto outcome = Commit(Append(7, first_));
  EXPECT_EQ(outcome.status().code(), StatusCode::kUnknown);
  EXPECT_THAT(outcome.status().ToString(), HasSubstr("07070707-0707"));
  faults_->FailNothing();
  CommitOutcome again = *Commit(Append(7, first_));
  EXPECT_TRUE(again.already_committed);
  EXPECT_EQ(again.manifest->manifest.version, VersionNumber(2));
  EXPECT_EQ(house_.NewestVersion(), 2u);
}

TEST_F(CommitTest, AFailedFileSyncIsNotCommitted) {
  size_t call = CallOf(FileCall::kSync);
  faults_->FailCall(call, Fault::kDeviceError);
  EXPECT_EQ(Commit(Append(7, first_)).status().code(), StatusCode::kIoError);
  faults_->FailNothing();
  EXPECT_EQ(house_.NewestVersion(), 1u);
}

TEST_F(CommitTest, PublishingThatStaysUnclearIsUnknown) {
  size_t call = CallOf(FileCall::kPublish);
  faults_->FailCall(call, Fault::kUnknownNotDone, /*repeat=*/true);
  EXPECT_EQ(Commit(Append(7, first_)).status().code(), StatusCode::kUnknown);
  faults_->FailNothing();
  EXPECT_EQ(Commit(Append(7, first_))->manifest->manifest.version, VersionNumber(2));
}

TEST_F(CommitTest, ATombstoneOnOurVersionMeansNotCommitted) {
  // A repair that ran while the writer slept: our number is void before we acknowledge.
  // The barrier that fills the open number proves it.
  struct Skipper final : public Random {
    std::function<void()> act;
    uint64_t Next() override {
      if (act) {
        std::exchange(act, {})();
      }
      return 4;
    }
  };
  auto random = std::make_shared<Skipper>();
  Context context = *house_.test.context;
  context.random = random;
  auto shared = std::make_shared<const Context>(context);
  Log log(house_.paths, TestUuid(0xAA), shared);
  Committer committer(&log, &cache_, shared, PublishMethod::kLink);
  // The random number for the temporary's name is drawn behind the search for the head.
  random->act = [&] {
    EXPECT_TRUE(
        test::PublishFile(*faults_, house_.paths.tombstone(VersionNumber(2)), "").ok());
  };
  auto outcome = committer.Commit(Append(7, first_), nullptr, 60'000'000);
  EXPECT_EQ(outcome.status().code(), StatusCode::kConflict)
      << outcome.status().ToString();
  EXPECT_THAT(outcome.status().ToString(), HasSubstr("was not committed"));
}

TEST_F(CommitTest, NewerWritersFeaturesStopOlderOnes) {
  Manifest manifest = first_->manifest;
  manifest.version = VersionNumber(2);
  manifest.parent = VersionNumber(1);
  manifest.parent_digest = first_->digest;
  manifest.writer_features = {"keys"};
  ASSERT_TRUE(test::PublishFile(*faults_, house_.paths.manifest(VersionNumber(2)),
                                EncodeManifestFile(manifest)->bytes)
                  .ok());
  auto outcome = Commit(Append(7, first_));
  EXPECT_EQ(outcome.status().code(), StatusCode::kUnsupported);
  EXPECT_THAT(outcome.status().ToString(), HasSubstr("'keys'"));
}

TEST_F(CommitTest, NewFilesMustBeThere) {
  Transaction transaction = Append(7, first_);
  transaction.fragments = {{.rows = 1, .file = {.path = "data/none", .size = 5}}};
  auto outcome = Commit(transaction);
  EXPECT_EQ(outcome.status().code(), StatusCode::kCorruption);
  EXPECT_THAT(outcome.status().ToString(), HasSubstr("/t/data/none: new data file"));
}

TEST_F(CommitTest, TimesOutWithConflictWhenOthersAreAlwaysFaster) {
  // Each time a name is chosen for our manifest, somebody else takes the number.
  struct Rival final : public Random {
    std::function<void()> act;
    uint64_t Next() override {
      act();
      return 4;
    }
  };
  auto random = std::make_shared<Rival>();
  StoredManifestPtr last = first_;
  random->act = [&] {
    LogHead head = *house_.log.FindHead(last, false);
    last = house_.Publish(head.next.value, head.manifest);
  };
  Context context = *house_.test.context;
  context.random = random;
  auto shared = std::make_shared<const Context>(context);
  Committer committer(&house_.log, &cache_, shared, PublishMethod::kLink);
  Transaction transaction = Append(0xF7, first_);
  house_.test.clock->Advance(1);
  auto outcome = committer.Commit(transaction, nullptr, 0);
  EXPECT_EQ(outcome.status().code(), StatusCode::kConflict);
  EXPECT_THAT(outcome.status().ToString(), HasSubstr("other commits were faster"));
}

}  // namespace
}  // namespace lancer::dataset
