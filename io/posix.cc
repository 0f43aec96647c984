#include "io/posix.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

namespace lancer {
namespace {

struct ErrnoAdvice {
  int error;
  StatusCode code;
  std::string_view advice;  // what to do; empty when there is nothing to say
};

constexpr ErrnoAdvice kAdvice[] = {
    {ENOENT, StatusCode::kNotFound, ""},
    {ENOTDIR, StatusCode::kNotFound, "a part of the path is a file, not a directory"},
    {EEXIST, StatusCode::kAlreadyExists, ""},
    {EISDIR, StatusCode::kInvalidArgument, "name a file, not a directory"},
    {ENAMETOOLONG, StatusCode::kInvalidArgument, "choose a shorter name"},
    {ELOOP, StatusCode::kInvalidArgument, "the path holds a loop of symbolic links"},
    {ENOSPC, StatusCode::kResourceExhausted, "free some space (or inodes) and retry"},
    {EDQUOT, StatusCode::kResourceExhausted, "the disk quota is used up"},
    {EFBIG, StatusCode::kResourceExhausted,
     "the file would pass the size limit of the file system or of `ulimit -f`"},
    {EMFILE, StatusCode::kResourceExhausted, "raise the limit of `ulimit -n`"},
    {ENFILE, StatusCode::kResourceExhausted, "the machine has too many open files"},
    {ENOMEM, StatusCode::kResourceExhausted, "the machine is out of memory"},
    {EROFS, StatusCode::kIoError, "the file system is mounted read-only"},
    {EACCES, StatusCode::kIoError, "check the permissions of the path and its parents"},
    {EPERM, StatusCode::kIoError, "the file system or a security policy forbids it"},
    {ENOTEMPTY, StatusCode::kIoError, "the directory is not empty"},
    {EIO, StatusCode::kIoError, "the device failed; see the kernel's log"},
    {ESTALE, StatusCode::kIoError, "the server no longer knows the file; mount it again"},
};

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    Close();
    descriptor_ = other.descriptor_;
    other.descriptor_ = -1;
  }
  return *this;
}

void FileDescriptor::Close() {
  if (descriptor_ >= 0) {
    close(descriptor_);  // never repeated after EINTR: on Linux it is closed already
    descriptor_ = -1;
  }
}

std::string ErrnoText(int error) {
  return std::generic_category().message(error) + " (errno " + std::to_string(error) +
         ")";
}

Status ErrnoStatus(int error, std::string_view action, std::string_view path) {
  std::string message(path);
  message.append(": cannot ").append(action).append(": ").append(ErrnoText(error));
  StatusCode code = StatusCode::kIoError;
  for (const ErrnoAdvice& entry : kAdvice) {
    if (entry.error == error) {
      code = entry.code;
      if (!entry.advice.empty()) {
        message.append("; ").append(entry.advice);
      }
    }
  }
  return Status(code, std::move(message));
}

Status SyncErrnoStatus(int error, std::string_view action, std::string_view path) {
  Status status = ErrnoStatus(error, action, path);
  if (error != EINVAL && error != ENOSYS && error != EOPNOTSUPP) {
    return status;
  }
  return Status::Unsupported(std::string(status.message()) +
                             "; this file system cannot keep a promise over a power cut: "
                             "create the dataset on another one");
}

bool IsCleanRefusal(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOSPC:
    case EDQUOT:
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
    case EMLINK:
    case ENAMETOOLONG:
    case ELOOP:
    case EXDEV:
    case EINVAL:
    case ENOSYS:
    case EOPNOTSUPP:
    case EBADF:
      return true;
    default:
      return false;
  }
}

Status CheckPath(const std::string& path) {
  if (path.empty()) {
    return Status::InvalidArgument("a path is empty; name a file or directory");
  }
  size_t zero = path.find('\0');
  if (zero != std::string::npos) {
    return Status::InvalidArgument(
        path.substr(0, zero) + ": the path has a zero byte at " + std::to_string(zero) +
        ", which no file name can hold");
  }
  return Status::Ok();
}

std::string ParentOfPath(const std::string& path) {
  size_t end = path.find_last_not_of('/');
  if (end == std::string::npos) {
    return path.empty() ? "." : "/";
  }
  size_t slash = path.rfind('/', end);
  if (slash == std::string::npos) {
    return ".";
  }
  size_t parent_end = path.find_last_not_of('/', slash);
  return parent_end == std::string::npos ? "/" : path.substr(0, parent_end + 1);
}

std::string NameOfPath(const std::string& path) {
  size_t end = path.find_last_not_of('/');
  if (end == std::string::npos) {
    return path.empty() ? "" : "/";
  }
  size_t slash = path.rfind('/', end);
  size_t begin = slash == std::string::npos ? 0 : slash + 1;
  return path.substr(begin, end + 1 - begin);
}

FileDescriptor OpenDescriptor(const std::string& path, int flags, unsigned mode) {
  return FileDescriptor(
      RetryOnInterrupt([&] { return open(path.c_str(), flags | O_CLOEXEC, mode); }));
}

int WriteAll(int descriptor, std::span<const std::byte> bytes) {
  constexpr size_t kMaxPerCall = size_t{1} << 30;  // the kernel takes just under 2 GiB
  while (!bytes.empty()) {
    size_t want = std::min(bytes.size(), kMaxPerCall);
    ssize_t done =
        RetryOnInterrupt([&] { return write(descriptor, bytes.data(), want); });
    if (done < 0) {
      return errno;
    }
    if (done == 0) {
      return EIO;  // a regular file that takes nothing will not take more later
    }
    bytes = bytes.subspan(static_cast<size_t>(done));
  }
  return 0;
}

}  // namespace lancer
