// A fresh directory of the machine's file system, removed with all it holds.
// Ownership: owns the directory. Thread rule: safe for concurrent const calls.
#pragma once

#include <string>

namespace lancer::test {

class TemporaryDirectory {
 public:
  // Under $TMPDIR, else /tmp. Ends the test program when that cannot be written.
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  // "<path>/<name>".
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace lancer::test
