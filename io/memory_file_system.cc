// A file system in memory. Everything is durable at once, and locks hold between threads
// only: it is for tests and scratch data of one process.

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>
#include <set>

#include "io/posix.h"
#include "io/read_batch.h"
#include "lancer/file_system.h"

namespace lancer {
namespace {

using Bytes = std::vector<std::byte>;
using BytesPtr = std::shared_ptr<const Bytes>;

// "/a/b" for "a//b/", "./a/b" and "/a/x/../b"; "/" for the root.
Result<std::string> Normalise(const std::string& path) {
  LANCER_RETURN_IF_ERROR(CheckPath(path));
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= path.size();) {
    size_t end = std::min(path.find('/', begin), path.size());
    std::string part = path.substr(begin, end - begin);
    if (part == "..") {
      if (!parts.empty()) {
        parts.pop_back();
      }
    } else if (!part.empty() && part != ".") {
      parts.push_back(std::move(part));
    }
    begin = end + 1;
  }
  std::string normal;
  for (const std::string& part : parts) {
    normal.append("/").append(part);
  }
  return normal.empty() ? "/" : normal;
}

class MemoryReadableFile final : public ReadableFile {
 public:
  MemoryReadableFile(std::string path, BytesPtr bytes, MapMode map,
                     std::shared_ptr<Counters> counters)
      : path_(std::move(path)),
        bytes_(std::move(bytes)),
        map_(map),
        counters_(std::move(counters)) {}

  const std::string& path() const override { return path_; }
  uint64_t size() const override { return bytes_->size(); }

  Status ReadBatch(std::span<const ReadRange> ranges) const override {
    LANCER_ASSIGN_OR_RETURN(ReadPlan plan, ReadPlan::Make(ranges, size(), path_));
    for (const ReadRange& range : ranges) {
      if (!range.destination.empty()) {
        std::memcpy(range.destination.data(), bytes_->data() + range.offset,
                    range.destination.size());
      }
    }
    CountBatch(counters_.get(), plan.requests().size(), plan.total_bytes());
    return Status::Ok();
  }

  std::span<const std::byte> mapped() const override {
    return map_ == MapMode::kAuto ? std::span<const std::byte>(*bytes_)
                                  : std::span<const std::byte>();
  }
  void WillNeed(uint64_t /*offset*/, uint64_t /*size*/) const override {}

 private:
  const std::string path_;
  const BytesPtr bytes_;
  const MapMode map_;
  const std::shared_ptr<Counters> counters_;  // may be null
};

// The names and what they stand for, shared by the file system and its files and locks.
struct State {
  explicit State(std::shared_ptr<Counters> counted) : counters(std::move(counted)) {}

  const std::shared_ptr<Counters> counters;  // may be null
  std::mutex mutex;                          // guards all below
  std::condition_variable unlocked;
  std::map<std::string, BytesPtr> files;  // by normal path
  std::set<std::string> directories = {"/"};
  std::set<std::string> locked;

  void CountSync() const {
    if (counters != nullptr) {
      Counters::Add(counters->syncs, 1);
    }
  }
  // REQUIRES: mutex is held. OK when `path` may become a file.
  Status CheckParent(const std::string& path) const {
    std::string parent = ParentOfPath(path);
    return directories.count(parent) != 0
               ? Status::Ok()
               : Status::NotFound(path + ": the directory " + parent + " does not exist");
  }
};
using StatePtr = std::shared_ptr<State>;

class MemoryStagedFile final : public StagedFile {
 public:
  explicit MemoryStagedFile(StatePtr state) : state_(std::move(state)) {}

  Status Append(std::span<const std::byte> bytes) override {
    if (published_) {
      return Status::InvalidArgument(
          "a staged file was published and cannot change any more");
    }
    synced_ = false;
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    size_ = bytes_.size();
    return Status::Ok();
  }
  uint64_t size() const override { return size_; }
  Status Sync() override {
    state_->CountSync();
    synced_ = true;
    return Status::Ok();
  }

  Result<PublishOutcome> Publish(const std::string& path) override {
    LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(path));
    if (!synced_ || published_) {
      return Status::Internal(path + ": publish was called before the bytes were synced");
    }
    std::lock_guard lock(state_->mutex);
    LANCER_RETURN_IF_ERROR(state_->CheckParent(normal));
    if (state_->directories.count(normal) != 0 || state_->files.count(normal) != 0) {
      return PublishOutcome::kExists;
    }
    published_ = true;
    state_->files[normal] = std::make_shared<const Bytes>(std::move(bytes_));
    return PublishOutcome::kCreated;
  }
  Result<PublishOutcome> PublishExclusive(const std::string& path) override {
    return Publish(path);
  }

