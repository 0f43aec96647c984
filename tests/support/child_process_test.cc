#include "tests/support/child_process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

namespace lancer::test {
namespace {

TEST(ChildProcess, TellsHowItEnded) {
  EXPECT_EQ(RunInChild([] { return 7; }).exit_code, 7);
  ChildEnd killed = RunInChild([] {
    std::signal(SIGTERM, SIG_DFL);
    raise(SIGTERM);
    return 0;
  });
  EXPECT_EQ(killed.signal, SIGTERM);
  EXPECT_FALSE(killed.exit_code.has_value());
}

TEST(ChildProcess, CanBeKilled) {
  ChildProcess child([] {
    pause();
    return 0;
  });
  child.Kill();
  EXPECT_EQ(child.Wait().signal, SIGKILL);
}

TEST(BecomeUnprivileged, LeavesNoRightsOfRoot) {
  EXPECT_EQ(
      RunInChild([] { return BecomeUnprivileged() && geteuid() != 0 ? 0 : 1; }).exit_code,
      0);
}

}  // namespace
}  // namespace lancer::test
