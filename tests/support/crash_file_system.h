// CrashRecorder: a file system in memory that remembers what was made durable and when,
// and shows every state that a power cut could have left behind.
//
// The model is what POSIX promises, no more. Bytes of a file are safe up to its last
// sync; later ones may be kept, dropped, zeroed or torn at a sector. A name (creation,
// replacement, removal, of files and directories) is safe once its directory was synced;
// before that each name on its own shows one of the values it had since the last sync.
// Syncing a file does not keep its name, and a lost directory takes all below with it. A
// directory that is removed and made anew under the same name counts as one directory.
//
// Use: run a script on the recorder, taking a Mark() after each acknowledgement; then let
// ForEachCrashState open each state and check that what was acknowledged before
// `state.position` is there.
// Ownership: owns what was written. Thread rule: that of FileSystem.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "lancer/file_system.h"

namespace lancer::test {

struct CrashRecorderOptions {
  // Staged files have their temporary name, as where O_TMPFILE is refused: a crash can
  // leave it behind.
  bool named_temporaries = false;
};

struct CrashOptions {
  // Cuts lie behind the first `position` steps, for every position in this range.
  size_t first_position = 0;
  size_t last_position = std::numeric_limits<size_t>::max();
  // All states of a cut are shown when there are at most so many; else so many, drawn
  // with `seed`, with "nothing kept" and "all kept" among them.
  size_t max_states_per_position = 256;
  uint64_t seed = 1;
  std::vector<size_t> tear_sizes = {512, 4096};  // sector sizes in bytes
};

struct CrashState {
  std::shared_ptr<FileSystem> file_system;  // in memory, holding what survived
  size_t position = 0;                      // steps done before the cut
  std::string description;                  // which unsynced parts were kept
};

namespace internal {
struct CrashLog;
}

class CrashRecorder final : public FileSystem {
 public:
  explicit CrashRecorder(CrashRecorderOptions options = {});
  ~CrashRecorder() override;

  // The number of steps so far. A state with position >= this mark was cut after all that
  // was called before it.
  size_t Mark();
  // Declares all that exists durable: the start of a script on an old dataset.
  void SyncEverything();
  // Calls `visit` for each distinct state of each cut. Returns the number of calls.
  size_t ForEachCrashState(const CrashOptions& options,
                           const std::function<void(const CrashState&)>& visit) const;

  Result<std::shared_ptr<const ReadableFile>> OpenForRead(const std::string& path,
                                                          MapMode map) override;
  // Unlike other file systems it lets a file be published unsynced, so that a test can
  // show what that costs.
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
  bool LocksProveLife(const std::string& path) override;
  Result<PublishMethod> ProbePublish(const std::string& directory) override;

 private:
  const CrashRecorderOptions options_;
  const std::shared_ptr<FileSystem> live_;         // what a program sees without a crash
  const std::shared_ptr<internal::CrashLog> log_;  // shared with staged files
};

}  // namespace lancer::test
