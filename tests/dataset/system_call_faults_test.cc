// Every system call of every script fails once in every way, on the machine's own file
// system: the dataset is as before or as after, and interruptions and short reads and
// writes are not noticed at all.
#include "tests/support/system_call_faults.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/dataset/fault_scripts.h"
#include "tests/support/soak.h"
#include "tests/support/temporary_directory.h"

namespace lancer::dataset {
namespace {

using test::SystemCall;
using test::SystemCallFaults;
using test::SystemFault;

// Whoever meets it goes on as if nothing had been. An interrupted link may have been
// carried out, which is an outcome of its own.
bool IsHarmless(SystemCall call, SystemFault fault) {
  const bool names = call == SystemCall::kLink || call == SystemCall::kRenameNoReplace;
  return fault == SystemFault::kShort || call == SystemCall::kClose ||
         (fault == SystemFault::kInterrupted && !names);
}

// How the local file system can make names, from the best way to the poorest.
enum class Names : uint8_t { kAnonymousLink, kNamedLink, kRename, kExclusive };

void RefuseAllBut(Names names, SystemCallFaults* faults) {
  if (names == Names::kNamedLink) {
    faults->Refuse(SystemCall::kOpen, EOPNOTSUPP, O_TMPFILE);
  }
  if (names == Names::kRename || names == Names::kExclusive) {
    faults->Refuse(SystemCall::kLink, EPERM);
  }
  if (names == Names::kExclusive) {
    faults->Refuse(SystemCall::kRenameNoReplace, EINVAL);
  }
}

class SystemCallFaultsTest : public ::testing::TestWithParam<std::tuple<size_t, Names>> {
 protected:
  // Runs the script with the call failing; which calls it made.
  std::vector<SystemCall> RunAndCheck(const FaultScript& script, size_t number,
                                      SystemFault fault) {
    auto local = MakeLocalFileSystem();
    test::TemporaryDirectory directory;
    Scene scene = SceneOn(*local, *local, directory.File("t"));
    scene.files = kFiles;
    {
      SystemCallFaults none;
      none.SkipSyncs();
      Prepare(*local, scene.path, script.beginning);
    }
    SystemCallFaults faults;
    faults.SkipSyncs();
    RefuseAllBut(std::get<Names>(GetParam()), &faults);
    faults.FailCall(number, fault);
    Status status = script.run(scene);
    faults.Stop();
    std::vector<SystemCall> calls = faults.calls();
    injected_ += faults.fired() ? 1 : 0;
    if (!faults.fired() || IsHarmless(calls[number], fault)) {
      EXPECT_TRUE(status.ok()) << status.ToString();
    }
    CheckAftermath(script, scene, status);
    return calls;
  }
  // What takes long is done by the longer runs; what cannot be is left out.
  static bool IsDue(const FaultScript& script, Names names) {
    const bool is_short = names == Names::kAnonymousLink
                              ? script.beginning != Beginning::kTree
                              : script.name == "create" || script.name == "append";
    // A dataset that was made where links work is of no use where no names can be made.
    const bool possible =
        names != Names::kExclusive || script.beginning == Beginning::kNothing;
    return possible && (is_short || (test::SoakFactor() >= 10 && !script.reads));
  }

  static constexpr int64_t kFiles = 2;
  size_t injected_ = 0;
};

TEST_P(SystemCallFaultsTest, LeaveTheStateBeforeOrAfter) {
  const auto [index, names] = GetParam();
  const FaultScript script = FaultScripts(kFiles)[index];
  if (!IsDue(script, names)) {
    return;
  }
  SCOPED_TRACE(script.name);
  const auto calls = RunAndCheck(script, SIZE_MAX, SystemFault::kDeviceError);
  for (size_t number = 0; number < calls.size(); ++number) {
    for (SystemFault fault : test::SystemFaultsOf(calls[number])) {
      SCOPED_TRACE(fmt::format("call {}, {}: {}", number,
                               test::SystemCallName(calls[number]),
                               test::SystemFaultName(fault)));
      RunAndCheck(script, number, fault);
    }
  }
  EXPECT_GT(injected_, 20u);
  test::ReportSoak(fmt::format("{}: {} faults of system calls", script.name, injected_));
}

// No promise could be kept there, so no dataset is made.
TEST(FileSystemThatCannotSync, IsRefusedAndNothingIsLeft) {
  auto local = MakeLocalFileSystem();
  test::TemporaryDirectory directory;
  for (int error : {EINVAL, ENOSYS, EOPNOTSUPP}) {
    SystemCallFaults faults;
    faults.Refuse(SystemCall::kFsync, error);
    const Status status =
        Dataset::Create(directory.File("t"), NumberStream(0, 3), {}, ContextOn(*local))
            .status();
    faults.Stop();
    EXPECT_EQ(status.code(), StatusCode::kUnsupported) << status.ToString();
    EXPECT_TRUE(
        status.message().starts_with(directory.path() + ": cannot make the names"))
        << status.ToString();
    EXPECT_FALSE(local->Stat(directory.File("t"))->has_value());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Scripts, SystemCallFaultsTest,
    ::testing::Combine(::testing::Range<size_t>(0, FaultScripts(1).size()),
                       ::testing::Values(Names::kAnonymousLink, Names::kNamedLink,
                                         Names::kRename, Names::kExclusive)));

}  // namespace
}  // namespace lancer::dataset
