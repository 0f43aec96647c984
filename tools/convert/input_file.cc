#include "tools/convert/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>
#include <vector>

namespace lancer::tools {
namespace {

constexpr size_t kChunkBytes = 1 << 20;
// A signal that comes just before a wait begins does not end it, so waits are short.
constexpr int kWaitMilliseconds = 200;

// Returns when standard input has bytes, an end or an error. Errors: Cancelled.
Status AwaitStandardInput(const CancelToken& cancel) {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  while (true) {
    LANCER_RETURN_IF_ERROR(cancel.Check());
    const int ready = poll(&input, 1, kWaitMilliseconds);
    if (ready > 0 || (ready < 0 && errno != EINTR)) {
      return Status::Ok();  // read tells which
    }
  }
}

// Copies standard input to a file that vanishes with its descriptor.
Result<FileDescriptor> SpoolStandardInput(std::string_view name,
                                          const CancelToken& cancel) {
  const char* folder = std::getenv("TMPDIR");
  std::string path = std::string(folder != nullptr ? folder : "/tmp");
  path += "/lance-convert-XXXXXX";
  FileDescriptor copy(mkstemp(path.data()));
  if (!copy.valid()) {
    return ErrnoStatus(errno, "make a temporary copy (TMPDIR names its folder)", path);
  }
  unlink(path.c_str());
  std::vector<std::byte> chunk(kChunkBytes);
  while (true) {
    LANCER_RETURN_IF_ERROR(AwaitStandardInput(cancel));
    const ssize_t got =
        RetryOnInterrupt([&] { return read(STDIN_FILENO, chunk.data(), chunk.size()); });
    if (got < 0) {
      return ErrnoStatus(errno, "read", name);
    }
    if (got == 0) {
      return copy;
    }
    const auto bytes = std::span(chunk).first(static_cast<size_t>(got));
    if (const int error = WriteAll(copy.get(), bytes); error != 0) {
      return ErrnoStatus(error, "keep a temporary copy (TMPDIR names its folder)", name);
    }
  }
}

}  // namespace

Result<std::unique_ptr<InputFile>> InputFile::Open(const std::string& path,
                                                   const CancelToken& cancel) {
  const bool standard_input = path == "-";
  const std::string name = standard_input ? "standard input" : path;
  FileDescriptor descriptor;
  if (standard_input) {
    LANCER_ASSIGN_OR_RETURN(descriptor, SpoolStandardInput(name, cancel));
  } else if (descriptor = OpenDescriptor(path, O_RDONLY); !descriptor.valid()) {
    return ErrnoStatus(errno, "open", name);
  }
  struct stat info {};
  if (fstat(descriptor.get(), &info) != 0) {
    return ErrnoStatus(errno, "look at", name);
  }
  if (!S_ISREG(info.st_mode)) {
    return Status::InvalidArgument(
        name + ": is not a regular file; give a file, or `-` for standard input");
  }
  return std::unique_ptr<InputFile>(
      new InputFile(name, std::move(descriptor), static_cast<uint64_t>(info.st_size)));
}

std::string InputFile::path() const {
  return fmt::format("/dev/fd/{}", descriptor_.get());
}

Result<size_t> InputFile::Read(std::span<std::byte> out) {
  const uint64_t left = size_ - std::min(position_, size_);
  const size_t count = static_cast<size_t>(std::min<uint64_t>(left, out.size()));
  LANCER_RETURN_IF_ERROR(ReadAt(position_, out.first(count)));
  position_ += count;
  return count;
}

Status InputFile::ReadAt(uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const ssize_t got =
        pread(descriptor_.get(), out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno != EINTR) {
      return ErrnoStatus(errno, "read", name_);
    }
    if (got == 0) {
      return Status::Corruption(fmt::format("{}: ends at byte {}, {} more expected",
                                            name_, offset, out.size()));
    }
    const size_t count = got > 0 ? static_cast<size_t>(got) : 0;
    out = out.subspan(count);
    offset += count;
  }
  return Status::Ok();
}

LineReader::LineReader(InputFile* file, size_t max_line_bytes)
    : file_(file), max_line_bytes_(max_line_bytes) {}

void LineReader::Rewind() {
  file_->Rewind();
  buffer_.clear();
  begin_ = 0;
  at_end_ = false;
  line_number_ = 0;
  line_end_ = {};
}

// Puts more bytes behind those not given yet; false at the end of the file.
Result<bool> LineReader::Fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  const size_t before = buffer_.size();
  buffer_.resize(before + kChunkBytes);
  auto free_bytes = std::as_writable_bytes(std::span(buffer_)).subspan(before);
  LANCER_ASSIGN_OR_RETURN(size_t got, file_->Read(free_bytes));
  buffer_.resize(before + got);
  at_end_ = got == 0;
  return !at_end_;
}

Result<bool> LineReader::Next(std::string_view* line) {
  size_t searched = 0;  // bytes behind begin_ known to hold no line end
  size_t end = std::string::npos;
  while (true) {
    end = buffer_.find('\n', begin_ + searched);
    if (end != std::string::npos || at_end_) {
      break;
    }
    searched = buffer_.size() - begin_;
    if (searched > max_line_bytes_) {
      return Status::InvalidArgument(
          fmt::format("{}: line {}: longer than {} MiB; split it", file_->name(),
                      line_number_ + 1, max_line_bytes_ >> 20));
    }
    LANCER_RETURN_IF_ERROR(Fill().status());
  }
  if (end == std::string::npos && begin_ == buffer_.size()) {
    return false;
  }
  const bool has_end = end != std::string::npos;
  std::string_view text =
      std::string_view(buffer_).substr(begin_, (has_end ? end : buffer_.size()) - begin_);
  begin_ = has_end ? end + 1 : buffer_.size();
  line_end_ = has_end ? "\n" : "";
  if (has_end && text.ends_with('\r')) {
    text.remove_suffix(1);
    line_end_ = "\r\n";
  }
  if (line_number_ == 0 && text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  ++line_number_;
  *line = text;
  return true;
}

}  // namespace lancer::tools
