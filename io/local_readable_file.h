// A local file opened for reading: size taken at open, mapped where that is safe.
// Ownership: owns the descriptor and the map; keeps the counters alive.
// Thread rule: safe for concurrent calls.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "io/posix.h"
#include "lancer/counters.h"
#include "lancer/file_system.h"

namespace lancer {

class LocalReadableFile final : public ReadableFile {
 public:
  // Errors: NotFound, InvalidArgument for what is no regular file, IoError.
  static Result<std::shared_ptr<const ReadableFile>> Open(
      const std::string& path, MapMode map, std::shared_ptr<Counters> counters);
  ~LocalReadableFile() override;

  const std::string& path() const override { return path_; }
  uint64_t size() const override { return size_; }
  Status ReadBatch(std::span<const ReadRange> ranges) const override;
  std::span<const std::byte> mapped() const override { return map_; }
  void WillNeed(uint64_t offset, uint64_t size) const override;

 private:
  LocalReadableFile(std::string path, FileDescriptor descriptor, uint64_t size,
                    std::shared_ptr<Counters> counters)
      : path_(std::move(path)),
        descriptor_(std::move(descriptor)),
        size_(size),
        counters_(std::move(counters)) {}
  // Leaves `map_` empty where mapping is refused; reading works all the same.
  void MapIfSafe();

  const std::string path_;
  const FileDescriptor descriptor_;
  const uint64_t size_;
  const std::shared_ptr<Counters> counters_;  // may be null
  std::span<std::byte> map_;  // never written to; madvise and munmap want it mutable
};

}  // namespace lancer
