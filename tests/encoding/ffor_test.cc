#include "encoding/ffor.h"

#include <gtest/gtest.h>

#include <vector>

#include "encoding/byte_order.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(FforBody, OneNumberIsReadFromItsChunkAlone) {
  for (const PhysicalType type : TestTypes()) {
    if (type.kind != PhysicalKind::kFixed || type.width == 0 || type.width == 3) {
      continue;
    }
    for (const ValueSet& set : MakeValueSets(type, 2500)) {
      const EncodingTree tree = Leaf(EncodingId::kFfor, kFforWithoutPatches);
      const auto encoded = EncodeSet(tree, set, false);
      ASSERT_TRUE(encoded.has_value());
      const auto header_bytes = StreamHeaderBytes({tree, type, encoded->stream, 2500});
      ASSERT_TRUE(header_bytes.has_value());
      const auto header = std::span(encoded->stream).first(*header_bytes);
      const auto bytes = std::span(encoded->stream).subspan(*header_bytes);
      const auto body = ParsePackedBody(type, header, 2500);
      if (!body.has_value()) {
        EXPECT_GE(type.width, 16U);  // raw: the range is too wide
        EXPECT_EQ(body.error().code(), StatusCode::kUnsupported);
        continue;
      }
      ASSERT_EQ(PackedBodyBytes(*body), bytes.size());
      std::vector<std::byte> value(type.width + 64);
      for (uint64_t i = 0; i < 2500; i += 7) {
        const PackedRange range = PackedBodyRange(*body, i);
        PackedValueAt(*body, bytes.subspan(range.begin, range.end - range.begin), i,
                      value.data());
        ASSERT_EQ(std::vector<std::byte>(value.begin(), value.begin() + type.width),
                  set.At(i));
      }
      std::vector<std::byte> part(1476 * type.width + 64);
      PackedValues(*body, bytes.subspan(PackedBodyRange(*body, 1024).begin), 1024, 1476,
                   part.data());
      ASSERT_TRUE(std::equal(part.begin(), part.end() - 64,
                             set.data.begin() + 1024 * type.width));
    }
  }
}

TEST(FforBody, RefusesPatchesAndDamagedHeaders) {
  const PhysicalType type = FixedOf(NumberKind::kUnsigned, 2);
  const auto code = [&](std::vector<uint8_t> bytes) {
    return ParsePackedBody(type, std::as_bytes(std::span(bytes)), 10).status().code();
  };
  EXPECT_EQ(code({3, 0, 1, 0}), StatusCode::kOk);
  EXPECT_EQ(code({3, 1, 1, 0, 1, 0}), StatusCode::kUnsupported);
  EXPECT_EQ(code({17, 0, 1, 0}), StatusCode::kCorruption);
  EXPECT_EQ(code({3, 8, 1, 0}), StatusCode::kCorruption);
  EXPECT_EQ(code({3, 0, 1}), StatusCode::kCorruption);
  EXPECT_EQ(code({3, 0, 1, 0, 0}), StatusCode::kCorruption);
}

TEST(Ffor, RangesOfChunksHoldTheirOwnPatches) {
  // Differences are read by chunk where one value is asked for.
  ValueSet set = MakeConstantSet(FixedOf(NumberKind::kUnsigned, 4), 5000);
  for (uint64_t i = 0; i < set.count; ++i) {
    const uint64_t value = i % 97 == 96 ? 1000 + i : i % 40;
    StoreLe<uint32_t>(set.data.data() + i * 4, static_cast<uint32_t>(value));
  }
  const EncodingTree tree =
      Node(EncodingId::kDeltaBase,
           {Node(EncodingId::kDeltaBase, {Leaf(EncodingId::kFfor)}, 1)}, 1);
  const auto encoded = EncodeSet(tree, set, false);
  ASSERT_TRUE(encoded.has_value());
  const StoredStream stored = encoded->Stored(set.type, set.count);
  std::vector<std::byte> value(4 + 64);
  for (uint32_t i = 0; i < set.count; i += 11) {
    ASSERT_TRUE(DecodeFixedAt(stored, {&i, 1}, value.data(), 4).ok());
    EXPECT_EQ(std::vector<std::byte>(value.begin(), value.begin() + 4), set.At(i));
  }
}

TEST(Ffor, RefusesUnknownParameters) {
  EXPECT_TRUE(
      CheckTree(Leaf(EncodingId::kFfor, 1), FixedOf(NumberKind::kSigned, 8)).ok());
  EXPECT_FALSE(
      CheckTree(Leaf(EncodingId::kFfor, 2), FixedOf(NumberKind::kSigned, 8)).ok());
}

}  // namespace
}  // namespace lancer::encoding
