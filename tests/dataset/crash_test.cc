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

size_t RunAndCheck(bool named_temporaries) {
  CrashRecorder recorder({.named_temporaries = named_temporaries});
  std::shared_ptr<FileSystem> shared(&recorder, [](FileSystem*) {});
  auto context = test::MakeTestContext({.file_system = shared}).context;
  std::vector<Acknowledged> steps;
  auto dataset = *Dataset::Create("/t", NumberStream(0, 3), {}, context);
  steps.push_back({recorder.Mark(), Iota(0, 3)});
  EXPECT_TRUE(dataset->Append(NumberStream(3, 2)).has_value());
  steps.push_back({recorder.Mark(), Iota(0, 5)});
  WriteOptions many;
  many.fragment_rows = 1;
  EXPECT_TRUE(dataset->Append(NumberStream(5, 2), many).has_value());
  steps.push_back({recorder.Mark(), Iota(0, 7)});
  EXPECT_TRUE(dataset->Overwrite(NumberStream(40, 2)).has_value());
  steps.push_back({recorder.Mark(), Iota(40, 2)});
  EXPECT_TRUE(dataset->Restore(VersionNumber(2)).has_value());
  steps.push_back({recorder.Mark(), Iota(0, 5)});
  CrashOptions options;
  options.max_states_per_position = 400 * test::SoakFactor();
  const size_t states = recorder.ForEachCrashState(
      options, [&](const CrashState& state) { Check(state, steps); });
  test::ReportSoak(fmt::format("{} states after a power cut", states));
  return states;
}

TEST(Crash, EveryAcknowledgedVersionSurvives) { EXPECT_GT(RunAndCheck(false), 100u); }

TEST(Crash, AlsoWhereTemporariesHaveNames) { EXPECT_GT(RunAndCheck(true), 100u); }

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
