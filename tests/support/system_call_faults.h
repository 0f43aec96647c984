// Makes system calls of the local file system fail: those that the library's code makes,
// by the linker's --wrap, below every layer of ours.
//
// Only for test programs that link the object library lancer_system_call_faults. What the
// shared C++ library calls by itself is not seen. Faults concern the thread that made the
// SystemCallFaults object, while it lives.
// Thread rule: one object at a time on a thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace lancer::test {

enum class SystemCall : uint8_t {
  kOpen,
  kClose,
  kRead,  // pread, preadv, preadv2
  kWrite,
  kFsync,
  kLink,  // link, linkat
  kRename,
  kRenameNoReplace,  // renameat2
  kUnlink,
  kMakeDirectory,
  kRemoveDirectory,
  kStat,  // stat, fstatat
  kFstat,
  kOpenDirectory,
  kReadDirectory,
  kLock,  // fcntl
  kMap,   // mmap
};
// "open", "renameat2", ...; static lifetime.
std::string_view SystemCallName(SystemCall call);

enum class SystemFault : uint8_t {
  kDeviceError,        // EIO; nothing was done
  kNoSpace,            // ENOSPC; nothing was done
  kInterrupted,        // EINTR; nothing was done
  kShort,              // half of the bytes were read or written, as the answer says
  kLostReply,          // EIO, although it was done
  kInterruptedButDone  // EINTR, although it was done
};
std::string_view SystemFaultName(SystemFault fault);

// The ways in which a call can fail.
const std::vector<SystemFault>& SystemFaultsOf(SystemCall call);

class SystemCallFaults {
 public:
  SystemCallFaults();
  ~SystemCallFaults();
  SystemCallFaults(const SystemCallFaults&) = delete;
  SystemCallFaults& operator=(const SystemCallFaults&) = delete;

  // Makes the call with this number (from 0, in the order of calls()) fail.
  void FailCall(size_t number, SystemFault fault);
  // Makes every such call answer with this errno value and do nothing, as where the
  // kernel or the file system lacks it. Opening is refused only with the flags in
  // `open_flags`.
  void Refuse(SystemCall call, int error, int open_flags = 0);
  // fsync answers "done" without its costs, also after Stop. Nothing here cuts the power.
  void SkipSyncs();
  // From now on every call is carried out and none is recorded.
  void Stop();

  // What was called, from the construction on.
  const std::vector<SystemCall>& calls() const { return calls_; }
  bool fired() const { return fired_; }

  // For the wrappers: records a call and tells how it shall fail; 0: carry it out.
  struct Verdict {
    int error = 0;        // to answer, unless 0
    bool done = false;    // carry it out all the same
    bool halved = false;  // carry out half of it
  };
  Verdict Begin(SystemCall call, int open_flags = 0);
  bool skips_syncs() const { return skips_syncs_; }

 private:
  struct Refusal {
    int error = 0;
    int open_flags = 0;
  };

  std::vector<SystemCall> calls_;
  std::map<SystemCall, Refusal> refusals_;
  size_t fail_number_ = SIZE_MAX;
  SystemFault fault_ = SystemFault::kDeviceError;
  bool fired_ = false;
  bool skips_syncs_ = false;
  bool stopped_ = false;
};

}  // namespace lancer::test
