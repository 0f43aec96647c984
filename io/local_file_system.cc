#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "io/describe_file_system.h"
#include "io/local_file_lock.h"
#include "io/local_publish_probe.h"
#include "io/local_readable_file.h"
#include "io/local_staged_file.h"
#include "io/posix.h"
#include "lancer/file_system.h"

namespace lancer {
namespace {

FileInfo InfoOf(std::string name, const struct stat& info) {
  bool is_directory = S_ISDIR(info.st_mode);
  return {std::move(name), is_directory,
          is_directory ? 0 : static_cast<uint64_t>(info.st_size)};
}

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};
using DirectoryStream = std::unique_ptr<DIR, CloseDirectory>;

class LocalFileSystem final : public FileSystem {
 public:
  explicit LocalFileSystem(std::shared_ptr<Counters> counters)
      : counters_(std::move(counters)) {}

  Result<std::shared_ptr<const ReadableFile>> OpenForRead(const std::string& path,
                                                          MapMode map) override {
    LANCER_RETURN_IF_ERROR(CheckPath(path));
    return LocalReadableFile::Open(path, map, counters_);
  }

  Result<std::unique_ptr<StagedFile>> Stage(const std::string& directory,
                                            const std::string& temporary_path) override {
    LANCER_RETURN_IF_ERROR(CheckPath(directory));
    LANCER_RETURN_IF_ERROR(CheckPath(temporary_path));
    return LocalStagedFile::Open(directory, temporary_path, {}, counters_);
  }

  Status Overwrite(const std::string& path, std::span<const std::byte> bytes) override;
  Result<bool> CreateDirectory(const std::string& path) override;
  Status SyncDirectory(const std::string& path) override;
  Result<std::vector<FileInfo>> List(const std::string& path) override;
  Result<std::optional<FileInfo>> Stat(const std::string& path) override;
  Status Remove(const std::string& path) override;
  Status RemoveDirectory(const std::string& path) override;

  Result<std::unique_ptr<FileLock>> Lock(const std::string& path) override {
    LANCER_RETURN_IF_ERROR(CheckPath(path));
    return LockLocalFile(path);
  }
  Result<std::unique_ptr<FileLock>> TryLock(const std::string& path) override {
    LANCER_RETURN_IF_ERROR(CheckPath(path));
    return TryLockLocalFile(path);
  }
  bool LocksProveLife(const std::string& path) override {
    auto kind = DescribeFileSystem(path);
    return kind && LocksProveLifeOn(*kind);
  }

  Result<PublishMethod> ProbePublish(const std::string& directory) override {
    LANCER_RETURN_IF_ERROR(CheckPath(directory));
    // Publishing is of no use where the names cannot be made durable.
    LANCER_RETURN_IF_ERROR(SyncDirectory(directory));
    return ProbeLocalPublish(directory);
  }

 private:
  void CountSync() {
    if (counters_ != nullptr) {
      Counters::Add(counters_->syncs, 1);
    }
  }

