// FileBytes: ranges of an open file, from memory where they are there (a mapped file, or
// what opening has read of its end), else by a read.
//
// Ownership: shares the file and what is kept of its end. Thread rule: safe for
// concurrent const calls; Keep comes before them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "lancer/buffer.h"
#include "lancer/file_system.h"

namespace lancer::format {

class FileBytes {
 public:
  explicit FileBytes(std::shared_ptr<const ReadableFile> file) : file_(std::move(file)) {}

  const std::shared_ptr<const ReadableFile>& file() const { return file_; }
  // Keeps the bytes at `offset` in memory.
  void Keep(uint64_t offset, BufferPtr bytes);
  uint64_t kept_bytes() const { return kept_ ? kept_->size() : 0; }

  // The range, when it is in memory; lives as long as this object. No I/O.
  std::optional<std::span<const std::byte>> Find(uint64_t offset, uint64_t size) const;
  // The range from memory, or read. The bytes are 8-byte aligned where `offset` is.
  // Errors: Corruption for a range beyond the file; those of the file system.
  Result<BufferPtr> Read(uint64_t offset, uint64_t size) const;
  // A copy of the range, read even where the file is mapped: to map pages of memory for
  // bytes that are looked at once costs more than to read them. Errors: as Read.
  Result<std::vector<std::byte>> Copy(uint64_t offset, uint64_t size) const;

 private:
  Status CheckRange(uint64_t offset, uint64_t size) const;

  std::shared_ptr<const ReadableFile> file_;
  uint64_t kept_offset_ = 0;
  BufferPtr kept_;
};

}  // namespace lancer::format
