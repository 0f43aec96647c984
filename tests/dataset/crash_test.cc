// A power cut at any moment: the dataset opens, every acknowledged version is there, and
// no version has a hole before it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "dataset/session.h"
#include "tests/dataset/dataset_fixture.h"
#include "tests/dataset/unexplained_files.h"
#include "tests/support/crash_file_system.h"
#include "tests/support/file_contents.h"
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

// What the next writer finds after the cut it completes or removes.
void WriteOnAndCheck(const CrashState& state) {
  auto context =
      test::MakeTestContext({.file_system = state.file_system, .seed = 2}).context;
  auto dataset = Dataset::Open("/t", {}, context);
  if (!dataset) {
    return;  // it was not there yet; creation has tests of its own
  }
  const uint64_t rows = (*dataset)->row_count();
  ASSERT_TRUE((*dataset)->Append(NumberStream(90, 1)).has_value()) << state.description;
  ASSERT_EQ((*dataset)->row_count(), rows + 1);
  dataset = Status::Internal("closed");
  ASSERT_EQ(UnexplainedFiles(context, "/t"), std::vector<std::string>())
      << state.description;
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

  // Writes on in each of them.
  size_t CutAndWriteOn(size_t most_states) {
    CrashOptions options;
    options.max_states_per_position = most_states;
    return recorder_.ForEachCrashState(options, WriteOnAndCheck);
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

// Whatever a cut left of a writer, the next write leaves no file that no version names.
TEST(Crash, TheNextWriteRemovesWhatTheCutLeft) {
  History history(/*named_temporaries=*/false);
  history.RunShort();
  EXPECT_GT(history.CutAndWriteOn(15 * test::SoakFactor()), 100u);
}

// The same for a cut during that removal.
TEST(Crash, AnInterruptedRemovalIsTakenUpAgain) {
  CrashRecorder recorder;
  std::shared_ptr<FileSystem> shared(&recorder, [](FileSystem*) {});
  auto context = test::MakeTestContext({.file_system = shared}).context;
  auto dataset = ValueOrFail(Dataset::Create("/t", NumberStream(0, 3), {}, context));
  const DatasetPaths paths("/t");
  const Uuid dead = MakeSeededRandom(71)->NextUuid();
  const auto intent =
      SerializeIntent({.session = dead, .begin = VersionNumber(1), .locked = true});
  ASSERT_TRUE(recorder.Overwrite(paths.intent(dead), intent).ok());
  for (const std::string& path :
       {paths.Path(DataFileName(dead, dead)), paths.Path(NodeFileName(dead, dead))}) {
    ASSERT_TRUE(test::PublishFile(recorder, path, "x").ok());
  }
  recorder.SyncEverything();
  const size_t begin = recorder.Mark();
  ASSERT_TRUE(dataset->RemoveLeftovers().ok());
  ASSERT_TRUE(dataset->Append(NumberStream(3, 2)).has_value());
  CrashOptions options;
  options.first_position = begin;
  options.max_states_per_position = 40 * test::SoakFactor();
  const size_t states = recorder.ForEachCrashState(
      options, [](const CrashState& state) { WriteOnAndCheck(state); });
  EXPECT_GT(states, 10u);
}

}  // namespace
}  // namespace lancer::dataset