  const std::shared_ptr<Counters> counters_;  // may be null
};

Status LocalFileSystem::Overwrite(const std::string& path,
                                  std::span<const std::byte> bytes) {
  LANCER_RETURN_IF_ERROR(CheckPath(path));
  FileDescriptor descriptor = OpenDescriptor(path, O_WRONLY | O_CREAT, 0666);
  struct stat info {};
  if (!descriptor.valid() || fstat(descriptor.get(), &info) != 0) {
    return ErrnoStatus(errno, "open it to overwrite it", path);
  }
  if (info.st_nlink > 1) {  // a copy of the folder made of links keeps its own bytes
    unlink(path.c_str());
    descriptor = OpenDescriptor(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (!descriptor.valid()) {
      return ErrnoStatus(errno, "create it anew", path);
    }
    info.st_size = 0;
  }
  if (int error = WriteAll(descriptor.get(), bytes); error != 0) {
    return ErrnoStatus(error, "overwrite it", path);
  }
  const auto size = static_cast<off_t>(bytes.size());
  if (info.st_size > size && ftruncate(descriptor.get(), size) != 0) {
    return ErrnoStatus(errno, "overwrite it", path);
  }
  return Status::Ok();
}

Result<bool> LocalFileSystem::CreateDirectory(const std::string& path) {
  LANCER_RETURN_IF_ERROR(CheckPath(path));
  if (mkdir(path.c_str(), 0777) == 0) {
    return true;
  }
  int error = errno;
  if (error == ENOENT) {
    std::string parent = ParentOfPath(path);
    if (parent == path || parent == ".") {
      return ErrnoStatus(error, "create this directory", path);
    }
    LANCER_ASSIGN_OR_RETURN(bool created, CreateDirectory(parent));
    if (created) {
      LANCER_RETURN_IF_ERROR(SyncDirectory(ParentOfPath(parent)));
    }
    if (mkdir(path.c_str(), 0777) == 0) {
      return true;
    }
    error = errno;
  }
  struct stat info {};
  bool exists = stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) {
    return false;  // also where a read-only parent answered EROFS or EACCES
  }
  if (exists) {
    return Status::AlreadyExists(path + ": is a file; a directory was to be created");
  }
  return ErrnoStatus(error, "create this directory", path);
}

Status LocalFileSystem::SyncDirectory(const std::string& path) {
  LANCER_RETURN_IF_ERROR(CheckPath(path));
  FileDescriptor descriptor = OpenDescriptor(path, O_RDONLY | O_DIRECTORY);
  if (!descriptor.valid()) {
    return ErrnoStatus(errno, "open this directory to make its names durable", path);
  }
  CountSync();
  if (RetryOnInterrupt([&] { return fsync(descriptor.get()); }) != 0) {
    return SyncErrnoStatus(errno, "make the names in this directory durable", path);
  }
  return Status::Ok();
}

Result<std::vector<FileInfo>> LocalFileSystem::List(const std::string& path) {
  LANCER_RETURN_IF_ERROR(CheckPath(path));
  DirectoryStream stream(opendir(path.c_str()));
  if (stream == nullptr) {
    return ErrnoStatus(errno, "list this directory", path);
  }
  std::vector<FileInfo> entries;
  while (true) {
    errno = 0;
    const dirent* entry = readdir(stream.get());
    if (entry == nullptr) {
      break;
    }
    std::string name = entry->d_name;
    if (name == "." || name == "..") {
      continue;
    }
    struct stat info {};
    // A link that leads nowhere is listed as itself; an entry removed meanwhile is not.
    if (fstatat(dirfd(stream.get()), name.c_str(), &info, 0) == 0 ||
        fstatat(dirfd(stream.get()), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
      entries.push_back(InfoOf(std::move(name), info));
    } else if (errno != ENOENT) {
      return ErrnoStatus(errno, "ask for its size", path + "/" + name);
    }
  }
  if (errno != 0) {
    return ErrnoStatus(errno, "list this directory", path);
  }
  std::sort(entries.begin(), entries.end(),
            [](const FileInfo& a, const FileInfo& b) { return a.name < b.name; });
  return entries;
}

Result<std::optional<FileInfo>> LocalFileSystem::Stat(const std::string& path) {
  LANCER_RETURN_IF_ERROR(CheckPath(path));
  struct stat info {};
  if (RetryOnInterrupt([&] { return stat(path.c_str(), &info); }) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return std::optional<FileInfo>();
    }
    return ErrnoStatus(errno, "ask whether it exists", path);
  }
  return std::optional<FileInfo>(InfoOf(NameOfPath(path), info));
}

Status LocalFileSystem::Remove(const std::string& path) {
  LANCER_RETURN_IF_ERROR(CheckPath(path));
  return unlink(path.c_str()) == 0 ? Status::Ok()
                                   : ErrnoStatus(errno, "remove this file", path);
}

Status LocalFileSystem::RemoveDirectory(const std::string& path) {
  LANCER_RETURN_IF_ERROR(CheckPath(path));
  return rmdir(path.c_str()) == 0 ? Status::Ok()
                                  : ErrnoStatus(errno, "remove this directory", path);
}

}  // namespace

std::shared_ptr<FileSystem> MakeLocalFileSystem(FileSystemOptions options) {
  return std::make_shared<LocalFileSystem>(std::move(options.counters));
}

}  // namespace lancer
