#include "io/local_file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/posix.h"

namespace lancer {
namespace {

// A lock of the open file description over the whole file.
struct flock WholeFile(short type) {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  return range;
}

class LocalFileLock final : public FileLock {
 public:
  LocalFileLock(FileDescriptor descriptor, bool by_description)
      : descriptor_(std::move(descriptor)), by_description_(by_description) {}

  // Lets go by name, not only by closing: a forked child may hold a copy of the
  // descriptor. That child must not let go on behalf of its parent.
  ~LocalFileLock() override {
    if (getpid() != process_) {
      return;
    }
    if (by_description_) {
      struct flock range = WholeFile(F_UNLCK);
      fcntl(descriptor_.get(), F_OFD_SETLK, &range);
    } else {
      flock(descriptor_.get(), LOCK_UN);
    }
  }

 private:
  FileDescriptor descriptor_;
  const bool by_description_;
  const pid_t process_ = getpid();
};

// The lock of an open file; null: another holder has it, and `wait` is false.
Result<std::unique_ptr<FileLock>> LockDescriptor(FileDescriptor descriptor,
                                                 const std::string& path, bool wait) {
  if (!descriptor.valid()) {
    return ErrnoStatus(errno, "open it for locking", path);
  }
  struct flock range = WholeFile(F_WRLCK);
  bool by_description = true;
  int result = RetryOnInterrupt(
      [&] { return fcntl(descriptor.get(), wait ? F_OFD_SETLKW : F_OFD_SETLK, &range); });
  if (result != 0 && (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)) {
    by_description = false;
    result = RetryOnInterrupt(
        [&] { return flock(descriptor.get(), wait ? LOCK_EX : LOCK_EX | LOCK_NB); });
  }
  if (result != 0 && !wait && (errno == EAGAIN || errno == EACCES)) {
    return std::unique_ptr<FileLock>();
  }
  if (result != 0) {
    return ErrnoStatus(errno, "lock it", path);
  }
  return std::unique_ptr<FileLock>(
      std::make_unique<LocalFileLock>(std::move(descriptor), by_description));
}

}  // namespace

Result<std::unique_ptr<FileLock>> LockLocalFile(const std::string& path) {
  return LockDescriptor(OpenDescriptor(path, O_RDWR | O_CREAT, 0666), path,
                        /*wait=*/true);
}

Result<std::unique_ptr<FileLock>> TryLockLocalFile(const std::string& path) {
  FileDescriptor descriptor = OpenDescriptor(path, O_RDWR);
  struct stat opened {};
  if (descriptor.valid() && fstat(descriptor.get(), &opened) != 0) {
    return ErrnoStatus(errno, "ask which file it is", path);
  }
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<FileLock> lock,
                          LockDescriptor(std::move(descriptor), path, /*wait=*/false));
  if (lock == nullptr) {
    return lock;
  }
  // Its holder before us may have removed it.
  struct stat named {};
  if (RetryOnInterrupt([&] { return stat(path.c_str(), &named); }) != 0) {
    return ErrnoStatus(errno, "ask which file it is", path);
  }
  if (named.st_dev != opened.st_dev || named.st_ino != opened.st_ino) {
    return Status::NotFound(path + ": was removed before it could be locked");
  }
  return lock;
}

}  // namespace lancer
