#include "encoding/simd/pack_kernels.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace lancer::encoding {
namespace {

TEST(PackKernels, VectorCodeEqualsPortableCodeAtOddAddresses) {
  std::mt19937_64 random(3);
  for (unsigned width = 1; width <= 64; ++width) {
    std::vector<std::byte> packed(128 * width + 3);
    for (std::byte& byte : packed) {
      byte = static_cast<std::byte>(random());
    }
    std::vector<std::byte> vector_out(1024 * 8 + 1);
    std::vector<std::byte> portable_out(1024 * 8 + 1);
    simd::UnpackChunks64(packed.data() + 3, 1, width, 99, vector_out.data() + 1);
    simd::UnpackChunk64Portable(packed.data() + 3, width, 99, portable_out.data() + 1);
    ASSERT_EQ(vector_out, portable_out) << "width " << width;
    std::vector<std::byte> again(128 * width);
    simd::PackChunks64(vector_out.data() + 1, 1, width, 99, again.data());
    ASSERT_TRUE(std::equal(again.begin(), again.end(), packed.begin() + 3));
  }
}

}  // namespace
}  // namespace lancer::encoding
