#include "dataset/conflict_matrix.h"

#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"

namespace lancer::dataset {
namespace {

using enum OperationKind;

// The operations that a Dataset can commit on top of others.
constexpr OperationKind kOperations[] = {kAppend, kOverwrite, kRestore};

Status Commit(Dataset& dataset, OperationKind kind, bool force) {
  WriteOptions options;
  options.commit.force = force;
  switch (kind) {
    case kAppend:
      return dataset.Append(NumberStream(100, 2), options).status();
    case kOverwrite:
      return dataset.Overwrite(NumberStream(200, 3), options).status();
    default:
      return dataset.Restore(VersionNumber(1), options.commit).status();
  }
}

// Rows after `kind` was applied to `before`; version 1 holds rows 0 and 1.
std::vector<int64_t> Expected(OperationKind kind, std::vector<int64_t> before) {
  switch (kind) {
    case kAppend:
      before.insert(before.end(), {100, 101});
      return before;
    case kOverwrite:
      return {200, 201, 202};
    default:
      return {0, 1};
  }
}

// Every pair, with and without `force`, does what the table says: generated from it.
TEST(ConflictMatrix, EveryPairBehavesAsTheTableSays) {
  for (OperationKind committed : kOperations) {
    for (OperationKind committing : kOperations) {
      for (bool force : {false, true}) {
        SCOPED_TRACE(std::string(OperationName(committing)) + " after " +
                     std::string(OperationName(committed)) + (force ? ", forced" : ""));
        auto test = test::MakeTestContext();
        auto first =
            ValueOrFail(Dataset::Create("/t", NumberStream(0, 2), {}, test.context));
        auto second = ValueOrFail(Dataset::Open("/t", {}, test.context));
        ASSERT_TRUE(Commit(*first, committed, false).ok());
        Verdict verdict = JudgeConflict(committing, committed);
        bool passes =
            verdict == Verdict::kOk || (verdict == Verdict::kRedoUnlessForced && force);
        Status status = Commit(*second, committing, force);
        EXPECT_EQ(status.code(), passes ? StatusCode::kOk : StatusCode::kConflict)
            << status.ToString();
        std::vector<int64_t> rows = Expected(committed, {0, 1});
        auto newest = ValueOrFail(Dataset::Open("/t", {}, test.context));
        EXPECT_EQ(ValueOrFail(ReadNumbers(*newest)),
                  passes ? Expected(committing, rows) : rows);
      }
    }
  }
}

TEST(ConflictMatrix, BarriersAreInNobodysWay) {
  for (size_t i = 0; i < kOperationKinds; ++i) {
    auto kind = static_cast<OperationKind>(i);
    EXPECT_EQ(JudgeConflict(kBarrier, kind), Verdict::kOk);
    if (kind != kCreate) {
      EXPECT_EQ(JudgeConflict(kind, kBarrier), Verdict::kOk);
    }
  }
}

TEST(ConflictMatrix, NothingIsCreatedTwice) {
  for (size_t i = 0; i < kOperationKinds; ++i) {
    EXPECT_EQ(JudgeConflict(kCreate, static_cast<OperationKind>(i)), Verdict::kAbort);
  }
}

}  // namespace
}  // namespace lancer::dataset
