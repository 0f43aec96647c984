#include "io/local_staged_file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace lancer {
namespace {

constexpr size_t kPendingLimit = size_t{64} << 10;  // appends up to this are gathered
constexpr size_t kCopyChunk = size_t{1} << 20;
constexpr unsigned kFileMode = 0666;  // less the umask

// Where open(O_TMPFILE) says that there is no such thing here: EISDIR comes from kernels
// and file systems that do not know the flag.
bool IsTmpfileRefusal(int error) {
  return error == EOPNOTSUPP || error == EISDIR || error == EINVAL || error == ENOSYS;
}

// Where link or renameat2 says that it does not exist here, rather than "not this one".
bool IsMethodRefusal(int error) {
  return error == EPERM || error == EOPNOTSUPP || error == ENOSYS || error == EINVAL ||
         error == EMLINK;
}

bool CanLinkDescriptors() {
  static const bool proc_is_mounted = access("/proc/self/fd", X_OK) == 0;
  return proc_is_mounted;
}

FileDescriptor OpenNamed(const std::string& path) {
  FileDescriptor descriptor = OpenDescriptor(path, O_RDWR | O_CREAT | O_EXCL, kFileMode);
  if (!descriptor.valid() && errno == ENOENT) {
    std::string parent = ParentOfPath(path);
    if (mkdir(parent.c_str(), 0777) == 0 || errno == EEXIST) {
      descriptor = OpenDescriptor(path, O_RDWR | O_CREAT | O_EXCL, kFileMode);
    }
  }
  return descriptor;
}

Result<PublishOutcome> OutcomeOfErrno(int error, std::string_view action,
                                      const std::string& path) {
  if (error == EEXIST) {
    return PublishOutcome::kExists;
  }
  if (IsCleanRefusal(error)) {
    return ErrnoStatus(error, action, path);
  }
  return PublishOutcome::kUnknown;
}

}  // namespace

LocalStagedFile::LocalStagedFile(FileDescriptor descriptor, std::string directory,
                                 std::string temporary_path, bool named,
                                 StagingMethods methods,
                                 std::shared_ptr<Counters> counters)
    : descriptor_(std::move(descriptor)),
      directory_(std::move(directory)),
      temporary_path_(std::move(temporary_path)),
      named_(named),
      methods_(methods),
      counters_(std::move(counters)) {}

Result<std::unique_ptr<StagedFile>> LocalStagedFile::Open(
    const std::string& directory, const std::string& temporary_path,
    StagingMethods methods, std::shared_ptr<Counters> counters) {
  FileDescriptor descriptor;
  bool named = false;
  if (methods.anonymous && methods.link && CanLinkDescriptors()) {
    descriptor = OpenDescriptor(directory, O_TMPFILE | O_RDWR, kFileMode);
    if (!descriptor.valid() && !IsTmpfileRefusal(errno)) {
      return ErrnoStatus(errno, "create a file in this directory", directory);
    }
  }
  if (!descriptor.valid()) {
    struct stat info {};
    if (stat(directory.c_str(), &info) != 0) {
      return ErrnoStatus(errno, "create a file in this directory", directory);
    }
    descriptor = OpenNamed(temporary_path);
    if (!descriptor.valid()) {
      return ErrnoStatus(errno, "create this temporary file", temporary_path);
    }
    named = true;
  }
  return std::unique_ptr<StagedFile>(new LocalStagedFile(std::move(descriptor), directory,
                                                         temporary_path, named, methods,
                                                         std::move(counters)));
}

LocalStagedFile::~LocalStagedFile() {
  if (named_) {
    unlink(temporary_path_.c_str());
  }
}

Status LocalStagedFile::Poison(Status why) {
  poison_ = why;
  return why;
}

Status LocalStagedFile::CheckUsable() const {
  if (published_) {
    return Status::InvalidArgument(DisplayPath() +
                                   ": the file was published and cannot change any more");
  }
  return poison_;
}

Status LocalStagedFile::Append(std::span<const std::byte> bytes) {
  LANCER_RETURN_IF_ERROR(CheckUsable());
  synced_ = false;
  size_ += bytes.size();
  if (pending_.size() + bytes.size() <= kPendingLimit) {
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    return Status::Ok();
  }
  LANCER_RETURN_IF_ERROR(Flush());
  if (int error = WriteAll(descriptor_.get(), bytes); error != 0) {
    return Poison(ErrnoStatus(error, "write", DisplayPath()));
  }
  return Status::Ok();
}

Status LocalStagedFile::Flush() {
  if (int error = WriteAll(descriptor_.get(), pending_); error != 0) {
    return Poison(ErrnoStatus(error, "write", DisplayPath()));
  }
  pending_.clear();
  return Status::Ok();
}

Status LocalStagedFile::Sync() {
  LANCER_RETURN_IF_ERROR(CheckUsable());
  LANCER_RETURN_IF_ERROR(Flush());
  if (counters_ != nullptr) {
    Counters::Add(counters_->syncs, 1);
  }
  // After a failure the kernel may have dropped the bytes and marked them clean, so a
  // second fsync would say "done". Hence the poison.
  if (RetryOnInterrupt([&] { return fsync(descriptor_.get()); }) != 0) {
    return Poison(SyncErrnoStatus(errno, "make the bytes durable", DisplayPath()));
  }
  synced_ = true;
  return Status::Ok();
}

