#include "encoding/simd/predict_kernels.h"

#include <algorithm>
#include <cstdlib>

#include "encoding/byte_order.h"
#include "encoding/simd/clones.h"

namespace lancer::encoding::simd {
namespace {

template <typename T, bool kAdd>
[[gnu::always_inline]] inline void Combine(const std::byte* a, const std::byte* b,
                                           uint64_t count, std::byte* __restrict out) {
  for (uint64_t i = 0; i < count; ++i) {
    const T x = LoadLe<T>(a + i * sizeof(T));
    const T y = LoadLe<T>(b + i * sizeof(T));
    StoreLe<T>(out + i * sizeof(T), static_cast<T>(kAdd ? x + y : x - y));
  }
}

template <bool kAdd>
[[gnu::always_inline]] inline void CombineWidth(const std::byte* a, const std::byte* b,
                                                uint64_t count, uint32_t width,
                                                std::byte* out) {
  switch (width) {
    case 1:
      return Combine<uint8_t, kAdd>(a, b, count, out);
    case 2:
      return Combine<uint16_t, kAdd>(a, b, count, out);
    case 4:
      return Combine<uint32_t, kAdd>(a, b, count, out);
    default:
      return Combine<uint64_t, kAdd>(a, b, count, out);
  }
}

// Of left, above and above left the one that is nearest to left + above - above left;
// ties go to the first of them (Paeth, "Image File Compression Made Easy", 1991).
[[gnu::always_inline]] inline int16_t Predict(int16_t left, int16_t above,
                                              int16_t corner) {
  const int from_left = std::abs(above - corner);
  const int from_above = std::abs(left - corner);
  const int from_corner = std::abs(left + above - 2 * corner);
  // By masks: noise would mispredict branches, and vectors have none.
  const int corner_is_nearer = -static_cast<int>(from_corner < from_above);
  const int other = above ^ ((above ^ corner) & corner_is_nearer);
  const int other_is_nearer =
      -static_cast<int>(std::min(from_above, from_corner) < from_left);
  return static_cast<int16_t>(left ^ ((left ^ other) & other_is_nearer));
}

[[gnu::always_inline]] inline int16_t At(const std::byte* bytes, uint64_t i) {
  return std::to_integer<uint8_t>(bytes[i]);
}

}  // namespace

LANCER_SIMD_CLONES void SubtractNumbers(const std::byte* a, const std::byte* b,
                                        uint64_t count, uint32_t width, std::byte* out) {
  CombineWidth<false>(a, b, count, width, out);
}

LANCER_SIMD_CLONES void AddNumbers(const std::byte* a, const std::byte* b, uint64_t count,
                                   uint32_t width, std::byte* out) {
  CombineWidth<true>(a, b, count, width, out);
}

LANCER_SIMD_CLONES void PaethResiduals(const std::byte* in, uint64_t rows,
                                       uint64_t columns, std::byte* __restrict out) {
  if (rows == 0 || columns == 0) {
    return;
  }
  out[0] = in[0];
  SubtractNumbers(in + 1, in, columns - 1, 1, out + 1);
  for (uint64_t row = 1; row < rows; ++row) {
    const std::byte* above = in + (row - 1) * columns;
    const std::byte* line = above + columns;
    std::byte* to = out + row * columns;
    to[0] = static_cast<std::byte>(At(line, 0) - At(above, 0));
    for (uint64_t x = 1; x < columns; ++x) {
      const int16_t predicted = Predict(At(line, x - 1), At(above, x), At(above, x - 1));
      to[x] = static_cast<std::byte>(At(line, x) - predicted);
    }
  }
}

void PaethRestore(const std::byte* in, uint64_t rows, uint64_t columns,
                  std::byte* __restrict out) {
  if (rows == 0 || columns == 0) {
    return;
  }
  int16_t left = 0;
  for (uint64_t x = 0; x < columns; ++x) {
    left = static_cast<uint8_t>(left + At(in, x));
    out[x] = static_cast<std::byte>(left);
  }
  for (uint64_t row = 1; row < rows; ++row) {
    const std::byte* above = out + (row - 1) * columns;
    const std::byte* from = in + row * columns;
    std::byte* line = out + row * columns;
    int16_t corner = At(above, 0);
    left = static_cast<uint8_t>(corner + At(from, 0));
    line[0] = static_cast<std::byte>(left);
    for (uint64_t x = 1; x < columns; ++x) {
      const int16_t up = At(above, x);
      left = static_cast<uint8_t>(Predict(left, up, corner) + At(from, x));
      line[x] = static_cast<std::byte>(left);
      corner = up;
    }
  }
}

}  // namespace lancer::encoding::simd
