#include "format/page_input.h"

#include <algorithm>

#include "types/bitmap.h"

namespace lancer::format {

double PageInput::MeanLength() const {
  const uint64_t valid = statistics.count - statistics.null_count;
  return static_cast<double>(statistics.total_bytes) /
         static_cast<double>(std::max<uint64_t>(valid, 1));
}

double PageInput::ValuesPerRow() const {
  return static_cast<double>(values.count) /
         static_cast<double>(std::max<uint64_t>(buffer.rows, 1));
}

double PageInput::PlainBytesPerValue() const {
  switch (shape.type.kind) {
    case encoding::PhysicalKind::kBits:
      return 1.0 / 8;
    case encoding::PhysicalKind::kFixed:
      return shape.type.width;
    case encoding::PhysicalKind::kBytes:
      return MeanLength() + 4;
  }
  return 0;
}

encoding::Values SliceValues(const encoding::Values& values, uint64_t first, uint64_t n,
                             std::vector<std::byte>* shifted) {
  encoding::Values slice{values.type, n, values.data, {}, nullptr, values.tensor};
  switch (values.type.kind) {
    case encoding::PhysicalKind::kBits:
      if (first % 8 == 0) {
        slice.data = values.data.subspan(static_cast<size_t>(first / 8));
        break;
      }
      shifted->assign(static_cast<size_t>(n / 8 + 1), std::byte{0});
      CopyBits(values.data.data(), static_cast<int64_t>(first), shifted->data(), 0,
               static_cast<int64_t>(n));
      slice.data = *shifted;
      break;
    case encoding::PhysicalKind::kFixed:
      slice.data = values.data.subspan(static_cast<size_t>(first * values.type.width),
                                       static_cast<size_t>(n * values.type.width));
      break;
    case encoding::PhysicalKind::kBytes:
      slice.offsets =
          values.offsets.subspan(static_cast<size_t>(first), static_cast<size_t>(n + 1));
      break;
  }
  return slice;
}

}  // namespace lancer::format