Status LocalStagedFile::CheckSynced(const std::string& path) const {
  LANCER_RETURN_IF_ERROR(CheckUsable());
  LANCER_RETURN_IF_ERROR(CheckPath(path));
  if (!synced_) {
    return Status::Internal(path + ": publish was called before the bytes were synced");
  }
  return Status::Ok();
}

int LocalStagedFile::LinkTo(const std::string& path) {
  // Not repeated after EINTR: the link may have happened.
  int result;
  if (named_) {
    result = link(temporary_path_.c_str(), path.c_str());
  } else {
    std::string source = "/proc/self/fd/" + std::to_string(descriptor_.get());
    result = linkat(AT_FDCWD, source.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW);
  }
  return result == 0 ? 0 : errno;
}

Result<PublishOutcome> LocalStagedFile::Publish(const std::string& path) {
  LANCER_RETURN_IF_ERROR(CheckSynced(path));
  int error = methods_.link ? LinkTo(path) : EOPNOTSUPP;
  if (error == 0) {
    published_ = true;
    return PublishOutcome::kCreated;
  }
  if (IsMethodRefusal(error) && methods_.rename) {
    return RenameTo(path);
  }
  return OutcomeOfErrno(error, "link a finished file under this name", path);
}

Result<PublishOutcome> LocalStagedFile::RenameTo(const std::string& path) {
  LANCER_RETURN_IF_ERROR(MakeNamed());
  if (renameat2(AT_FDCWD, temporary_path_.c_str(), AT_FDCWD, path.c_str(),
                RENAME_NOREPLACE) == 0) {
    named_ = false;
    published_ = true;
    return PublishOutcome::kCreated;
  }
  int error = errno;
  if (IsMethodRefusal(error)) {
    return Status::Unsupported(
        path +
        ": this file system can neither link nor rename a file without replacing (" +
        ErrnoText(error) + "); create the dataset on another one");
  }
  return OutcomeOfErrno(error, "rename a finished file to this name", path);
}

Status LocalStagedFile::MakeNamed() {
  if (named_) {
    return Status::Ok();
  }
  FileDescriptor copy = OpenNamed(temporary_path_);
  if (!copy.valid()) {
    return ErrnoStatus(errno, "create this temporary file", temporary_path_);
  }
  named_ = true;
  LANCER_RETURN_IF_ERROR(CopyInto(copy.get(), temporary_path_));
  LANCER_RETURN_IF_ERROR(SyncCopy(copy.get(), temporary_path_));
  descriptor_ = std::move(copy);
  return Status::Ok();
}

Status LocalStagedFile::CopyInto(int descriptor, const std::string& path) {
  std::vector<std::byte> chunk(
      static_cast<size_t>(std::min<uint64_t>(size_, kCopyChunk)));
  uint64_t offset = 0;
  while (offset < size_) {
    ssize_t got = RetryOnInterrupt([&] {
      return pread(descriptor_.get(), chunk.data(), chunk.size(),
                   static_cast<off_t>(offset));
    });
    if (got <= 0) {
      return Poison(ErrnoStatus(got < 0 ? errno : EIO, "read it back", DisplayPath()));
    }
    auto count = static_cast<size_t>(got);
    if (int error = WriteAll(descriptor, std::span(chunk).first(count)); error != 0) {
      return Poison(ErrnoStatus(error, "write", path));
    }
    offset += count;
  }
  return Status::Ok();
}

Status LocalStagedFile::SyncCopy(int descriptor, const std::string& path) {
  if (counters_ != nullptr) {
    Counters::Add(counters_->syncs, 1);
  }
  if (RetryOnInterrupt([&] { return fsync(descriptor); }) != 0) {
    return Poison(SyncErrnoStatus(errno, "make the bytes durable", path));
  }
  return Status::Ok();
}

Result<PublishOutcome> LocalStagedFile::PublishExclusive(const std::string& path) {
  LANCER_RETURN_IF_ERROR(CheckSynced(path));
  FileDescriptor target = OpenDescriptor(path, O_RDWR | O_CREAT | O_EXCL, kFileMode);
  if (!target.valid()) {
    return OutcomeOfErrno(errno, "create this file", path);
  }
  if (Status copied = CopyInto(target.get(), path); !copied.ok()) {
    // The name is ours, and torn bytes are nobody's file: whatever is published ends in a
    // check of itself. Left there, they would take the place of a version for ever.
    return unlink(path.c_str()) == 0 ? Result<PublishOutcome>(copied)
                                     : Result<PublishOutcome>(PublishOutcome::kUnknown);
  }
  if (!SyncCopy(target.get(), path).ok()) {
    return PublishOutcome::kUnknown;  // the name exists, and readers may have taken it
  }
  published_ = true;
  return PublishOutcome::kCreated;
}

}  // namespace lancer
