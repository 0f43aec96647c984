#include "encoding/simd/fill_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace lancer::encoding {
namespace {

constexpr size_t kSlack = 64;

TEST(FillKernels, WriteWhatADirectLoopWritesAndNoMoreThanTheSlackBehind) {
  std::mt19937 random(11);
  for (const uint32_t width : {1U, 2U, 4U, 8U, 16U}) {
    for (const uint32_t longest : {1U, 3U, 40U, 5000U}) {
      std::vector<uint32_t> ends;
      std::vector<std::byte> values;
      std::vector<std::byte> expected;
      for (uint32_t end = 0; ends.size() < 100;) {
        end += 1 + static_cast<uint32_t>(random()) % longest;
        ends.push_back(end);
        for (uint32_t i = 0; i < width; ++i) {
          values.push_back(static_cast<std::byte>(random()));
        }
        while (expected.size() < size_t{end} * width) {
          expected.insert(expected.end(), values.end() - width, values.end());
        }
      }
      // All of it, and a part that begins and ends within runs.
      for (const uint64_t first : {uint64_t{0}, uint64_t{ends[0] - 1}}) {
        const uint64_t n = ends.back() - 2 * first;
        std::vector<std::byte> target(1 + n * width + kSlack + 1, std::byte{0xA5});
        simd::FillRuns(width, {ends.data(), values.data(), ends.size()}, first, n,
                       target.data() + 1);
        EXPECT_TRUE(std::equal(target.begin() + 1,
                               target.begin() + 1 + static_cast<ptrdiff_t>(n * width),
                               expected.begin() + static_cast<ptrdiff_t>(first * width)))
            << width << " bytes, runs up to " << longest;
        EXPECT_EQ(target.front(), std::byte{0xA5});
        EXPECT_EQ(target.back(), std::byte{0xA5});
      }
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
