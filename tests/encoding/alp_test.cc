#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>

#include "encoding/byte_order.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

constexpr PhysicalType kDoubles = FixedOf(NumberKind::kFloat, 8);
constexpr PhysicalType kSingles = FixedOf(NumberKind::kFloat, 4);

EncodingTree AlpTree() { return Node(EncodingId::kAlp, {Leaf(EncodingId::kFfor)}); }

ValueSet Doubles(uint64_t count, auto next) {
  ValueSet set;
  set.type = kDoubles;
  set.count = count;
  set.data.resize(count * 8);
  for (uint64_t i = 0; i < count; ++i) {
    StoreLe(set.data.data() + i * 8, std::bit_cast<uint64_t>(double{next(i)}));
  }
  return set;
}

TEST(Alp, DecimalsTakeTheBitsOfTheirDigits) {
  std::mt19937_64 random(1);
  for (const double unit : {1.0, 10.0, 100.0, 1e4, 1e7, 1e9}) {
    const ValueSet set = Doubles(
        4096, [&](uint64_t) { return static_cast<double>(random() % 1'000'000) / unit; });
    const auto encoded = EncodeSet(AlpTree(), set, false);
    ASSERT_TRUE(encoded.has_value());
    // 20 bits each, and no exception: scale, flags, the child's header of ten bytes.
    EXPECT_EQ(encoded->stream.size(), 4096U * 20 / 8 + 2 + 10) << unit;
    CheckDecoding(*encoded, set);
  }
}

TEST(Alp, DecimalsOfFourByteFloatsToo) {
  ValueSet set = MakeValueSets(kSingles, 4096)[3];
  ASSERT_EQ(set.name, "decimal");
  const auto encoded = EncodeSet(AlpTree(), set, false);
  ASSERT_TRUE(encoded.has_value());
  EXPECT_EQ(encoded->stream.size(), 4096U * 14 / 8 + 2 + 6);
}

TEST(Alp, WhatIsNoDecimalIsKeptBitForBit) {
  using Limits = std::numeric_limits<double>;
  const double odd[] = {-0.0,
                        Limits::infinity(),
                        -Limits::infinity(),
                        Limits::denorm_min(),
                        Limits::max(),
                        Limits::quiet_NaN(),
                        1.0 / 3,
                        0x1p53 + 2,
                        -0x1p63,
                        0.1 + 0.2,
                        Limits::min(),
                        0x1p51 + 0.5};
  std::mt19937_64 random(2);
  for (const uint64_t count : {1, 2, 1023, 1024, 1025, 65537}) {
    for (const uint64_t every : {1, 2, 40, 3000}) {
      ValueSet set = Doubles(count, [&](uint64_t i) {
        return i % every == 0 ? odd[random() % std::size(odd)]
                              : static_cast<double>(random() % 10000) / 100;
      });
      StoreLe<uint64_t>(set.data.data(), 0xFFF0000000000005);  // NaN with a payload
      const auto encoded = EncodeSet(AlpTree(), set, false);
      ASSERT_TRUE(encoded.has_value());
      ASSERT_NO_FATAL_FAILURE(CheckDecoding(*encoded, set));
    }
  }
}

TEST(Alp, RefusesWhatIsNoFloatAndAScaleWhosePowerIsNotExact) {
  EXPECT_FALSE(CheckTree(AlpTree(), FixedOf(NumberKind::kSigned, 8)).ok());
  EXPECT_FALSE(CheckTree(AlpTree(), FixedOf(NumberKind::kFloat, 2)).ok());
  EXPECT_FALSE(CheckTree(Leaf(EncodingId::kAlp), kDoubles).ok());
  for (const auto& [type, most] : {std::pair(kDoubles, 22), std::pair(kSingles, 10)}) {
    const ValueSet set = MakeValueSets(type, 100)[3];
    auto encoded = EncodeSet(AlpTree(), set, false);
    std::vector<std::byte> target(100 * 8 + 64);
    encoded->stream[0] = static_cast<std::byte>(most);
    EXPECT_TRUE(DecodeFixed(encoded->Stored(type, 100), {target.data(), 0}).ok());
    encoded->stream[0] = static_cast<std::byte>(most + 1);
    const Status status = DecodeFixed(encoded->Stored(type, 100), {target.data(), 0});
    EXPECT_EQ(status.code(), StatusCode::kCorruption);
    EXPECT_NE(status.message().find("scale"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace lancer::encoding
