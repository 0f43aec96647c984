// Parts: the schema and the sections of a file, as they are stored.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "format/column_meta.h"
#include "lancer/result.h"

namespace lancer::format {

enum class PartCodec : uint8_t { kNone = 0, kZstd = 1 };

// Bytes of the file that the footer points to.
struct Part {
  CheckedRange range;     // as stored
  uint64_t raw_size = 0;  // after decompression; range.size without a codec
  PartCodec codec = PartCodec::kNone;
  friend bool operator==(const Part&, const Part&) = default;
};

// Compresses when that saves at least a tenth; `raw_size` and `codec` of `part` are set,
// its range is the caller's. Returns the bytes to store.
std::vector<std::byte> PackPart(std::span<const std::byte> raw, Part* part);
// The inverse. Memory is taken only after `stored` has matched part.range.check.
// Errors: Corruption.
Result<std::vector<std::byte>> UnpackPart(const Part& part,
                                          std::span<const std::byte> stored,
                                          const std::string& where);
// OK, or Corruption with both checksums.
Status CheckBytes(std::span<const std::byte> bytes, uint64_t stored,
                  const std::string& where);

}  // namespace lancer::format