 private:
  const StatePtr state_;
  Bytes bytes_;  // given away by Publish
  uint64_t size_ = 0;
  bool synced_ = false;
  bool published_ = false;
};

class MemoryFileLock final : public FileLock {
 public:
  MemoryFileLock(StatePtr state, std::string path)
      : state_(std::move(state)), path_(std::move(path)) {}
  ~MemoryFileLock() override {
    if (!held_) {
      return;
    }
    std::lock_guard lock(state_->mutex);
    state_->locked.erase(path_);
    state_->unlocked.notify_all();
  }
  // REQUIRES: the state's mutex is held and nobody else has the lock.
  void Take() {
    state_->locked.insert(path_);
    held_ = true;
  }

 private:
  const StatePtr state_;
  const std::string path_;
  bool held_ = false;
};

class MemoryFileSystem final : public FileSystem {
 public:
  explicit MemoryFileSystem(std::shared_ptr<Counters> counters)
      : state_(std::make_shared<State>(std::move(counters))) {}

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
  // The files end with their process.
  bool LocksProveLife(const std::string& /*path*/) override { return true; }
  Result<PublishMethod> ProbePublish(const std::string& directory) override;

 private:
  // REQUIRES: the mutex is held.
  Status CheckDirectory(const std::string& normal, const std::string& path) const;

  const StatePtr state_;
};

Status MemoryFileSystem::CheckDirectory(const std::string& normal,
                                        const std::string& path) const {
  return state_->directories.count(normal) != 0
             ? Status::Ok()
             : Status::NotFound(path + ": the directory does not exist");
}

Result<std::shared_ptr<const ReadableFile>> MemoryFileSystem::OpenForRead(
    const std::string& path, MapMode map) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(path));
  std::lock_guard lock(state_->mutex);
  if (state_->directories.count(normal) != 0) {
    return Status::InvalidArgument(path + ": is a directory, not a file");
  }
  auto found = state_->files.find(normal);
  if (found == state_->files.end()) {
    return Status::NotFound(path + ": the file does not exist");
  }
  return std::shared_ptr<const ReadableFile>(
      std::make_shared<MemoryReadableFile>(path, found->second, map, state_->counters));
}

Result<std::unique_ptr<StagedFile>> MemoryFileSystem::Stage(
    const std::string& directory, const std::string& temporary_path) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(directory));
  LANCER_RETURN_IF_ERROR(CheckPath(temporary_path));
  std::lock_guard lock(state_->mutex);
  LANCER_RETURN_IF_ERROR(CheckDirectory(normal, directory));
  return std::unique_ptr<StagedFile>(std::make_unique<MemoryStagedFile>(state_));
}

Status MemoryFileSystem::Overwrite(const std::string& path,
                                   std::span<const std::byte> bytes) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(path));
  std::lock_guard lock(state_->mutex);
  LANCER_RETURN_IF_ERROR(state_->CheckParent(normal));
  if (state_->directories.count(normal) != 0) {
    return Status::InvalidArgument(path + ": is a directory, not a file");
  }
  state_->files[normal] = std::make_shared<const Bytes>(bytes.begin(), bytes.end());
  return Status::Ok();
}

Result<bool> MemoryFileSystem::CreateDirectory(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(path));
  std::lock_guard lock(state_->mutex);
  bool created = false;
  for (size_t end = 1; end <= normal.size(); ++end) {
    if (end == normal.size() || normal[end] == '/') {
      std::string part = normal.substr(0, end);
      if (state_->files.count(part) != 0) {
        return Status::AlreadyExists(part + ": is a file; a directory was to be created");
      }
      created = state_->directories.insert(part).second;
    }
  }
  return created;
}

Status MemoryFileSystem::SyncDirectory(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(path));
  std::lock_guard lock(state_->mutex);
  LANCER_RETURN_IF_ERROR(CheckDirectory(normal, path));
  state_->CountSync();
  return Status::Ok();
}

