#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "encoding/byte_order.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

std::vector<std::byte> LengthsOf(const ValueSet& set) {
  std::vector<std::byte> lengths(set.count * 4);
  for (uint64_t i = 0; i < set.count; ++i) {
    StoreLe<uint32_t>(lengths.data() + i * 4,
                      static_cast<uint32_t>(set.offsets[i + 1] - set.offsets[i]));
  }
  return lengths;
}

TEST(VarBytes, RefusesLengthsThatDoNotAddUp) {
  const EncodingTree tree = Node(EncodingId::kVarBytes, {Leaf(EncodingId::kPlain)});
  const ValueSet set = MakeConstantSet(kBytesOf, 3);
  auto encoded = EncodeSet(tree, set, false);
  encoded->stream.back() ^= std::byte{1};
  BytesTarget target;
  target.offsets = {0};
  const StoredStream stream = encoded->Stored(kBytesOf, 3);
  EXPECT_EQ(DecodeBytes(stream, 0, 3, &target).code(), StatusCode::kCorruption);
  // The length behind the last position is not read, so it does no harm.
  for (const uint32_t position : {0, 1}) {
    EXPECT_TRUE(DecodeBytesAt(stream, {&position, 1}, &target).ok());
  }
  const uint32_t last = 2;
  EXPECT_EQ(DecodeBytesAt(stream, {&last, 1}, &target).code(), StatusCode::kCorruption);
}

TEST(VarBytes, RefusesToSkipBytesThatThePayloadDoesNotHave) {
  for (const bool packed : {false, true}) {
    const EncodingTree lengths_of = Leaf(EncodingId::kPlain);
    const EncodingTree tree =
        packed ? Node(EncodingId::kVarBytes,
                      {lengths_of, Node(EncodingId::kLz4, {Leaf(EncodingId::kPlain)})})
               : Node(EncodingId::kVarBytes, {lengths_of});
    const ValueSet set = MakeConstantSet(kBytesOf, 3);
    auto encoded = EncodeSet(tree, set, false);
    const StoredStream stream = encoded->Stored(kBytesOf, 3);
    const std::vector<std::byte> sought = LengthsOf(set);
    const auto lengths = std::search(encoded->stream.begin(), encoded->stream.end(),
                                     sought.begin(), sought.end());
    ASSERT_NE(lengths, encoded->stream.end());
    lengths[3] ^= std::byte{1};  // of value 0
    BytesTarget target;
    target.offsets = {0};
    for (const uint32_t position : {0, 1, 2}) {
      EXPECT_EQ(DecodeBytesAt(stream, {&position, 1}, &target).code(),
                StatusCode::kCorruption);
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
