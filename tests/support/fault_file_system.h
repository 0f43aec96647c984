// FaultFileSystem: any file system, with a chosen call made to fail in a chosen way.
//
// Calls are counted from 0, across files and threads, in the order in which they begin;
// calls() lists them, which also serves to count flushes. ForEachFault runs a script once
// for every call it makes and every way that call can fail.
// Interruptions by signals (EINTR) and short reads are not faults here: the local file
// system handles them below this interface.
// Ownership: shares the file system below. Thread rule: that of FileSystem.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lancer/file_system.h"

namespace lancer::test {

enum class FileCall : uint8_t {
  kOpen,
  kRead,
  kStage,
  kAppend,
  kSync,
  kPublish,
  kOverwrite,
  kCreateDirectory,
  kSyncDirectory,
  kList,
  kStat,
  kRemove,
  kRemoveDirectory,
  kLock,
  kTryLock,
  kLocksProveLife,
  kProbePublish,
};
// "sync", "publish", ...; static lifetime.
std::string_view FileCallName(FileCall call);

enum class Fault : uint8_t {
  kDeviceError,      // EIO; nothing was done
  kNoSpace,          // ENOSPC; nothing was done
  kShortWrite,       // half of the bytes were written, then ENOSPC
  kErrorButDone,     // EIO, although it was done
  kUnknownNotDone,   // publish answers kUnknown; nothing was done
  kUnknownButDone,   // publish answers kUnknown; the name exists
  kExistsByOurself,  // publish answers kExists because a lost first try of ours did it
};
std::string_view FaultName(Fault fault);

// The ways in which a call can fail.
std::vector<Fault> FaultsOf(FileCall call);

struct RecordedCall {
  FileCall call;
  std::string path;    // of the file, directory or published name
  uint64_t bytes = 0;  // read, appended or replaced
};

namespace internal {
struct FaultPlan;
}

class FaultFileSystem final : public FileSystem {
 public:
  explicit FaultFileSystem(std::shared_ptr<FileSystem> below);
  ~FaultFileSystem() override;

  // Makes the call with this number fail; `repeat` makes every later call that knows the
  // fault fail too (a device that stays broken or full). A call that does not know the
  // fault gives kDeviceError. Replaces earlier orders.
  void FailCall(size_t number, Fault fault, bool repeat = false);
  // Makes another call fail too, besides those ordered before.
  void AlsoFailCall(size_t number, Fault fault);
  void FailNothing();
  // True once a fault was injected since the last FailCall.
  bool fired() const;
  // The number of faults injected since then.
  size_t fired_count() const;
  // What is below: files without faults, for whoever else writes there.
  const std::shared_ptr<FileSystem>& below() const { return below_; }

  // Calls `hook` before each call, with its number: to stop or to kill a program there.
  void BeforeEachCall(std::function<void(size_t number, const RecordedCall& call)> hook);

  // What was called, from the beginning or the last ForgetCalls (which restarts numbers).
  std::vector<RecordedCall> calls() const;
  // Of them those before the first FailNothing: what a script does before it looks.
  std::vector<RecordedCall> armed_calls() const;
  size_t CountCalls(FileCall call) const;
  void ForgetCalls();

  Result<std::shared_ptr<const ReadableFile>> OpenForRead(const std::string& path,
                                                          MapMode map) override;
  Result<std::unique_ptr<StagedFile>> Stage(const std::string& directory,
                                            const std::string& temporary_path) override;
  Status Overwrite(const std::string& path, std::span<const std::byte> bytes) override;
  Result<bool> CreateDirectory(const std::string& path) override;
  Status SyncDirectory(const std::string& path) override;
  Result<std::vector<FileInfo>> List(const std::string& path) override;
  Result<std::optional<FileInfo>> Stat(const std::string& path) override;
  Status Remove(const std::string& path) override;
  Status RemoveDirectory(const std::string& path) override;
  Result<std::unique_ptr<FileLock>> Lock(const std::string& path) override;
  Result<std::unique_ptr<FileLock>> TryLock(const std::string& path) override;
  bool LocksProveLife(const std::string& path) override;  // a fault: false
  Result<PublishMethod> ProbePublish(const std::string& directory) override;

 private:
  const std::shared_ptr<FileSystem> below_;
  const std::shared_ptr<internal::FaultPlan> plan_;  // shared with open files
};

using MakeFileSystem = std::function<std::shared_ptr<FileSystem>()>;
using FaultVisitor =
    std::function<void(FaultFileSystem& file_system, const std::string& description)>;

// Runs `script` on a fresh file system without faults to learn its calls, then once more
// on a fresh one for each call and each way it can fail. `make_below` gives the fresh
// ones; `description` names the fault ("call 12, sync of /a: EIO ..."). Faults are still
// armed when `script` begins; call FailNothing before looking at what is left.
// Returns the number of faults injected.
size_t ForEachFault(const MakeFileSystem& make_below, const FaultVisitor& script);

struct PairCount {
  size_t visited = 0;   // runs with two orders
  size_t injected = 0;  // of them, those in which both faults happened
};
// The same for two faults in one run: for each first one, every later call that `script`
// makes after it and every way that call can fail. Of these pairs one in `one_in`, drawn
// with `seed`, is run; 1: all. Runs of `script` with the first fault alone, which learn
// its later calls, are not counted.
PairCount ForEachPairOfFaults(const MakeFileSystem& make_below,
                              const FaultVisitor& script, uint64_t one_in,
                              uint64_t seed = 1);

}  // namespace lancer::test
