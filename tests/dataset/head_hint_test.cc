#include "dataset/head_hint.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/dataset/golden.h"

namespace lancer::dataset {
namespace {

constexpr HeadHint kHint = {.version = VersionNumber(0x0102),
                            .digest = {.low = 0x0304, .high = 0x0506}};

TEST(HeadHint, IsFortyBytes) {
  auto bytes = SerializeHeadHint(kHint);
  std::vector<int> shown;
  for (size_t i = 0; i < 32; ++i) {
    shown.push_back(std::to_integer<int>(bytes[i]));
  }
  std::vector<int> expected = {'L', 'N', 'C', 'R', 'H', 'E', 'A', 'D',  //
                               2,   1,   0,   0,   0,   0,   0,   0,    //
                               4,   3,   0,   0,   0,   0,   0,   0,    //
                               6,   5,   0,   0,   0,   0,   0,   0};
  EXPECT_EQ(shown, expected);
  EXPECT_EQ(ParseHeadHint(bytes), kHint);
  ExpectGolden("log_head", bytes);
}

TEST(HeadHint, AnyDamageMakesItNothing) {
  auto bytes = SerializeHeadHint(kHint);
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto damaged = bytes;
    damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    EXPECT_EQ(ParseHeadHint(damaged), std::nullopt) << bit;
  }
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(ParseHeadHint(std::span(bytes).first(size)), std::nullopt) << size;
  }
  EXPECT_EQ(ParseHeadHint(SerializeHeadHint({.version = VersionNumber(0)})),
            std::nullopt);
}

}  // namespace
}  // namespace lancer::dataset
