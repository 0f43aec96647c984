#include "encoding/values.h"

#include <cassert>

namespace lancer::encoding {

Values Values::Slice(uint64_t first, uint64_t n) const {
  assert(first <= count && n <= count - first);
  Values slice = *this;
  slice.count = n;
  switch (type.kind) {
    case PhysicalKind::kBits:
      assert(first % 8 == 0);
      slice.data =
          data.subspan(static_cast<size_t>(first / 8), static_cast<size_t>((n + 7) / 8));
      break;
    case PhysicalKind::kFixed:
      slice.data = data.subspan(static_cast<size_t>(first * type.width),
                                static_cast<size_t>(n * type.width));
      break;
    case PhysicalKind::kBytes:
      slice.offsets =
          offsets.subspan(static_cast<size_t>(first), static_cast<size_t>(n + 1));
      break;
  }
  if (validity != nullptr) {
    assert(first % 8 == 0);
    slice.validity = validity + first / 8;
  }
  return slice;
}

}  // namespace lancer::encoding
