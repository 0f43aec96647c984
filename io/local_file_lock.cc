#include "io/local_file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
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

}  // namespace

Result<std::unique_ptr<FileLock>> LockLocalFile(const std::string& path) {
  FileDescriptor descriptor = OpenDescriptor(path, O_RDWR | O_CREAT, 0666);
  if (!descriptor.valid()) {
    return ErrnoStatus(errno, "open it for locking", path);
  }
  struct flock range = WholeFile(F_WRLCK);
  bool by_description = true;
  int result =
      RetryOnInterrupt([&] { return fcntl(descriptor.get(), F_OFD_SETLKW, &range); });
  if (result != 0 && (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)) {
    by_description = false;
    result = RetryOnInterrupt([&] { return flock(descriptor.get(), LOCK_EX); });
  }
  if (result != 0) {
    return ErrnoStatus(errno, "lock it", path);
  }
  return std::unique_ptr<FileLock>(
      std::make_unique<LocalFileLock>(std::move(descriptor), by_description));
}

}  // namespace lancer
