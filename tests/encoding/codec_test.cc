#include <gtest/gtest.h>

#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(Codec, StoresRawWhatDoesNotShrink) {
  const ValueSet set = MakeValueSets(FixedOf(NumberKind::kOpaque, 16), 100)[1];
  for (const EncodingId id : {EncodingId::kZstd, EncodingId::kLz4}) {
    const auto encoded = EncodeSet(Leaf(id), set, true);
    EXPECT_EQ(encoded->stream.size(), set.data.size() + 5);
    EXPECT_EQ(encoded->stream[0], std::byte{1});
    CheckDecoding(*encoded, set);
  }
}

TEST(Codec, HeadersOfChildrenStandOutside) {
  const ValueSet set = MakeConstantSet(FixedOf(NumberKind::kUnsigned, 4), 100);
  const auto encoded =
      EncodeSet(Node(EncodingId::kZstd, {Leaf(EncodingId::kFfor)}), set, false);
  // Codec 5, ffor 6; there is no body, because all distances are 0.
  EXPECT_EQ(encoded->stream.size(), 11U);
}

}  // namespace
}  // namespace lancer::encoding
