// Thin helpers around POSIX calls: an owner for descriptors, messages for errno values
// and checks of paths. For io and the tools. Ownership: FileDescriptor owns its
// descriptor. Thread rule: free functions are safe for concurrent calls; FileDescriptor
// is a plain value of one thread at a time.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lancer/result.h"
#include "lancer/status.h"

namespace lancer {

// An open descriptor, closed at destruction. Errors of close are of no use here: whoever
// wants to know that bytes arrived calls fsync first.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(other.descriptor_) {
    other.descriptor_ = -1;
  }
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor() { Close(); }

  int get() const { return descriptor_; }
  bool valid() const { return descriptor_ >= 0; }
  void Close();

 private:
  int descriptor_ = -1;
};

// Repeats `call` while a signal interrupts it. REQUIRES: repeating it is harmless; not
// for link and rename, which may have happened before the signal.
template <typename Call>
auto RetryOnInterrupt(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) {
    result = call();
  }
  return result;
}

// "<path>: cannot <action>: <text> (errno 28); <what to do>", under the code that says
// what the caller should do. REQUIRES: error != 0.
Status ErrnoStatus(int error, std::string_view action, std::string_view path);

// The same for a failed fsync: Unsupported where the file system says that it has none.
Status SyncErrnoStatus(int error, std::string_view action, std::string_view path);

// The system's text for an errno value, with its number.
std::string ErrnoText(int error);

// True when the system calls link or rename are known to have done nothing after this
// error. Other errors (EIO, a lost reply of a server) leave it open.
bool IsCleanRefusal(int error);

// OK, or InvalidArgument for a path that is empty or holds a zero byte.
Status CheckPath(const std::string& path);

// "a/b" -> "a", "a" -> ".", "/a" -> "/".
std::string ParentOfPath(const std::string& path);
// The last part: "a/b" -> "b".
std::string NameOfPath(const std::string& path);

// Opens with O_CLOEXEC, repeating after signals. `mode` counts when the file is created.
FileDescriptor OpenDescriptor(const std::string& path, int flags, unsigned mode = 0);

// Writes all bytes at the descriptor's position. Returns 0 or an errno value.
int WriteAll(int descriptor, std::span<const std::byte> bytes);

}  // namespace lancer