Result<std::vector<FileInfo>> MemoryFileSystem::List(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(path));
  std::lock_guard lock(state_->mutex);
  LANCER_RETURN_IF_ERROR(CheckDirectory(normal, path));
  std::string inside = normal == "/" ? normal : normal + "/";
  std::vector<FileInfo> entries;
  const auto& files = state_->files;
  auto file = files.lower_bound(inside);
  while (file != files.end() && file->first.starts_with(inside)) {
    size_t slash = file->first.find('/', inside.size());
    if (slash == std::string::npos) {
      entries.push_back({NameOfPath(file->first), false, file->second->size()});
      ++file;
    } else {
      // '0' follows '/': to what sorts behind all below that directory.
      file = files.lower_bound(file->first.substr(0, slash) + '0');
    }
  }
  const auto& directories = state_->directories;
  auto directory = directories.upper_bound(inside);
  for (; directory != directories.end() && directory->starts_with(inside); ++directory) {
    if (directory->find('/', inside.size()) == std::string::npos) {
      entries.push_back({NameOfPath(*directory), true, 0});
    }
  }
  std::sort(entries.begin(), entries.end(),
            [](const FileInfo& a, const FileInfo& b) { return a.name < b.name; });
  return entries;
}

Result<std::optional<FileInfo>> MemoryFileSystem::Stat(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(path));
  std::lock_guard lock(state_->mutex);
  if (state_->directories.count(normal) != 0) {
    return std::optional<FileInfo>(FileInfo{NameOfPath(normal), true, 0});
  }
  auto found = state_->files.find(normal);
  if (found == state_->files.end()) {
    return std::optional<FileInfo>();
  }
  return std::optional<FileInfo>(
      FileInfo{NameOfPath(normal), false, found->second->size()});
}

Status MemoryFileSystem::Remove(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(path));
  std::lock_guard lock(state_->mutex);
  if (state_->directories.count(normal) != 0) {
    return Status::InvalidArgument(path + ": is a directory, not a file");
  }
  return state_->files.erase(normal) != 0
             ? Status::Ok()
             : Status::NotFound(path + ": the file does not exist");
}

Status MemoryFileSystem::RemoveDirectory(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(path));
  std::lock_guard lock(state_->mutex);
  LANCER_RETURN_IF_ERROR(CheckDirectory(normal, path));
  if (normal == "/") {
    return Status::InvalidArgument(path + ": the root cannot be removed");
  }
  // What lies inside sorts directly behind "<normal>/".
  std::string inside = normal + "/";
  auto file = state_->files.lower_bound(inside);
  auto directory = state_->directories.lower_bound(inside);
  bool has_file = file != state_->files.end() && file->first.starts_with(inside);
  bool has_directory =
      directory != state_->directories.end() && directory->starts_with(inside);
  if (has_file || has_directory) {
    return Status::IoError(path + ": cannot remove this directory: it is not empty");
  }
  state_->directories.erase(normal);
  return Status::Ok();
}

Result<std::unique_ptr<FileLock>> MemoryFileSystem::Lock(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(path));
  auto taken = std::make_unique<MemoryFileLock>(state_, normal);
  std::unique_lock lock(state_->mutex);
  LANCER_RETURN_IF_ERROR(state_->CheckParent(normal));
  state_->unlocked.wait(lock, [&] { return state_->locked.count(normal) == 0; });
  if (state_->files.count(normal) == 0) {
    state_->files[normal] = std::make_shared<const Bytes>();
  }
  taken->Take();  // last: after it nothing can fail and leave the lock taken
  return std::unique_ptr<FileLock>(std::move(taken));
}

Result<std::unique_ptr<FileLock>> MemoryFileSystem::TryLock(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(path));
  auto taken = std::make_unique<MemoryFileLock>(state_, normal);
  std::lock_guard lock(state_->mutex);
  if (state_->files.count(normal) == 0) {
    return Status::NotFound(path + ": the file does not exist");
  }
  if (state_->locked.count(normal) != 0) {
    return std::unique_ptr<FileLock>();
  }
  taken->Take();
  return std::unique_ptr<FileLock>(std::move(taken));
}

Result<PublishMethod> MemoryFileSystem::ProbePublish(const std::string& directory) {
  LANCER_ASSIGN_OR_RETURN(std::string normal, Normalise(directory));
  std::lock_guard lock(state_->mutex);
  LANCER_RETURN_IF_ERROR(CheckDirectory(normal, directory));
  return PublishMethod::kLink;
}

}  // namespace

std::shared_ptr<FileSystem> MakeMemoryFileSystem(FileSystemOptions options) {
  return std::make_shared<MemoryFileSystem>(std::move(options.counters));
}

}  // namespace lancer
