#include "tests/support/system_call_faults.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <optional>

namespace lancer::test {
namespace {

thread_local SystemCallFaults* t_faults = nullptr;

struct CallKind {
  std::string_view name;
  std::vector<SystemFault> faults;
};

const CallKind& KindOf(SystemCall call) {
  using enum SystemFault;
  static const auto* kinds = new std::vector<CallKind>{
      {"open", {kDeviceError, kNoSpace, kInterrupted}},
      {"close", {kLostReply}},
      {"read", {kDeviceError, kInterrupted, kShort}},
      {"write", {kDeviceError, kNoSpace, kInterrupted, kShort}},
      {"fsync", {kDeviceError, kNoSpace, kInterrupted}},
      {"link", {kDeviceError, kNoSpace, kInterrupted, kLostReply, kInterruptedButDone}},
      {"rename", {kDeviceError, kNoSpace, kLostReply}},
      {"renameat2", {kDeviceError, kNoSpace, kInterrupted, kLostReply}},
      {"unlink", {kDeviceError, kLostReply}},
      {"mkdir", {kDeviceError, kNoSpace, kLostReply}},
      {"rmdir", {kDeviceError, kLostReply}},
      {"stat", {kDeviceError}},
      {"fstat", {kDeviceError}},
      {"opendir", {kDeviceError}},
      {"readdir", {kDeviceError}},
      {"fcntl", {kDeviceError, kInterrupted}},
      {"mmap", {kDeviceError}},
  };
  return (*kinds)[static_cast<size_t>(call)];
}

int ErrnoOf(SystemFault fault) {
  switch (fault) {
    case SystemFault::kDeviceError:
    case SystemFault::kLostReply:
      return EIO;
    case SystemFault::kNoSpace:
      return ENOSPC;
    case SystemFault::kInterrupted:
    case SystemFault::kInterruptedButDone:
      return EINTR;
    case SystemFault::kShort:
      return 0;
  }
  return EIO;
}

SystemCallFaults::Verdict BeginCall(SystemCall call, int open_flags = 0) {
  return t_faults == nullptr ? SystemCallFaults::Verdict()
                             : t_faults->Begin(call, open_flags);
}

// Carries out a call that either happens or not, as told; `failure` is its answer then.
template <typename Act>
auto Run(SystemCall call, decltype(std::declval<Act>()()) failure, Act act)
    -> decltype(act()) {
  const SystemCallFaults::Verdict verdict = BeginCall(call);
  if (verdict.error == 0) {
    return act();
  }
  if (verdict.done) {
    static_cast<void>(act());
  }
  errno = verdict.error;
  return failure;
}

}  // namespace

std::string_view SystemCallName(SystemCall call) { return KindOf(call).name; }

std::string_view SystemFaultName(SystemFault fault) {
  constexpr std::array<std::string_view, 6> kNames = {
      "EIO", "ENOSPC", "EINTR", "half done", "EIO although done", "EINTR although done"};
  return kNames[static_cast<size_t>(fault)];
}

const std::vector<SystemFault>& SystemFaultsOf(SystemCall call) {
  return KindOf(call).faults;
}

SystemCallFaults::SystemCallFaults() { t_faults = this; }
SystemCallFaults::~SystemCallFaults() { t_faults = nullptr; }

void SystemCallFaults::FailCall(size_t number, SystemFault fault) {
  fail_number_ = number;
  fault_ = fault;
  fired_ = false;
}

void SystemCallFaults::Refuse(SystemCall call, int error, int open_flags) {
  refusals_[call] = {error, open_flags};
}

void SystemCallFaults::SkipSyncs() { skips_syncs_ = true; }

void SystemCallFaults::Stop() { stopped_ = true; }

SystemCallFaults::Verdict SystemCallFaults::Begin(SystemCall call, int open_flags) {
  if (stopped_) {
    return {};
  }
  const size_t number = calls_.size();
  calls_.push_back(call);
  if (auto found = refusals_.find(call); found != refusals_.end()) {
    const Refusal& refusal = found->second;
    if (call != SystemCall::kOpen ||
        (open_flags & refusal.open_flags) == refusal.open_flags) {
      return {.error = refusal.error};
    }
  }
  if (number != fail_number_) {
    return {};
  }
  fired_ = true;
  return {.error = ErrnoOf(fault_),
          .done = fault_ == SystemFault::kLostReply ||
                  fault_ == SystemFault::kInterruptedButDone,
          .halved = fault_ == SystemFault::kShort};
}

}  // namespace lancer::test

using lancer::test::BeginCall;
using lancer::test::Run;
using lancer::test::SystemCall;

// The names are those that the linker's --wrap asks for.
extern "C" {

int __real_open(const char* path, int flags, ...);
int __real_close(int descriptor);
ssize_t __real_pread(int descriptor, void* bytes, size_t size, off_t offset);
ssize_t __real_preadv(int descriptor, const iovec* parts, int count, off_t offset);
ssize_t __real_preadv2(int descriptor, const iovec* parts, int count, off_t offset,
                       int flags);
ssize_t __real_write(int descriptor, const void* bytes, size_t size);
int __real_fsync(int descriptor);
int __real_link(const char* from, const char* to);
int __real_linkat(int from_at, const char* from, int to_at, const char* to, int flags);
int __real_rename(const char* from, const char* to);
int __real_renameat2(int from_at, const char* from, int to_at, const char* to,
                     unsigned flags);
int __real_unlink(const char* path);
int __real_mkdir(const char* path, mode_t mode);
int __real_rmdir(const char* path);
int __real_stat(const char* path, struct stat* info);
int __real_fstat(int descriptor, struct stat* info);
int __real_fstatat(int at, const char* path, struct stat* info, int flags);
DIR* __real_opendir(const char* path);
dirent* __real_readdir(DIR* directory);
int __real_fcntl(int descriptor, int command, ...);
void* __real_mmap(void* start, size_t size, int protection, int flags, int descriptor,
                  off_t offset);

}  // extern "C"

