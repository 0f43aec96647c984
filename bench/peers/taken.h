// Taken: the rows that a take returned, one column of Arrow-like memory: values back to
// back, and offsets when their length varies.
//
// Every peer builds (or points into) such memory, so that none is measured with less work
// to do than another. Ownership: `owner` keeps the bytes alive. Thread rule: a plain
// value.
#pragma once

#include <arrow/array.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "lancer/result.h"

namespace lancer::bench {

struct Taken {
  uint64_t rows = 0;
  uint64_t width = 0;  // bytes per row; 0: of any length
  const std::byte* bytes = nullptr;
  const int32_t* offsets32 = nullptr;  // rows + 1 offsets into `bytes`, of either width
  const int64_t* offsets64 = nullptr;
  std::shared_ptr<const void> owner;

  std::span<const std::byte> row(uint64_t i) const {
    if (width != 0) {
      return {bytes + i * width, width};
    }
    const int64_t begin = offsets32 != nullptr ? offsets32[i] : offsets64[i];
    const int64_t end = offsets32 != nullptr ? offsets32[i + 1] : offsets64[i + 1];
    return {bytes + begin, static_cast<size_t>(end - begin)};
  }
};

// Memory for one result: 64-byte aligned, not zeroed.
class TakenMemory {
 public:
  // Values of one width.
  static std::byte* Fixed(uint64_t rows, uint64_t width, Taken* out) {
    std::byte* memory = Allocate(rows * width, out);
    *out = Taken{rows, width, memory, nullptr, nullptr, std::move(out->owner)};
    return memory;
  }
  // Values of any length; `lengths` become offsets. Returns where the bytes go.
  static std::byte* Variable(std::span<const uint32_t> lengths, Taken* out) {
    uint64_t total = 0;
    for (const uint32_t length : lengths) {
      total += length;
    }
    const uint64_t head = ((lengths.size() + 1) * sizeof(int32_t) + 63) / 64 * 64;
    std::byte* memory = Allocate(head + total, out);
    auto* offsets = static_cast<int32_t*>(static_cast<void*>(memory));
    offsets[0] = 0;
    for (size_t i = 0; i < lengths.size(); ++i) {
      offsets[i + 1] = offsets[i] + static_cast<int32_t>(lengths[i]);
    }
    *out =
        Taken{lengths.size(), 0, memory + head, offsets, nullptr, std::move(out->owner)};
    return memory + head;
  }

 private:
  static std::byte* Allocate(uint64_t size, Taken* out) {
    void* memory = std::aligned_alloc(64, (size + 64) / 64 * 64);
    out->owner = std::shared_ptr<void>(memory, std::free);
    return static_cast<std::byte*>(memory);
  }
};

// One chunk of a source column as raw bytes per row: integers, fixed-size lists of
// numbers, strings and binaries without nulls. Shares the chunk's memory.
// Errors: Unsupported for other types and for nulls.
Result<Taken> ViewOf(const std::shared_ptr<arrow::Array>& array);

// The given rows, copied. `width` as in Taken.
Status GatherRows(std::span<const std::span<const std::byte>> rows, uint64_t width,
                  Taken* out);
// The rows at `places` of `source`, copied.
Status Gather(const Taken& source, std::span<const uint64_t> places, Taken* out);

}  // namespace lancer::bench
