#include "encoding/cast.h"

#include <gtest/gtest.h>

#include <random>

#include "encoding/byte_order.h"
#include "encoding/candidates.h"
#include "encoding/selection.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

constexpr PhysicalType kDoubles = FixedOf(NumberKind::kFloat, 8);
constexpr PhysicalType kSingles = FixedOf(NumberKind::kFloat, 4);

EncodingTree CastTree(uint8_t parameter) {
  return Node(EncodingId::kCast, {Leaf(EncodingId::kPlain)}, parameter);
}

// Random numbers whose low `zero_bits` are 0, near 1.
ValueSet Rounded(PhysicalType type, uint64_t count, unsigned zero_bits) {
  std::mt19937_64 random(count + zero_bits);
  ValueSet set;
  set.type = type;
  set.count = count;
  set.data.resize(count * type.width);
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t one = type.width == 8 ? 0x3FF0000000000000 : 0x3F800000;
    const unsigned mantissa = type.width == 8 ? 52 : 23;
    const uint64_t fraction = random() >> (64 - mantissa) >> zero_bits << zero_bits;
    StoreNumber(one | fraction, set.data.data() + i * type.width, type.width);
  }
  return set;
}

struct Case {
  PhysicalType type;
  uint8_t parameter;
  unsigned zero_bits;
  uint32_t width;  // of the child
};
const Case kCases[] = {{kDoubles, kCastToFloat, 29, 4},
                       {kDoubles, kCastToHalf, 42, 2},
                       {kDoubles, kCastToBfloat16, 45, 2},
                       {kSingles, kCastToHalf, 13, 2},
                       {kSingles, kCastToBfloat16, 16, 2}};

TEST(Cast, TakesTheBytesOfTheNarrowType) {
  for (const Case& c : kCases) {
    for (const uint64_t count : {0, 1, 1023, 1024, 1025, 65537}) {
      const ValueSet set = Rounded(c.type, count, c.zero_bits);
      EXPECT_TRUE(IsExactCast(set.view(), c.parameter));
      const auto encoded = EncodeSet(CastTree(c.parameter), set, false);
      ASSERT_TRUE(encoded.has_value());
      EXPECT_EQ(encoded->stream.size(), 1 + count * c.width);
      ASSERT_NO_FATAL_FAILURE(CheckDecoding(*encoded, set));
    }
  }
}

TEST(Cast, OneValueTooManyIsAnException) {
  for (const Case& c : kCases) {
    for (const uint64_t place : {0, 700, 1999}) {
      ValueSet set = Rounded(c.type, 2000, c.zero_bits);
      set.data[place * c.type.width] = std::byte{1};
      EXPECT_FALSE(IsExactCast(set.view(), c.parameter));
      const auto encoded = EncodeSet(CastTree(c.parameter), set, false);
      ASSERT_TRUE(encoded.has_value());
      EXPECT_EQ(encoded->stream.size(), 3U + 2000 * c.width + 2 + c.type.width);
      ASSERT_NO_FATAL_FAILURE(CheckDecoding(*encoded, set));
    }
  }
}

TEST(Cast, FitsFloatsThatAreWider) {
  EXPECT_EQ(CastType(kSingles, kCastToFloat).width, 0U);
  EXPECT_EQ(CastType(kSingles, 3).width, 0U);
  EXPECT_EQ(CastType(FixedOf(NumberKind::kFloat, 2), kCastToBfloat16).width, 0U);
  EXPECT_EQ(CastType(FixedOf(NumberKind::kSigned, 8), kCastToFloat).width, 0U);
  EXPECT_FALSE(CheckTree(CastTree(kCastToFloat), kSingles).ok());
  EXPECT_FALSE(CheckTree(Leaf(EncodingId::kCast), kDoubles).ok());
}

TEST(Cast, IsChosenWhereEveryValueOfThePageIsExact) {
  for (const Case& c : kCases) {
    ValueSet set = Rounded(c.type, 20000, c.zero_bits);
    const Choice exact =
        SelectTree(set.view(), ComputeStatistics(set.view()), {}, SelectionOptions());
    // Values that both types of 2 bytes hold may become either.
    EXPECT_EQ(exact.tree, CastTree(exact.tree.nodes[0].parameter));
    EXPECT_EQ(CastType(c.type, exact.tree.nodes[0].parameter).width, c.width);
    set.data[12345 * c.type.width] = std::byte{1};
    const Choice other =
        SelectTree(set.view(), ComputeStatistics(set.view()), {}, SelectionOptions());
    EXPECT_NE(other.tree, exact.tree);
  }
}

}  // namespace
}  // namespace lancer::encoding
