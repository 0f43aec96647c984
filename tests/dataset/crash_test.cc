// A power cut at any moment: the dataset opens, every acknowledged version is there, and
// no version has a hole before it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/support/crash_file_system.h"
#include "tests/support/soak.h"

namespace lancer::dataset {
namespace {

using test::CrashOptions;
using test::CrashRecorder;
using test::CrashState;

struct Acknowledged {
  size_t mark;
  std::vector<int64_t> rows;
};

// The dataset of a crash state equals the last acknowledged rows or a later step's.
void Check(const CrashState& state, const std::vector<Acknowledged>& steps) {
  auto context = test::MakeTestContext({.file_system = state.file_system}).context;
  auto dataset = Dataset::Open("/t", {}, context);
  size_t last = steps.size();
  for (size_t i = 0; i < steps.size(); ++i) {
    last = state.position >= steps[i].mark ? i : last;
  }
  if (!dataset) {
    ASSERT_EQ(last, steps.size())
        << state.description << ": " << dataset.status().ToString();
    ASSERT_EQ(dataset.error().code(), StatusCode::kNotFound)
        << state.description << ": " << dataset.status().ToString();
    return;
  }
  auto rows = ReadNumbers(**dataset);
  ASSERT_TRUE(rows.has_value()) << state.description << ": " << rows.status().ToString();
  bool found = false;
  for (size_t i = last == steps.size() ? 0 : last; i < steps.size(); ++i) {
    found = found || *rows == steps[i].rows;
  }
  ASSERT_TRUE(found) << state.description << " after step " << last;
  ASSERT_TRUE((*dataset)->Versions().has_value()) << state.description;
}

// A dataset whose every acknowledged step is noted, with the rows it leaves.
class History {
 public:
  explicit History(bool named_temporaries)
      : recorder_({.named_temporaries = named_temporaries}),
        shared_(&recorder_, [](FileSystem*) {}),
        context_(test::MakeTestContext({.file_system = shared_}).context),
        dataset_(*Dataset::Create("/t", NumberStream(0, 3), {}, context_)) {
    Note(Iota(0, 3));
  }

  // An append, one of several fragments, an overwrite and a way back.
  void RunShort() {
    Append(*dataset_, 3, 2, {});
    Append(*dataset_, 5, 2, kFragmentsOfOneRow);
    Overwrite(40, 2, {});
    Restore(VersionNumber(2), Iota(0, 5));
  }
  // All of it in turn by two writers, each of which has the other's commits before its
  // own: by a refresh, or because an append is rebased over them.
  void RunLong() {
    auto other = *Dataset::Open("/t", {}, context_);
    Append(*other, 5, 3, kFragmentsOfOneRow);
    Append(*dataset_, 8, 2, kFragmentsOfOneRow);
    EXPECT_TRUE(ValueOrFail(other->Refresh()));
    Overwrite(60, 3, kFragmentsOfOneRow);
    EXPECT_TRUE(ValueOrFail(other->Refresh()));
    Append(*other, 63, 1, {});
    EXPECT_TRUE(ValueOrFail(dataset_->Refresh()));
    Restore(VersionNumber(3), Iota(0, 7));
    EXPECT_TRUE(ValueOrFail(other->Refresh()));
    Append(*other, 7, 3, kFragmentsOfOneRow);
    EXPECT_TRUE(ValueOrFail(dataset_->Refresh()));
    Append(*dataset_, 10, 2, {});
    EXPECT_TRUE(dataset_->Overwrite(Stream({WideRow(80)})).has_value());
    Note({80});
    Restore(VersionNumber(1), Iota(0, 3));
  }
  // Every state that a cut may have left, at most so many of a moment; how many there
  // were.
  size_t CutAndCheck(size_t most_states) {
    CrashOptions options;
    options.max_states_per_position = most_states;
    const size_t states = recorder_.ForEachCrashState(
        options, [&](const CrashState& state) { Check(state, steps_); });
    test::ReportSoak(fmt::format("{} states after a power cut", states));
    return states;
  }

 private:
  static inline const WriteOptions kFragmentsOfOneRow = [] {
    WriteOptions options;
    options.fragment_rows = 1;
    return options;
  }();

