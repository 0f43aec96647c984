// InputFile: bytes of one input, from a file or from standard input.
//
// Standard input ("-") is copied to a temporary file without a name first, so that every
// reader may seek and read twice. Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "io/posix.h"
#include "lancer/cancel.h"
#include "lancer/result.h"

namespace lancer::tools {

class InputFile {
 public:
  // Waits for the end of standard input; `cancel` ends that.
  // Errors: NotFound, InvalidArgument for a folder, IoError, Cancelled.
  static Result<std::unique_ptr<InputFile>> Open(const std::string& path,
                                                 const CancelToken& cancel = {});
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // For messages: the path, or "standard input".
  const std::string& name() const { return name_; }
  // A path that opens the same bytes while this object lives, for readers that want one.
  std::string path() const;
  // Size in bytes when it was opened.
  uint64_t size() const { return size_; }
  // The next bytes in order; fewer than asked only at the end.
  Result<size_t> Read(std::span<std::byte> out);
  // Exactly out.size() bytes. Errors: Corruption when the file ends before.
  Status ReadAt(uint64_t offset, std::span<std::byte> out) const;
  void Rewind() { position_ = 0; }

 private:
  InputFile(std::string name, FileDescriptor descriptor, uint64_t size)
      : name_(std::move(name)), descriptor_(std::move(descriptor)), size_(size) {}
  std::string name_;
  FileDescriptor descriptor_;
  uint64_t size_;
  uint64_t position_ = 0;
};

// Text lines of an InputFile with their numbers.
class LineReader {
 public:
  // Lines of more than `max_line_bytes` are refused, so that memory stays bounded.
  LineReader(InputFile* file, size_t max_line_bytes);

  // The next line without its line end ("\n" or "\r\n"); false at the end of the file. A
  // byte order mark before the first line is left out. `*line` lives until the next call.
  Result<bool> Next(std::string_view* line);
  // Number of the line given last, from 1.
  uint64_t line_number() const { return line_number_; }
  // The line end of the line given last: "\n", "\r\n", or "" at the end of the file.
  std::string_view line_end() const { return line_end_; }
  void Rewind();

 private:
  Result<bool> Fill();
  InputFile* file_;
  size_t max_line_bytes_;
  std::string buffer_;
  size_t begin_ = 0;  // of what was not given yet
  bool at_end_ = false;
  uint64_t line_number_ = 0;
  std::string_view line_end_;
};

}  // namespace lancer::tools
