// Every allocation of every script fails once: std::bad_alloc may reach the caller, but
// the dataset is as before or as after, opens, takes the same transaction again, and
// nothing leaks.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <new>

#include "tests/dataset/fault_scripts.h"
#include "tests/support/allocation_meter.h"
#include "tests/support/soak.h"

namespace lancer::dataset {
namespace {

const std::string kPath = "/t";

class AllocationFaultsTest : public ::testing::TestWithParam<size_t> {
 protected:
  // Runs the script with this allocation failing. False when it makes no such one.
  bool RunAndCheck(const FaultScript& script, uint64_t number) {
    std::shared_ptr<FileSystem> files = MakeMemoryFileSystem();
    Prepare(*files, kPath, script.beginning);
    Scene scene = SceneOn(*files, *files, kPath);
    scene.files = 2;
    std::optional<Status> status;
    bool fired = false;
    {
      test::AllocationFault fault(number);
      try {
        status = script.run(scene);
      } catch (const std::bad_alloc&) {
        ++thrown_;
      }
      fired = fault.fired();
    }
    CheckAftermath(script, scene, status);
    return fired;
  }

  size_t thrown_ = 0;
};

TEST_P(AllocationFaultsTest, LeaveTheStateBeforeOrAfter) {
  const FaultScript script = FaultScripts(2)[GetParam()];
  // Reading asks for the same few things all over again.
  const uint64_t step = test::SoakFactor() > 1 ? 1 : 7;
  RunAndCheck(script, UINT64_MAX - 1);  // what is made once is made before
  uint64_t number = 0;
  for (bool fired = true; fired; number += step) {
    SCOPED_TRACE(fmt::format("{}: allocation {}", script.name, number));
    uint64_t before = test::AllocatedBytes();
    fired = RunAndCheck(script, number);
    if (!HasFailure() && test::AllocatedBytes() != before) {
      // Perhaps something that is made once in a program; a leak comes again.
      before = test::AllocatedBytes();
      RunAndCheck(script, number);
      ASSERT_EQ(test::AllocatedBytes(), before) << "a leak";
    }
  }
  EXPECT_GT(thrown_, 10u);
  test::ReportSoak(
      fmt::format("{}: {} failed allocations", script.name, number / step - 1));
}

INSTANTIATE_TEST_SUITE_P(Scripts, AllocationFaultsTest,
                         ::testing::Range<size_t>(0, FaultScripts(1).size()));

}  // namespace
}  // namespace lancer::dataset
