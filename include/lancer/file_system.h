// FileSystem: the only way Lancer touches storage. Local and in-memory ones are built in;
// tests put fault injection and crash recording on top of this interface.
//
// Paths are '/'-separated strings; the local file system takes absolute and relative
// ones. Every message names the path. Thread rule: FileSystem and ReadableFile are safe
// for concurrent calls; StagedFile, AppendFile and FileLock belong to one thread at a
// time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lancer/buffer.h"
#include "lancer/counters.h"
#include "lancer/export.h"
#include "lancer/result.h"

namespace lancer {

// One range of a batch: `destination.size()` bytes at `offset`. Memory is the caller's.
struct ReadRange {
  uint64_t offset = 0;
  std::span<std::byte> destination;
};

enum class MapMode : uint8_t {
  kAuto,   // map where it is safe: a local file of non-zero size
  kNever,  // always read; a file cut while open gives IoError instead of killing
};

class LANCER_EXPORT ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  virtual const std::string& path() const = 0;
  // Size in bytes when it was opened.
  virtual uint64_t size() const = 0;
  // Reads all ranges as one batch, submitted together. Short files give Corruption
  // ("ends at ..."), device errors IoError.
  virtual Status ReadBatch(std::span<const ReadRange> ranges) const = 0;
  // The whole file as memory, or empty when it is not mapped. Lives as long as this file.
  // A file that is cut after it was mapped kills the process (SIGBUS): use kNever where
  // that can happen.
  virtual std::span<const std::byte> mapped() const = 0;
  // Says that `size` bytes at `offset` will be used soon. A map is otherwise read one
  // page of memory at a time when it is cold, as suits single rows: scans call this ahead
  // of their use. A hint: it never fails, and does nothing where nothing is mapped.
  virtual void WillNeed(uint64_t offset, uint64_t size) const = 0;
};

// The three outcomes of publishing a name (spec: log, "Publishing").
enum class PublishOutcome : uint8_t {
  kCreated,  // the name did not exist and now durably holds our bytes
  kExists,   // the name exists already; nothing was replaced
  kUnknown,  // the step failed half-way: read the name back to learn what holds
};

// A file being written that has no visible name until Publish.
class LANCER_EXPORT StagedFile {
 public:
  virtual ~StagedFile() = default;  // unpublished: leaves nothing under a visible name
  // Errors: ResourceExhausted when the device is full, IoError.
  virtual Status Append(std::span<const std::byte> bytes) = 0;
  virtual uint64_t size() const = 0;
  // Makes the bytes durable. An error poisons this object: only destruction is left.
  // Errors: IoError; Unsupported where the file system has no way to do it.
  virtual Status Sync() = 0;
  // Links the file as `path` without replacing anything. Does not sync the directory.
  // REQUIRES: Sync succeeded. Errors: a clean refusal (nothing was created).
  virtual Result<PublishOutcome> Publish(const std::string& path) = 0;
  // The same where neither link nor rename can refuse to replace
  // (PublishMethod::kExclusiveCreate): creates `path` exclusively and copies the bytes
  // into it, synced. REQUIRES also: the caller holds the folder's lock, and readers can
  // tell a torn file. A copy that fails is removed again, so that nothing was created; a
  // failure to make it durable, or to remove it, gives kUnknown.
  virtual Result<PublishOutcome> PublishExclusive(const std::string& path) = 0;
};

struct FileInfo {
  std::string name;  // last part of the path
  bool is_directory = false;
  uint64_t size = 0;
};

// Held until destruction; the kernel drops it when the process dies.
class LANCER_EXPORT FileLock {
 public:
  virtual ~FileLock() = default;
};

// How a folder's file system can publish names; probed once at creation (FORMAT keeps
// it).
enum class PublishMethod : uint8_t {
  kLink = 0,             // O_TMPFILE or named file, then link without replacing
  kRenameNoReplace = 1,  // renameat2(RENAME_NOREPLACE)
  kExclusiveCreate = 2,  // O_EXCL and a self-validating file under a lock; one host only
};

