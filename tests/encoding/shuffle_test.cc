#include <gtest/gtest.h>

#include <random>

#include "encoding/candidates.h"
#include "encoding/codec.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

using enum EncodingId;

constexpr uint8_t kBits = 1;
constexpr uint8_t kExponents = 2;

// Normally distributed float32 numbers, cut to their high half where `bfloat16`.
ValueSet NormalNumbers(uint64_t count, bool bfloat16) {
  ValueSet set;
  set.name = "normal";
  set.type = bfloat16 ? FixedOf(NumberKind::kOpaque, 2) : FixedOf(NumberKind::kFloat, 4);
  set.count = count;
  std::mt19937_64 random(7);
  std::normal_distribution<float> normal(0, 0.04F);
  for (uint64_t i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<uint32_t>(normal(random));
    for (unsigned byte = bfloat16 ? 2 : 0; byte < 4; ++byte) {
      set.data.push_back(static_cast<std::byte>(bits >> (8 * byte)));
    }
  }
  return set;
}

double StoredShare(const EncodingTree& tree, const ValueSet& set) {
  const auto encoded = EncodeSet(tree, set, false);
  CheckDecoding(*encoded, set);
  return static_cast<double>(encoded->stream.size()) /
         static_cast<double>(set.data.size());
}

TEST(Shuffle, FitsWhatItCanSplit) {
  const auto fits = [](uint8_t parameter, uint32_t width) {
    return CheckTree(Leaf(kShuffle, parameter), FixedOf(NumberKind::kOpaque, width)).ok();
  };
  EXPECT_TRUE(fits(0, 1) && fits(0, 3) && fits(0, 1000));
  EXPECT_TRUE(fits(kBits, 1) && fits(kBits, 32));
  EXPECT_TRUE(fits(kExponents, 2) && fits(kExponents, 4) && fits(kExponents, 8));
  EXPECT_FALSE(fits(0, 0));
  EXPECT_FALSE(fits(kBits, 33));
  EXPECT_FALSE(fits(kExponents, 1) || fits(kExponents, 3) || fits(kExponents, 16));
  EXPECT_FALSE(fits(3, 4));
  EXPECT_FALSE(CheckTree(Leaf(kShuffle), kBitsOf).ok());
  EXPECT_FALSE(
      CheckTree(Node(kShuffle, {Leaf(kPlain)}), FixedOf(NumberKind::kSigned, 4)).ok());
}

// Both are within 2 % of their entropy: 24 and 8 bits of noise, 2.6 of exponent.
TEST(Shuffle, ExponentsUnderZstdComeNearTheEntropy) {
  const EncodingTree tree = Node(kZstd, {Leaf(kShuffle, kExponents)}, kFewMatches);
  EXPECT_LT(StoredShare(tree, NormalNumbers(16384, false)), 26.6 / 32 * 1.02);
  EXPECT_LT(StoredShare(tree, NormalNumbers(32768, true)), 10.6 / 16 * 1.02);
}

TEST(Shuffle, CutsGiveEachPlaneATableOfItsOwn) {
  const ValueSet set = NormalNumbers(32768, true);
  const auto split = EncodeSet(Leaf(kShuffle, kExponents), set, false);
  std::vector<std::byte> stored;
  ASSERT_TRUE(static_cast<const Codec&>(ZstdEncoding())
                  .Compress(split->stream, {}, nullptr, kFewMatches, &stored)
                  .ok());
  const auto with_cuts =
      EncodeSet(Node(kZstd, {Leaf(kShuffle, kExponents)}, kFewMatches), set, false);
  EXPECT_LT(static_cast<double>(with_cuts->stream.size()),
            0.95 * static_cast<double>(stored.size()));
}

TEST(Shuffle, ShortPlanesAreNotCut) {
  const ValueSet set = MakeConstantSet(FixedOf(NumberKind::kUnsigned, 8), 1000);
  const auto encoded = EncodeSet(Node(kZstd, {Leaf(kShuffle)}), set, false);
  EXPECT_LT(encoded->stream.size(), 40U);
}

TEST(Shuffle, CutsOfManyPlanesOfNoiseStayRaw) {
  ValueSet set;
  set.type = FixedOf(NumberKind::kOpaque, 100);
  set.count = 1024;
  std::mt19937_64 random(1);
  for (uint64_t i = 0; i < set.count * set.type.width; ++i) {
    set.data.push_back(static_cast<std::byte>(random()));
  }
  const auto encoded = EncodeSet(Node(kZstd, {Leaf(kShuffle)}), set, false);
  EXPECT_EQ(encoded->stream.size(), set.data.size() + 5);
  CheckDecoding(*encoded, set);
}

}  // namespace
}  // namespace lancer::encoding
