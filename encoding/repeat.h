// Repeat: writes one value many times.
//
// Ownership: the caller's memory. Thread rule: pure functions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace lancer::encoding {

// Writes `value` at target + i * stride_bytes for each i < n. REQUIRES: stride_bytes is
// at least the value's size; `value` lies outside of what is written.
inline void Repeat(std::span<const std::byte> value, uint64_t n, size_t stride_bytes,
                   std::byte* target) {
  if (value.empty() || n == 0) {
    return;
  }
  std::memcpy(target, value.data(), value.size());
  if (stride_bytes != value.size()) {
    for (uint64_t i = 1; i < n; ++i) {
      std::memcpy(target + i * stride_bytes, value.data(), value.size());
    }
    return;
  }
  // Doubles what is written, so that long runs are a few large copies: of whole values,
  // since each copy begins with the first one.
  constexpr size_t kMaxCopied = size_t{1} << 14;
  const size_t most = std::max(kMaxCopied / stride_bytes, size_t{1}) * stride_bytes;
  const auto total = static_cast<size_t>(n) * stride_bytes;
  for (size_t done = stride_bytes; done < total;) {
    const size_t part = std::min({done, total - done, most});
    std::memcpy(target + done, target, part);
    done += part;
  }
}

}  // namespace lancer::encoding