class LANCER_EXPORT FileSystem {
 public:
  virtual ~FileSystem() = default;

  // Errors: NotFound; InvalidArgument for a directory.
  virtual Result<std::shared_ptr<const ReadableFile>> OpenForRead(const std::string& path,
                                                                  MapMode map) = 0;
  // A staged file that can be published into `directory`. Named temporaries, where they
  // are needed, are made as `temporary_path`. Errors: NotFound when a folder is absent;
  // IoError.
  virtual Result<std::unique_ptr<StagedFile>> Stage(
      const std::string& directory, const std::string& temporary_path) = 0;
  // Makes `bytes` the whole of `path`, in place and without a sync: another reader, or a
  // crash, may see the old bytes, the new ones or a part of each. For hints that carry a
  // checksum: the cheapest write there is. Other hard links keep the old bytes. Errors:
  // NotFound when the folder is absent; InvalidArgument when `path` is a directory;
  // ResourceExhausted when the device is full; IoError.
  virtual Status Overwrite(const std::string& path, std::span<const std::byte> bytes) = 0;
  // Creates the directory and its parents. Errors: AlreadyExists when it is a file.
  // Returns true when the last part was created by this call: its name is durable after
  // SyncDirectory of its parent. Parents created on the way are synced here.
  virtual Result<bool> CreateDirectory(const std::string& path) = 0;
  // Makes the names in a directory durable. Errors: NotFound; IoError; Unsupported where
  // the file system has no way to do it.
  virtual Status SyncDirectory(const std::string& path) = 0;
  // Entries in order of name, without "." and "..". Errors: NotFound.
  virtual Result<std::vector<FileInfo>> List(const std::string& path) = 0;
  // Nothing when it does not exist.
  virtual Result<std::optional<FileInfo>> Stat(const std::string& path) = 0;
  // Removes a file. Errors: NotFound; IoError.
  virtual Status Remove(const std::string& path) = 0;
  // Removes an empty directory. Errors: NotFound; IoError, also when it is not empty.
  virtual Status RemoveDirectory(const std::string& path) = 0;
  // Waits for an exclusive lock on `path`, which is created when absent. Errors: NotFound
  // when the folder is absent; Unsupported where there are no locks; IoError.
  virtual Result<std::unique_ptr<FileLock>> Lock(const std::string& path) = 0;
  // Takes an exclusive lock on a file that exists, without waiting; null while another
  // holder has it. `path` still names the locked file afterwards. Errors: NotFound, also
  // when the file was removed meanwhile; Unsupported where there are no locks; IoError.
  virtual Result<std::unique_ptr<FileLock>> TryLock(const std::string& path) = 0;
  // True where a free lock proves that no living process holds it: on file systems of
  // this machine alone, not on those of servers, whose locks can be lost or stay unseen.
  // False also when it cannot be found out. `path` exists.
  virtual bool LocksProveLife(const std::string& path) = 0;
  // Finds how names can be published in `directory`, by trying (leaves nothing behind).
  // Errors: Unsupported when none of the methods works.
  virtual Result<PublishMethod> ProbePublish(const std::string& directory) = 0;
};

struct FileSystemOptions {
  std::shared_ptr<Counters> counters;  // of reads and syncs; may be null
};
// The machine's file system.
LANCER_EXPORT std::shared_ptr<FileSystem> MakeLocalFileSystem(
    FileSystemOptions options = {});
// A file system in memory, empty at first; for tests and scratch data.
LANCER_EXPORT std::shared_ptr<FileSystem> MakeMemoryFileSystem(
    FileSystemOptions options = {});

// "file:///a/b" and "file://localhost/a/b" to "/a/b" (percent-decoded); a plain path as
// it is, without a trailing '/'. Errors: InvalidArgument for other schemes and empty
// paths.
LANCER_EXPORT Result<std::string> PathFromUri(std::string_view uri);

}  // namespace lancer
