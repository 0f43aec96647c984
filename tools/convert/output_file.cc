#include "tools/convert/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace lancer::tools {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

}  // namespace

std::string TemporaryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const size_t name = slash == std::string::npos ? 0 : slash + 1;
  return fmt::format("{}.{}.lance-convert", path.substr(0, name), path.substr(name));
}

Result<std::string> OutputTarget(const std::string& path, bool replace) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) {
    return path;
  }
  std::string target = path;
  if (S_ISLNK(info.st_mode)) {
    std::error_code error;
    target = std::filesystem::canonical(path, error).string();
    if (error || stat(target.c_str(), &info) != 0) {
      return Status::InvalidArgument(
          path + ": is a symbolic link to nothing; remove it, or give another name");
    }
  }
  if (S_ISDIR(info.st_mode)) {
    return Status::InvalidArgument(path + ": is a folder; give the name of a file");
  }
  if (!S_ISREG(info.st_mode)) {
    return Status::InvalidArgument(
        path +
        ": is a device or a pipe, which no file can replace; give - and redirect "
        "standard output to it");
  }
  if (!replace) {
    return Status::AlreadyExists(
        path + ": exists already; give --mode overwrite to replace it, or another name");
  }
  return target;
}

Result<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& path,
                                                       bool replace) {
  std::unique_ptr<OutputFile> file(new OutputFile());
  file->path_ = path;
  file->replace_ = replace;
  file->name_ = path == "-" ? "standard output" : path;
  if (path == "-") {
    file->descriptor_ = FileDescriptor(dup(STDOUT_FILENO));
    if (!file->descriptor_.valid()) {
      return ErrnoStatus(errno, "write", file->name_);
    }
    return file;
  }
  LANCER_ASSIGN_OR_RETURN(file->path_, OutputTarget(path, replace));
  LANCER_RETURN_IF_ERROR(file->Lock());
  return file;
}

// Opens the temporary file and takes its lock. The file may be unlinked by a run that
// ends between our open and our lock; then its inode has no name and we begin again.
Status OutputFile::Lock() {
  const std::string temporary = TemporaryOf(path_);
  while (true) {
    descriptor_ = OpenDescriptor(temporary, O_RDWR | O_CREAT, 0666);
    if (!descriptor_.valid()) {
      return errno == ENOENT ? Status::NotFound(fmt::format(
                                   "{}: its folder {} does not exist; make it first",
                                   name_, ParentOfPath(path_)))
                             : ErrnoStatus(errno, "write here", name_);
    }
    if (flock(descriptor_.get(), LOCK_EX | LOCK_NB) != 0) {
      descriptor_.Close();
      return Status::IoError(name_ + ": another run is writing it; wait for its end");
    }
    struct stat ours {};
    struct stat named {};
    if (fstat(descriptor_.get(), &ours) == 0 && stat(temporary.c_str(), &named) == 0 &&
        ours.st_ino == named.st_ino) {
      break;
    }
  }
  temporary_ = temporary;
  if (ftruncate(descriptor_.get(), 0) != 0) {
    return ErrnoStatus(errno, "write here", name_);
  }
  return Status::Ok();
}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) {
    unlink(temporary_.c_str());
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
  const auto bytes = std::as_bytes(std::span(buffer_));
  if (seekable()) {
    LANCER_RETURN_IF_ERROR(WriteAt(flushed_, bytes));
  } else if (const int error = WriteAll(descriptor_.get(), bytes); error != 0) {
    return ErrnoStatus(error, "write", name_);
  }
  flushed_ += bytes.size();
  buffer_.clear();
  return Status::Ok();
}

Status OutputFile::WriteAt(uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = RetryOnInterrupt([&] {
      return pwrite(descriptor_.get(), bytes.data(), bytes.size(),
                    static_cast<off_t>(offset));
    });
    if (put < 0) {
      return ErrnoStatus(errno, "write", name_);
    }
    bytes = bytes.subspan(static_cast<size_t>(put));
    offset += static_cast<uint64_t>(put);
  }
  return Status::Ok();
}

Status OutputFile::Commit() {
  LANCER_RETURN_IF_ERROR(Flush());
  return seekable() ? Publish() : Status::Ok();
}

// Not by io/publish.h, which never replaces a file and whose staged files have no name
// that could keep a second run out. The outcomes are told apart in the same way.
Status OutputFile::Publish() {
  if (fsync(descriptor_.get()) != 0) {
    return ErrnoStatus(errno, "make it durable", name_);
  }
  // link does not replace a file that another program has made meanwhile.
  const int outcome = replace_ ? rename(temporary_.c_str(), path_.c_str())
                               : link(temporary_.c_str(), path_.c_str());
  if (outcome != 0) {
    const int error = errno;
    const bool nothing_done = error == EEXIST || IsCleanRefusal(error);
    Status status = ErrnoStatus(error, "give it its name", name_);
    return nothing_done ? status
                        : Status::Unknown(std::string(status.message()) +
                                          "; look whether it is there");
  }
  if (!replace_) {
    unlink(temporary_.c_str());
  }
  temporary_.clear();  // another run may use the name from here on
  const FileDescriptor folder =
      OpenDescriptor(ParentOfPath(path_), O_RDONLY | O_DIRECTORY);
  if (!folder.valid() || fsync(folder.get()) != 0) {
    const Status status = ErrnoStatus(errno, "make its name durable", name_);
    return Status::Unknown(std::string(status.message()) +
                           "; it is complete, but a power cut may take its name away");
  }
  return Status::Ok();
}

}  // namespace lancer::tools
