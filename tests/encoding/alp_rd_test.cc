#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "encoding/byte_order.h"
#include "encoding/selection.h"
#include "encoding/statistics.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

constexpr PhysicalType kDoubles = FixedOf(NumberKind::kFloat, 8);
constexpr PhysicalType kSingles = FixedOf(NumberKind::kFloat, 4);

EncodingTree AlpRdTree() {
  return Node(EncodingId::kAlpRd, {Leaf(EncodingId::kFfor), Leaf(EncodingId::kFfor)});
}

// Values of 8 or 4 bytes.
ValueSet Floats(PhysicalType type, uint64_t count, auto next) {
  ValueSet set;
  set.type = type;
  set.count = count;
  set.data.resize(count * type.width);
  for (uint64_t i = 0; i < count; ++i) {
    const double value = next(i);
    StoreNumber(type.width == 8 ? std::bit_cast<uint64_t>(value)
                                : std::bit_cast<uint32_t>(static_cast<float>(value)),
                set.data.data() + i * type.width, type.width);
  }
  return set;
}

// Evenly spread over [1, 2) and (-2, -1].
ValueSet Noise(PhysicalType type, uint64_t count) {
  std::mt19937_64 random(count);
  return Floats(type, count, [&](uint64_t) {
    const uint64_t bits = random();
    const double value = 1 + static_cast<double>(bits >> 12) * 0x1p-52;
    return bits % 2 == 0 ? value : -value;
  });
}

TEST(AlpRd, ValuesTakeTheirRightBitsAndACode) {
  const ValueSet doubles = Noise(kDoubles, 4096);
  auto encoded = EncodeSet(AlpRdTree(), doubles, false);
  ASSERT_TRUE(encoded.has_value());
  // Right bits, count, two parts, flags; the children's headers.
  EXPECT_EQ(encoded->stream.size(), 4096U * 53 / 8 + 7 + 3 + 10);
  CheckDecoding(*encoded, doubles);
  const ValueSet singles = Floats(kSingles, 4096, [&](uint64_t i) {
    return 1 + static_cast<double>(i * 2654435761 % (1 << 23)) * 0x1p-23;
  });
  encoded = EncodeSet(AlpRdTree(), singles, false);
  ASSERT_TRUE(encoded.has_value());
  EXPECT_LE(encoded->stream.size(), 4096U * 23 / 8 + 5 + 3 + 6);
  CheckDecoding(*encoded, singles);
}

TEST(AlpRd, RareLeftPartsAreExceptionsOfTwoBytes) {
  ValueSet set = Noise(kDoubles, 4096);
  const size_t without = EncodeSet(AlpRdTree(), set, false)->stream.size();
  const uint64_t odd[] = {0, 1, UINT64_MAX, 0x7FF0000000000000, 0xFFF0000000000005};
  for (size_t k = 0; k < std::size(odd); ++k) {
    StoreLe(set.data.data() + (k * 800 + 3) * 8, odd[k]);
  }
  const auto encoded = EncodeSet(AlpRdTree(), set, false);
  ASSERT_TRUE(encoded.has_value());
  EXPECT_EQ(encoded->stream.size(), without + 2 + std::size(odd) * 4);
  CheckDecoding(*encoded, set);
}

TEST(AlpRd, KeepsAnyBitsWhateverTheSampleSaw) {
  std::mt19937_64 random(2);
  for (const PhysicalType type : {kDoubles, kSingles}) {
    for (const uint64_t count : {0, 1, 2, 1023, 1024, 1025, 65537}) {
      for (const uint64_t every : {1, 2, 40, 3000}) {
        ValueSet set = Noise(type, count);
        for (uint64_t i = 0; i < count; i += every) {
          StoreNumber(random(), set.data.data() + i * type.width, type.width);
        }
        const auto encoded = EncodeSet(AlpRdTree(), set, false);
        ASSERT_TRUE(encoded.has_value());
        ASSERT_NO_FATAL_FAILURE(CheckDecoding(*encoded, set));
      }
    }
  }
}

TEST(AlpRd, RefusesHeadersThatLie) {
  EXPECT_FALSE(CheckTree(AlpRdTree(), FixedOf(NumberKind::kUnsigned, 8)).ok());
  EXPECT_FALSE(CheckTree(AlpRdTree(), FixedOf(NumberKind::kFloat, 2)).ok());
  EXPECT_FALSE(CheckTree(Leaf(EncodingId::kAlpRd), kDoubles).ok());
  const struct {
    size_t at;
    int value;
    const char* message;
  } cases[] = {{0, 64, "64 right bits"},
               {0, 47, "47 right bits"},
               {1, 0, "0 left parts"},
               {1, 9, "9 left parts"}};
  const ValueSet set = Noise(kDoubles, 100);
  std::vector<std::byte> target(100 * 8 + 64);
  for (const auto& c : cases) {
    auto encoded = EncodeSet(AlpRdTree(), set, false);
    encoded->stream[c.at] = static_cast<std::byte>(c.value);
    const Status status = DecodeFixed(encoded->Stored(kDoubles, 100), {target.data(), 0});
    EXPECT_EQ(status.code(), StatusCode::kCorruption);
    EXPECT_NE(status.message().find(c.message), std::string_view::npos)
        << status.message();
  }
}

TEST(AlpRd, RefusesCodesBehindTheLastLeftPart) {
  const ValueSet set = Noise(kDoubles, 100);
  auto encoded = EncodeSet(
      Node(EncodingId::kAlpRd, {Leaf(EncodingId::kPlain), Leaf(EncodingId::kPlain)}), set,
      false);
  ASSERT_TRUE(encoded.has_value());
  encoded->stream[7 + 50] = std::byte{2};
  std::vector<std::byte> target(100 * 8 + 64);
  const StoredStream stored = encoded->Stored(kDoubles, 100);
  const std::vector<uint32_t> positions = {50};
  for (const Status& status : {DecodeFixed(stored, {target.data(), 0}),
                               DecodeFixedAt(stored, positions, target.data(), 8)}) {
    EXPECT_EQ(status.code(), StatusCode::kCorruption);
    EXPECT_NE(status.message().find("code 2 of 2 left parts"), std::string_view::npos);
  }
}

TEST(AlpRd, IsChosenForRealNumbersButNotForALittleGain) {
  const ValueSet set = Noise(kDoubles, 20000);
  SelectionOptions options;
  const Statistics statistics = ComputeStatistics(set.view());
  EXPECT_EQ(SelectTree(set.view(), statistics, {}, options).tree, AlpRdTree());
  options.least_gain = 0.2;
  EXPECT_EQ(SelectTree(set.view(), statistics, {}, options).reason,
            ChoiceReason::kPlainKept);
}

}  // namespace
}  // namespace lancer::encoding
