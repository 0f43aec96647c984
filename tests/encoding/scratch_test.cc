#include "encoding/scratch.h"

#include <gtest/gtest.h>

#include <cstring>

namespace lancer::encoding {
namespace {

TEST(Scratch, PiecesInUseDoNotOverlapAndAreReused) {
  std::byte* first = nullptr;
  {
    Scratch a(1000);
    Scratch b(1000);
    EXPECT_NE(a.data(), b.data());
    std::memset(a.data(), 1, 1064);  // the slack is ours too
    std::memset(b.data(), 2, 1064);
    EXPECT_EQ(a.data()[1063], std::byte{1});
    first = a.data();
  }
  Scratch again(1000);
  Scratch other(1000);
  EXPECT_TRUE(again.data() == first || other.data() == first);
}

TEST(Scratch, LargePiecesHoldTheirSize) {
  for (int i = 0; i < 20; ++i) {
    Scratch large(size_t{3} << 20);
    std::memset(large.data(), i, large.size());
    EXPECT_EQ(large.data()[large.size() - 1], static_cast<std::byte>(i));
  }
}

}  // namespace
}  // namespace lancer::encoding
