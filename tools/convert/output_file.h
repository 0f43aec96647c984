// OutputFile: one file being written that gets its name only when it is complete.
//
// The bytes go to `.<name>.lance-convert` beside the output, which an exclusive lock
// guards; Commit makes them durable and gives them the name. A run that was killed leaves
// that one file, and the next run begins it anew. "-" is standard output, whose bytes
// cannot be taken back. Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "io/posix.h"
#include "lancer/result.h"

namespace lancer::tools {

// The file that an output called `path` becomes or replaces: what a symbolic link leads
// to, so that the link stays.
// Errors: InvalidArgument for what is there and is no regular file (a folder, a device, a
// pipe, a link to nothing), which must not be replaced; AlreadyExists for a regular file
// unless `replace`.
Result<std::string> OutputTarget(const std::string& path, bool replace);
// The name beside `path` under which its bytes are collected; the next run for the same
// path takes over what a killed one left there.
std::string TemporaryOf(const std::string& path);

class OutputFile {
 public:
  // `replace`: an existing file of that name is replaced by Commit.
  // Errors: of OutputTarget; NotFound for the folder, IoError, also when another run
  // writes the same output.
  static Result<std::unique_ptr<OutputFile>> Create(const std::string& path,
                                                    bool replace);
  // Without Commit: nothing of this output is left.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const std::string& name() const { return name_; }
  bool seekable() const { return path_ != "-"; }
  // Bytes written so far by Write.
  uint64_t size() const { return size_; }
  Status Write(std::span<const std::byte> bytes);
  Status Write(std::string_view text);
  // REQUIRES: seekable(). May go past what Write has written.
  Status WriteAt(uint64_t offset, std::span<const std::byte> bytes);
  // Hands what Write has taken to the operating system.
  Status Flush();
  // Errors: AlreadyExists when the name was taken meanwhile; Unknown when it may or may
  // not survive a power cut; IoError, ResourceExhausted: nothing is left of it.
  Status Commit();

 private:
  OutputFile() = default;
  Status Lock();
  Status Publish();
  std::string path_;  // as OutputTarget says
  std::string name_;  // as the caller says
  std::string temporary_;
  FileDescriptor descriptor_;
  bool replace_ = false;
  uint64_t size_ = 0;
  uint64_t flushed_ = 0;
  std::string buffer_;
};

}  // namespace lancer::tools
