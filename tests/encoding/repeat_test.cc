#include "encoding/repeat.h"

#include <gtest/gtest.h>

#include <vector>

namespace lancer::encoding {
namespace {

TEST(Repeat, WritesValuesOfEverySizeBackToBackAndApart) {
  for (const size_t size : {1, 3, 8, 100, 20000}) {
    std::vector<std::byte> value(size);
    for (size_t i = 0; i < size; ++i) {
      value[i] = static_cast<std::byte>(i * 7 + 1);
    }
    for (const uint64_t n : {0, 1, 2, 5, 700}) {
      for (const size_t apart : {0, 2}) {
        const size_t stride = size + apart;
        std::vector<std::byte> target(n * stride + 1, std::byte{0xA5});
        Repeat(value, n, stride, target.data());
        for (uint64_t i = 0; i < n; ++i) {
          ASSERT_TRUE(std::equal(value.begin(), value.end(), target.data() + i * stride))
              << size << " x " << n << ", copy " << i;
        }
        EXPECT_EQ(target.back(), std::byte{0xA5});
      }
    }
  }
}

TEST(Repeat, WritesNothingForNoBytes) { Repeat({}, 5, 0, nullptr); }

}  // namespace
}  // namespace lancer::encoding
