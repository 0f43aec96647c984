#include <gtest/gtest.h>

#include <random>

#include "encoding/byte_writer.h"
#include "encoding/encoding.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

constexpr PhysicalType kType = FixedOf(NumberKind::kUnsigned, 2);

EncodingTree PlainSparse() {
  return Node(EncodingId::kSparse, {Leaf(EncodingId::kPlain), Leaf(EncodingId::kPlain)});
}

// A stream of fives but for exceptions at these positions, with values 7, 8, 9 and so on.
std::vector<std::byte> StreamOf(const std::vector<uint32_t>& positions) {
  std::vector<std::byte> stream;
  ByteWriter writer(&stream);
  writer.Write(static_cast<uint32_t>(positions.size()));
  writer.Write<uint16_t>(5);
  for (const uint32_t position : positions) {
    writer.Write(position);
  }
  for (size_t i = 0; i < positions.size(); ++i) {
    writer.Write(static_cast<uint16_t>(7 + i));
  }
  return stream;
}

TEST(Sparse, StoresTheValueOnceAndEachException) {
  ValueSet set = MakeConstantSet(kType, 5000);
  set.data[4002] = std::byte{1};
  set.data[4004] = std::byte{2};
  const auto encoded = EncodeSet(PlainSparse(), set, false);
  EXPECT_EQ(encoded->stream.size(), 4U + 2 + 2 * 4 + 2 * 2);
  CheckDecoding(*encoded, set);
}

TEST(Sparse, OfFloatsOfWhichOneInAHundredIsNotZeroTakesAnEightiethOrLess) {
  // 64 KiB, as zstd gets them at best 57 times smaller.
  ValueSet set = MakeConstantSet(FixedOf(NumberKind::kFloat, 4), 16384);
  std::fill(set.data.begin(), set.data.end(), std::byte{0});
  std::mt19937 random(1);
  for (size_t i = 0; i < set.data.size(); i += 4) {
    if (random() % 100 == 0) {
      for (size_t b = i; b < i + 4; ++b) {
        set.data[b] = static_cast<std::byte>(random());
      }
    }
  }
  const EncodingTree tree =
      Node(EncodingId::kSparse, {Node(EncodingId::kDeltaBase, {Leaf(EncodingId::kFfor)}),
                                 Leaf(EncodingId::kPlain)});
  const auto encoded = EncodeSet(tree, set, false);
  EXPECT_LT(encoded->stream.size(), set.data.size() / 72);
}

TEST(Sparse, PositionsThatDoNotAscendOrLieBehindTheValuesAreDamage) {
  const EncodingTree tree = PlainSparse();
  const std::vector<uint32_t> wrong[] = {{5, 3}, {5, 5}, {5, 10}, {1, 2, UINT32_MAX}};
  for (const std::vector<uint32_t>& positions : wrong) {
    const std::vector<std::byte> stream = StreamOf(positions);
    std::vector<std::byte> target(20 + 64);
    const Status status = DecodeFixed({tree, kType, stream, 10}, {target.data(), 0});
    EXPECT_EQ(status.code(), StatusCode::kCorruption);
    EXPECT_NE(status.message().find("sparse"), std::string_view::npos);
  }
  const std::vector<std::byte> sound = StreamOf({0, 5, 9});
  std::vector<std::byte> target(20 + 64);
  EXPECT_TRUE(DecodeFixed({tree, kType, sound, 10}, {target.data(), 0}).ok());
}

TEST(Sparse, MoreExceptionsThanValuesAreDamage) {
  const EncodingTree tree = PlainSparse();
  const std::vector<std::byte> stream = StreamOf({0, 1, 2});
  std::vector<std::byte> target(64);
  const Status status = DecodeFixed({tree, kType, stream, 2}, {target.data(), 0});
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_NE(status.message().find("3 exceptions of 2 values"), std::string_view::npos);
}

TEST(Sparse, ABitThatIsNeitherIsDamage) {
  const EncodingTree tree = Node(EncodingId::kSparse, {Leaf(EncodingId::kPlain)});
  for (const unsigned bit : {1U, 2U}) {
    std::vector<std::byte> stream;
    ByteWriter writer(&stream);
    writer.Write<uint32_t>(0);
    writer.Write(static_cast<uint8_t>(bit));
    std::vector<std::byte> target(64);
    EXPECT_EQ(DecodeFixed({tree, kBitsOf, stream, 9}, {target.data(), 0}).ok(), bit == 1);
  }
}

TEST(Sparse, HasTwoChildrenButOfBitsOne) {
  const EncodingTree one = Node(EncodingId::kSparse, {Leaf(EncodingId::kPlain)});
  EXPECT_TRUE(CheckTree(one, kBitsOf).ok());
  EXPECT_FALSE(CheckTree(one, kType).ok());
  EXPECT_TRUE(CheckTree(PlainSparse(), kType).ok());
  EXPECT_FALSE(CheckTree(PlainSparse(), kBitsOf).ok());
  EXPECT_FALSE(CheckTree(PlainSparse(), FixedOf(NumberKind::kOpaque, 0)).ok());
}

}  // namespace
}  // namespace lancer::encoding