namespace {

// A vectored read, or half of its first part: the reader goes on inside of it.
template <typename Read>
ssize_t ReadParts(int descriptor, const iovec* parts, int count, off_t offset,
                  const Read& read) {
  const auto verdict = BeginCall(SystemCall::kRead);
  if (verdict.error != 0) {
    errno = verdict.error;
    return -1;
  }
  return verdict.halved && count > 0 ? __real_pread(descriptor, parts[0].iov_base,
                                                    (parts[0].iov_len + 1) / 2, offset)
                                     : read();
}

}  // namespace

extern "C" {

int __wrap_open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  if (const auto verdict = BeginCall(SystemCall::kOpen, flags); verdict.error != 0) {
    errno = verdict.error;
    return -1;
  }
  return __real_open(path, flags, mode);
}
int __wrap_close(int descriptor) {
  return Run(SystemCall::kClose, -1, [&] { return __real_close(descriptor); });
}
ssize_t __wrap_pread(int descriptor, void* bytes, size_t size, off_t offset) {
  const auto verdict = BeginCall(SystemCall::kRead);
  if (verdict.error != 0) {
    errno = verdict.error;
    return -1;
  }
  return __real_pread(descriptor, bytes, verdict.halved ? (size + 1) / 2 : size, offset);
}
ssize_t __wrap_preadv(int descriptor, const iovec* parts, int count, off_t offset) {
  return ReadParts(descriptor, parts, count, offset,
                   [&] { return __real_preadv(descriptor, parts, count, offset); });
}
ssize_t __wrap_preadv2(int descriptor, const iovec* parts, int count, off_t offset,
                       int flags) {
  return ReadParts(descriptor, parts, count, offset, [&] {
    return __real_preadv2(descriptor, parts, count, offset, flags);
  });
}
ssize_t __wrap_write(int descriptor, const void* bytes, size_t size) {
  const auto verdict = BeginCall(SystemCall::kWrite);
  if (verdict.error != 0) {
    errno = verdict.error;
    return -1;
  }
  return __real_write(descriptor, bytes, verdict.halved ? (size + 1) / 2 : size);
}
int __wrap_fsync(int descriptor) {
  const bool skip =
      lancer::test::t_faults != nullptr && lancer::test::t_faults->skips_syncs();
  return Run(SystemCall::kFsync, -1, [&] { return skip ? 0 : __real_fsync(descriptor); });
}
int __wrap_link(const char* from, const char* to) {
  return Run(SystemCall::kLink, -1, [&] { return __real_link(from, to); });
}
int __wrap_linkat(int from_at, const char* from, int to_at, const char* to, int flags) {
  return Run(SystemCall::kLink, -1,
             [&] { return __real_linkat(from_at, from, to_at, to, flags); });
}
int __wrap_rename(const char* from, const char* to) {
  return Run(SystemCall::kRename, -1, [&] { return __real_rename(from, to); });
}
int __wrap_renameat2(int from_at, const char* from, int to_at, const char* to,
                     unsigned flags) {
  return Run(SystemCall::kRenameNoReplace, -1,
             [&] { return __real_renameat2(from_at, from, to_at, to, flags); });
}
int __wrap_unlink(const char* path) {
  return Run(SystemCall::kUnlink, -1, [&] { return __real_unlink(path); });
}
int __wrap_mkdir(const char* path, mode_t mode) {
  return Run(SystemCall::kMakeDirectory, -1, [&] { return __real_mkdir(path, mode); });
}
int __wrap_rmdir(const char* path) {
  return Run(SystemCall::kRemoveDirectory, -1, [&] { return __real_rmdir(path); });
}
int __wrap_stat(const char* path, struct stat* info) {
  return Run(SystemCall::kStat, -1, [&] { return __real_stat(path, info); });
}
int __wrap_fstat(int descriptor, struct stat* info) {
  return Run(SystemCall::kFstat, -1, [&] { return __real_fstat(descriptor, info); });
}
int __wrap_fstatat(int at, const char* path, struct stat* info, int flags) {
  return Run(SystemCall::kStat, -1,
             [&] { return __real_fstatat(at, path, info, flags); });
}
DIR* __wrap_opendir(const char* path) {
  return Run(SystemCall::kOpenDirectory, nullptr, [&] { return __real_opendir(path); });
}
dirent* __wrap_readdir(DIR* directory) {
  return Run(SystemCall::kReadDirectory, nullptr,
             [&] { return __real_readdir(directory); });
}
int __wrap_fcntl(int descriptor, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  return Run(SystemCall::kLock, -1,
             [&] { return __real_fcntl(descriptor, command, argument); });
}
void* __wrap_mmap(void* start, size_t size, int protection, int flags, int descriptor,
                  off_t offset) {
  return Run(SystemCall::kMap, MAP_FAILED, [&] {
    return __real_mmap(start, size, protection, flags, descriptor, offset);
  });
}

}  // extern "C"