  void Note(std::vector<int64_t> rows) {
    steps_.push_back({recorder_.Mark(), std::move(rows)});
  }
  void Append(Dataset& dataset, int64_t first, int64_t rows,
              const WriteOptions& options) {
    std::vector<int64_t> after = steps_.back().rows;
    EXPECT_TRUE(dataset.Append(NumberStream(first, rows), options).has_value());
    const std::vector<int64_t> added = Iota(first, rows);
    after.insert(after.end(), added.begin(), added.end());
    Note(std::move(after));
  }
  void Overwrite(int64_t first, int64_t rows, const WriteOptions& options) {
    EXPECT_TRUE(dataset_->Overwrite(NumberStream(first, rows), options).has_value());
    Note(Iota(first, rows));
  }
  void Restore(VersionNumber version, std::vector<int64_t> rows) {
    EXPECT_TRUE(dataset_->Restore(version).has_value());
    Note(std::move(rows));
  }

  CrashRecorder recorder_;
  const std::shared_ptr<FileSystem> shared_;  // recorder_, owned above
  const ContextPtr context_;
  std::vector<Acknowledged> steps_;
  const std::shared_ptr<Dataset> dataset_;
};

size_t RunAndCheck(bool named_temporaries) {
  History history(named_temporaries);
  history.RunShort();
  return history.CutAndCheck(400 * test::SoakFactor());
}

TEST(Crash, EveryAcknowledgedVersionSurvives) { EXPECT_GT(RunAndCheck(false), 100u); }

TEST(Crash, AlsoWhereTemporariesHaveNames) { EXPECT_GT(RunAndCheck(true), 100u); }

// Names of temporaries multiply the states, which `make soak` alone has the time for.
TEST(Crash, AllThatTwoWritersAcknowledgedSurvives) {
  const bool soak = test::SoakFactor() >= 20;
  History history(soak);
  history.RunShort();
  history.RunLong();
  EXPECT_GT(history.CutAndCheck(10 * test::SoakFactor()), soak ? 50'000u : 100u);
}

TEST(Crash, AnInterruptedCreationCanBeRepeated) {
  CrashRecorder recorder;
  std::shared_ptr<FileSystem> shared(&recorder, [](FileSystem*) {});
  auto context = test::MakeTestContext({.file_system = shared}).context;
  ASSERT_TRUE(Dataset::Create("/t", NumberStream(0, 3), {}, context).has_value());
  CrashOptions options;
  options.max_states_per_position = 120 * test::SoakFactor();
  size_t repeated = 0;
  recorder.ForEachCrashState(options, [&](const CrashState& state) {
    auto later = test::MakeTestContext({.file_system = state.file_system, .seed = 2});
    if (Dataset::Open("/t", {}, later.context).has_value()) {
      return;
    }
    auto again = Dataset::Create("/t", NumberStream(0, 4), {}, later.context);
    ASSERT_TRUE(again.has_value())
        << state.description << ": " << again.status().ToString();
    EXPECT_EQ(ValueOrFail(ReadNumbers(**again)), Iota(0, 4));
    EXPECT_EQ((*again)->version(), VersionNumber(1));
    ++repeated;
  });
  EXPECT_GT(repeated, 10u);
}

TEST(Crash, AFailedCreationCanBeRepeatedWhateverComesBack) {
  CrashRecorder recorder;
  std::shared_ptr<FileSystem> shared(&recorder, [](FileSystem*) {});
  auto context = test::MakeTestContext({.file_system = shared}).context;
  WriteOptions options;
  options.fragment_rows = 1;
  ASSERT_FALSE(
      Dataset::Create("/t", std::make_unique<FailingReader>(WideRow(1)), options, context)
          .has_value());
  CrashOptions cuts;
  cuts.max_states_per_position = 120 * test::SoakFactor();
  recorder.ForEachCrashState(cuts, [&](const CrashState& state) {
    auto later = test::MakeTestContext({.file_system = state.file_system, .seed = 2});
    auto again = Dataset::Create("/t", Stream({WideRow(4)}), {}, later.context);
    ASSERT_TRUE(again.has_value())
        << state.description << ": " << again.status().ToString();
    EXPECT_EQ(ValueOrFail(ReadNumbers(**again)), Iota(4, 1));
  });
}

}  // namespace
}  // namespace lancer::dataset
