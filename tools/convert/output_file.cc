#include "tools/convert/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace lancer::tools {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

Status ErrnoStatus(std::string_view name, std::string_view what) {
  const int error = errno;
  std::string message = fmt::format("{}: {}: {}", name, what, std::strerror(error));
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Status::NotFound(std::move(message));
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Status::ResourceExhausted(std::move(message));
    case EEXIST:
      return Status::AlreadyExists(std::move(message));
    default:
      return Status::IoError(std::move(message));
  }
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

std::string TemporaryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const size_t name = slash == std::string::npos ? 0 : slash + 1;
  return fmt::format("{}.{}.lance-convert", path.substr(0, name), path.substr(name));
}

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& path,
                                                       bool replace) {
  std::unique_ptr<OutputFile> file(new OutputFile());
  file->path_ = path;
  file->replace_ = replace;
  file->name_ = path == "-" ? "standard output" : path;
  if (path == "-") {
    file->descriptor_ = dup(STDOUT_FILENO);
    if (file->descriptor_ < 0) {
      return ErrnoStatus(file->name_, "cannot write");
    }
    return file;
  }
  struct stat info {};
  if (lstat(path.c_str(), &info) == 0) {
    if (!replace) {
      return Status::AlreadyExists(
          path +
          ": exists already; give --mode overwrite to replace it, or another name");
    }
    if (S_ISDIR(info.st_mode)) {
      return Status::InvalidArgument(path + ": is a folder; give the name of a file");
    }
  }
  LANCER_RETURN_IF_ERROR(file->Lock());
  return file;
}

// Opens the temporary file and takes its lock. The file may be unlinked by a run that
// ends between our open and our lock; then its inode has no name and we begin again.
Status OutputFile::Lock() {
  const std::string temporary = TemporaryOf(path_);
  while (true) {
    descriptor_ = open(temporary.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
      return ErrnoStatus(path_, "cannot write here");
    }
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      close(descriptor_);
      descriptor_ = -1;
      return Status::Conflict(path_ + ": another run is writing it; wait for its end");
    }
    struct stat ours {};
    struct stat named {};
    if (fstat(descriptor_, &ours) == 0 && stat(temporary.c_str(), &named) == 0 &&
        ours.st_ino == named.st_ino) {
      break;
    }
    close(descriptor_);
  }
  temporary_ = temporary;
  if (ftruncate(descriptor_, 0) != 0) {
    return ErrnoStatus(path_, "cannot write here");
  }
  return Status::Ok();
}

OutputFile::~OutputFile() {
  if (!committed_ && !temporary_.empty()) {
    unlink(temporary_.c_str());
  }
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

Status OutputFile::Write(std::string_view text) {
  return Write(std::as_bytes(std::span(text.data(), text.size())));
}

Status OutputFile::Write(std::span<const std::byte> bytes) {
  const auto* text = static_cast<const char*>(static_cast<const void*>(bytes.data()));
  buffer_.append(text, bytes.size());
  size_ += bytes.size();
  return buffer_.size() >= kBufferBytes ? Flush() : Status::Ok();
}

Status OutputFile::Flush() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t put = seekable() ? pwrite(descriptor_, left.data(), left.size(),
                                            static_cast<off_t>(flushed_))
                                   : write(descriptor_, left.data(), left.size());
    if (put < 0 && errno != EINTR) {
      return ErrnoStatus(name_, "cannot write");
    }
    const size_t count = put > 0 ? static_cast<size_t>(put) : 0;
    left.remove_prefix(count);
    flushed_ += count;
  }
  buffer_.clear();
  return Status::Ok();
}

Status OutputFile::WriteAt(uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put =
        pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno != EINTR) {
      return ErrnoStatus(name_, "cannot write");
    }
    const size_t count = put > 0 ? static_cast<size_t>(put) : 0;
    bytes = bytes.subspan(count);
    offset += count;
  }
  return Status::Ok();
}

Status OutputFile::Commit() {
  LANCER_RETURN_IF_ERROR(Flush());
  if (seekable()) {
    LANCER_RETURN_IF_ERROR(Publish());
  }
  committed_ = true;
  return Status::Ok();
}

Status OutputFile::Publish() {
  if (fsync(descriptor_) != 0) {
    return ErrnoStatus(name_, "cannot make it durable");
  }
  if (replace_) {
    if (rename(temporary_.c_str(), path_.c_str()) != 0) {
      return ErrnoStatus(name_, "cannot give it its name");
    }
  } else {
    // rename would replace a file that another program has made meanwhile.
    if (link(temporary_.c_str(), path_.c_str()) != 0) {
      return ErrnoStatus(name_, "cannot give it its name");
    }
    unlink(temporary_.c_str());
  }
  const int folder = open(FolderOf(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0 || fsync(folder) != 0) {
    Status status = ErrnoStatus(name_, "cannot make its name durable");
    if (folder >= 0) {
      close(folder);
    }
    return status;
  }
  close(folder);
  return Status::Ok();
}

}  // namespace lancer::tools
