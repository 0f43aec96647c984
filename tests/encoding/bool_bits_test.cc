#include <gtest/gtest.h>

#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(BoolBits, WritesSpareBitsAsZero) {
  ValueSet set = MakeConstantSet(kBitsOf, 11);
  set.data[1] = std::byte{0xFF};
  const auto encoded = EncodeSet(Leaf(EncodingId::kBoolBits), set, false);
  ASSERT_EQ(encoded->stream.size(), 2U);
  EXPECT_EQ(encoded->stream[1], std::byte{0x07});
}

}  // namespace
}  // namespace lancer::encoding
