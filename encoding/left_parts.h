// Left parts: the few beginnings that most floats of a run share, and where to cut.
//
// Ownership: the caller's memory. Thread rule: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace lancer::encoding {

inline constexpr unsigned kMaxLeftBits = 16;
inline constexpr unsigned kMaxLeftParts = 8;

struct LeftParts {
  unsigned right_bits = 0;  // a left part is the bits of a value above these
  unsigned count = 0;       // of parts, 1 to 8
  std::array<uint16_t, kMaxLeftParts> parts{};  // the most frequent one first
};

// The cut and the parts under which alp_rd stores `count` floats of `width` = 4 or 8
// bytes in the fewest bytes, judged by a sample of them.
LeftParts ChooseLeftParts(unsigned width, const std::byte* in, uint64_t count);

}  // namespace lancer::encoding
