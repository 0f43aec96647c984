// Every call of every script fails once in every way, and pairs of calls do: the dataset
// is as before or as after, never anything else, and an unknown outcome is settled by the
// same transaction.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/dataset/fault_scripts.h"
#include "tests/support/soak.h"

namespace lancer::dataset {
namespace {

using test::FaultFileSystem;

const std::string kPath = "/t";

// The fragments that scripts of several files write: alone, and with pairs of faults.
int64_t ManyFiles() {
  return test::SoakFactor() == 1 ? 3 : test::SoakFactor() < 20 ? 24 : 60;
}
int64_t FewFiles() { return test::SoakFactor() < 20 ? 2 : 4; }
// Of the pairs of faults one in so many is tried.
uint64_t PairsPerTrial(const FaultScript& script) {
  const uint64_t one_in = test::SoakFactor() == 1 ? 20 : 1;
  // Many files to copy and to read for each.
  return script.beginning == Beginning::kTree ? 10 * one_in : one_in;
}

class FaultsTest : public ::testing::TestWithParam<size_t> {
 protected:
  FaultScript Script(int64_t files) {
    files_ = files;
    return FaultScripts(files)[GetParam()];
  }
  test::MakeFileSystem Beginnings(const FaultScript& script) {
    return [&script] {
      std::shared_ptr<FileSystem> files = MakeMemoryFileSystem();
      Prepare(*files, kPath, script.beginning);
      return files;
    };
  }
  // Runs the script while calls fail, then looks at what it left.
  void RunAndCheck(const FaultScript& script, FaultFileSystem& files,
                   const std::string& fault) {
    SCOPED_TRACE(script.name + ": " + fault);
    Scene scene = SceneOn(files, *files.below(), kPath);
    scene.files = files_;
    Status status = script.run(scene);
    const bool fired = files.fired();
    files.FailNothing();
    if (!fired) {
      EXPECT_TRUE(status.ok()) << status.ToString();
    }
    unknown_ += CheckAftermath(script, scene, status) ? 1 : 0;
  }

  int64_t files_ = 1;
  size_t unknown_ = 0;  // answers
};

TEST_P(FaultsTest, LeaveTheStateBeforeOrAfter) {
  const FaultScript script = Script(ManyFiles());
  const size_t injected = test::ForEachFault(
      Beginnings(script), [&](FaultFileSystem& files, const std::string& fault) {
        RunAndCheck(script, files, fault);
      });
  EXPECT_GT(injected, script.reads ? 6u : 20u);
  EXPECT_EQ(unknown_ > 0, !script.reads);
  test::ReportSoak(fmt::format("{}: {} faults", script.name, injected));
}

TEST_P(FaultsTest, InPairsLeaveTheStateBeforeOrAfterToo) {
  const FaultScript script = Script(FewFiles());
  const test::PairCount pairs = test::ForEachPairOfFaults(
      Beginnings(script),
      [&](FaultFileSystem& files, const std::string& fault) {
        RunAndCheck(script, files, fault);
      },
      PairsPerTrial(script));
  test::ReportSoak(fmt::format("{}: {} pairs of faults", script.name, pairs.injected));
}

TEST_P(FaultsTest, AFullDeviceStaysFullAndNothingIsLost) {
  const FaultScript script = Script(3);
  for (size_t call = 0;; ++call) {
    ASSERT_LT(call, 1000u);
    FaultFileSystem files(Beginnings(script)());
    files.FailCall(call, test::Fault::kNoSpace, /*repeat=*/true);
    Scene scene = SceneOn(files, *files.below(), kPath);
    scene.files = files_;
    Status status = script.run(scene);
    const bool fired = files.fired();
    files.FailNothing();
    SCOPED_TRACE(fmt::format("{}: full from call {} on", script.name, call));
    CheckAftermath(script, scene, status);
    if (!fired) {
      break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Scripts, FaultsTest,
                         ::testing::Range<size_t>(0, FaultScripts(1).size()));

}  // namespace
}  // namespace lancer::dataset
