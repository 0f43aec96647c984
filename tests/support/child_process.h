// Runs a function in a forked child, for tests of locks, crashes and permissions.
// Ownership: the child is waited for, or killed, by its object.
// Thread rule: fork from a test with one thread; the child has only that one.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>

namespace lancer::test {

// How a child ended: exactly one of the two is set.
struct ChildEnd {
  std::optional<int> exit_code;
  std::optional<int> signal;
};

class ChildProcess {
 public:
  // Starts `body` in a child; what it returns is the exit code. Destructors of the
  // parent's objects do not run in the child.
  explicit ChildProcess(const std::function<int()>& body);
  // Kills and reaps a child that was not waited for.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t id() const { return id_; }
  void Kill();  // SIGKILL: no chance to clean up
  ChildEnd Wait();

 private:
  pid_t id_;
  bool waited_ = false;
};

ChildEnd RunInChild(const std::function<int()>& body);

// Gives up the rights of root, if this process has them, so that permissions count. Only
// for a child. Returns false when the rights could not be given up.
bool BecomeUnprivileged();

}  // namespace lancer::test
