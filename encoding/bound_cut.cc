#include "encoding/bound_cut.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace lancer::encoding {

Bound CutMinimum(std::span<const std::byte> value, size_t most_bytes) {
  Bound bound;
  assert(most_bytes <= bound.bytes.size());
  bound.size = static_cast<uint8_t>(std::min(value.size(), most_bytes));
  bound.exact = value.size() <= most_bytes;
  std::copy_n(value.begin(), bound.size, bound.bytes.begin());
  return bound;
}

std::optional<Bound> CutMaximum(std::span<const std::byte> value, size_t most_bytes) {
  Bound bound = CutMinimum(value, most_bytes);
  if (bound.exact) {
    return bound;
  }
  for (size_t i = most_bytes; i-- > 0;) {
    if (bound.bytes[i] != std::byte{0xFF}) {
      bound.bytes[i] =
          static_cast<std::byte>(std::to_integer<unsigned>(bound.bytes[i]) + 1);
      std::fill(bound.bytes.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                bound.bytes.end(), std::byte{0});
      bound.size = static_cast<uint8_t>(i + 1);
      return bound;
    }
  }
  return std::nullopt;
}

}  // namespace lancer::encoding
