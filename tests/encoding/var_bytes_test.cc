#include <gtest/gtest.h>

#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(VarBytes, RefusesLengthsThatDoNotAddUp) {
  const EncodingTree tree = Node(EncodingId::kVarBytes, {Leaf(EncodingId::kPlain)});
  const ValueSet set = MakeConstantSet(kBytesOf, 3);
  auto encoded = EncodeSet(tree, set, false);
  encoded->stream.back() ^= std::byte{1};
  BytesTarget target;
  target.offsets = {0};
  const StoredStream stream = encoded->Stored(kBytesOf, 3);
  EXPECT_EQ(DecodeBytes(stream, 0, 3, &target).code(), StatusCode::kCorruption);
  const uint32_t position = 0;
  EXPECT_EQ(DecodeBytesAt(stream, {&position, 1}, &target).code(),
            StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::encoding
