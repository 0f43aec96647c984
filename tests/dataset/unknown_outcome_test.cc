// Status Unknown: the reply to a commit was lost and the log could not be read. The same
// transaction, or the same position of the application, commits again: it is applied
// exactly once, whether the lost commit had been carried out or not.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/dataset/dataset_fixture.h"
#include "tests/dataset/fault_scripts.h"

namespace lancer::dataset {
namespace {

using test::Fault;
using test::FaultFileSystem;
using test::FileCall;
using test::RecordedCall;

struct Case {
  const char* name;
  bool by_position;  // else by the transaction's id
  Fault fault;       // of the manifest's publishing
  bool done;         // the lost commit was carried out
};

void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

class UnknownOutcomeTest : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (GetParam().by_position) {
      options_.commit.app = AppPosition{.app = "loader", .epoch = 1, .sequence = 1};
    } else {
      options_.commit.transaction = MakeSeededRandom(7)->NextUuid();
    }
    // Where the manifest is published: learnt from a table of the same history.
    FaultFileSystem counted(MakeMemoryFileSystem());
    auto dataset = MakeTable(counted);
    ASSERT_TRUE(dataset->Append(NumberStream(5, 2), options_).has_value());
    const std::vector<RecordedCall> calls = counted.calls();
    const auto publish = std::ranges::find_if(calls, [](const RecordedCall& call) {
      return call.call == FileCall::kPublish && call.path.ends_with(".mft");
    });
    ASSERT_NE(publish, calls.end());
    const auto number = static_cast<size_t>(publish - calls.begin());

    dataset_ = MakeTable(files_);
    files_.FailCall(number, GetParam().fault);
    files_.AlsoFailCall(number + 1, Fault::kDeviceError);  // reading it back
    Status status = dataset_->Append(NumberStream(5, 2), options_).status();
    EXPECT_EQ(status.code(), StatusCode::kUnknown) << status.ToString();
    files_.FailNothing();
  }
  static std::shared_ptr<Dataset> MakeTable(FaultFileSystem& files) {
    Prepare(files, "/t", Beginning::kSmall);
    files.ForgetCalls();
    return OpenTable(files);
  }
  static std::shared_ptr<Dataset> OpenTable(FileSystem& files) {
    return ValueOrFail(Dataset::Open("/t", {}, ContextOn(files)));
  }
  void ExpectAppliedOnce(Dataset& dataset) {
    CommitResult result = ValueOrFail(dataset.Append(NumberStream(5, 2), options_));
    EXPECT_EQ(result.already_committed, GetParam().done);
    EXPECT_EQ(ValueOrFail(ReadNumbers(*OpenTable(files_))), Iota(0, 7));
    EXPECT_EQ(ValueOrFail(ReadNumbers(dataset)), Iota(0, 7));
    // And again.
    CommitResult third = ValueOrFail(dataset.Append(NumberStream(5, 2), options_));
    EXPECT_TRUE(third.already_committed);
    EXPECT_EQ(third.version, result.version);
  }

  WriteOptions options_;
  FaultFileSystem files_{MakeMemoryFileSystem()};
  std::shared_ptr<Dataset> dataset_;
};

TEST_P(UnknownOutcomeTest, IsSettledByTheSameObject) { ExpectAppliedOnce(*dataset_); }

TEST_P(UnknownOutcomeTest, IsSettledByAnotherObject) {
  dataset_.reset();
  ExpectAppliedOnce(*OpenTable(files_));
}

// More versions than a manifest names transactions of: the object that got the answer
// still finds its own, since it stayed at the version before.
TEST_P(UnknownOutcomeTest, IsSettledAfterManyOtherCommits) {
  auto other = OpenTable(files_);
  for (int64_t i = 0; i < 70; ++i) {
    ASSERT_TRUE(other->Append(NumberStream(100 + i, 1)).has_value());
  }
  CommitResult result = ValueOrFail(dataset_->Append(NumberStream(5, 2), options_));
  EXPECT_EQ(result.already_committed, GetParam().done);
  std::vector<int64_t> rows = ValueOrFail(ReadNumbers(*OpenTable(files_)));
  EXPECT_EQ(rows.size(), 5u + 70u + 2u);
  EXPECT_EQ(std::ranges::count(rows, 5), 1);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, UnknownOutcomeTest,
    ::testing::Values(Case{"id, done", false, Fault::kUnknownButDone, true},
                      Case{"id, not done", false, Fault::kUnknownNotDone, false},
                      Case{"position, done", true, Fault::kUnknownButDone, true},
                      Case{"position, not done", true, Fault::kUnknownNotDone, false}));

}  // namespace
}  // namespace lancer::dataset
