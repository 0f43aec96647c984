// A local file without a visible name: an O_TMPFILE in its target directory, or a named
// temporary file where the file system refuses that.
// Ownership: owns the descriptor and the temporary name, which goes with it.
// Thread rule: one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/posix.h"
#include "lancer/counters.h"
#include "lancer/file_system.h"

namespace lancer {

// What may be tried; the probe narrows it to learn what works.
struct StagingMethods {
  bool anonymous = true;
  bool link = true;
  bool rename = true;
};

class LocalStagedFile final : public StagedFile {
 public:
  static Result<std::unique_ptr<StagedFile>> Open(const std::string& directory,
                                                  const std::string& temporary_path,
                                                  StagingMethods methods,
                                                  std::shared_ptr<Counters> counters);
  ~LocalStagedFile() override;

  Status Append(std::span<const std::byte> bytes) override;
  uint64_t size() const override { return size_; }
  Status Sync() override;
  Result<PublishOutcome> Publish(const std::string& path) override;
  Result<PublishOutcome> PublishExclusive(const std::string& path) override;

 private:
  LocalStagedFile(FileDescriptor descriptor, std::string directory,
                  std::string temporary_path, bool named, StagingMethods methods,
                  std::shared_ptr<Counters> counters);
  // What messages call this file while it has no name.
  const std::string& DisplayPath() const { return named_ ? temporary_path_ : directory_; }
  Status CheckUsable() const;
  Status CheckSynced(const std::string& path) const;
  Status Flush();
  // Returns 0 or an errno value.
  int LinkTo(const std::string& path);
  Result<PublishOutcome> RenameTo(const std::string& path);
  // Gives an anonymous file its temporary name, by copying: rename needs one.
  Status MakeNamed();
  Status CopyInto(int descriptor, const std::string& path);
  Status SyncCopy(int descriptor, const std::string& path);
  Status Poison(Status why);

  FileDescriptor descriptor_;
  const std::string directory_;
  const std::string temporary_path_;
  bool named_;  // temporary_path_ exists and is ours to remove
  const StagingMethods methods_;
  const std::shared_ptr<Counters> counters_;  // may be null
  std::vector<std::byte> pending_;            // small appends, not yet written
  uint64_t size_ = 0;                         // pending bytes included
  bool synced_ = false;
  bool published_ = false;
  Status poison_;  // the first failure; whatever follows returns it
};

}  // namespace lancer
