#include "tests/support/child_process.h"

#include <grp.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// The thread sanitizer would end a child that starts threads when its parent had some. It
// may: executors work after fork() (lancer/context.h), and children are there to show it.
// Their own races stay unseen; the same code runs in threads of one process too.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }
#endif
#endif

namespace lancer::test {

ChildProcess::ChildProcess(const std::function<int()>& body) : id_(fork()) {
  if (id_ < 0) {
    std::perror("fork");
    std::abort();
  }
  if (id_ == 0) {
    rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    _exit(body());
  }
}

ChildProcess::~ChildProcess() {
  if (!waited_) {
    Kill();
    Wait();
  }
}

void ChildProcess::Kill() { kill(id_, SIGKILL); }

ChildEnd ChildProcess::Wait() {
  int status = 0;
  while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  waited_ = true;
  if (WIFSIGNALED(status)) {
    return {std::nullopt, WTERMSIG(status)};
  }
  return {WEXITSTATUS(status), std::nullopt};
}

ChildEnd RunInChild(const std::function<int()>& body) {
  return ChildProcess(body).Wait();
}

bool BecomeUnprivileged() {
  constexpr uid_t kNobody = 65534;
  if (geteuid() != 0) {
    return true;
  }
  return setgroups(0, nullptr) == 0 && setresgid(kNobody, kNobody, kNobody) == 0 &&
         setresuid(kNobody, kNobody, kNobody) == 0;
}

}  // namespace lancer::test
