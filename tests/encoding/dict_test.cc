#include <gtest/gtest.h>

#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(Dict, NeedsTheLeafsDictionaryToWriteAndToRead) {
  const EncodingTree tree = Node(EncodingId::kDict, {Leaf(EncodingId::kFfor)});
  const ValueSet set = MakeValueSets(kBytesOf, 30)[4];
  std::vector<std::byte> out;
  EXPECT_EQ(EncodeStream(tree, {}, set.view(), &out).code(),
            StatusCode::kInvalidArgument);
  const auto encoded = EncodeSet(tree, set, false);
  BytesTarget target;
  target.offsets = {0};
  EXPECT_EQ(DecodeBytes({tree, kBytesOf, encoded->stream, 30}, 0, 30, &target).code(),
            StatusCode::kCorruption);
}

TEST(Dict, RefusesCodesBehindTheLastEntry) {
  const EncodingTree tree = Node(EncodingId::kDict, {Leaf(EncodingId::kPlain)});
  const ValueSet set = MakeConstantSet(FixedOf(NumberKind::kSigned, 4), 3);
  auto encoded = EncodeSet(tree, set, false);
  encoded->stream[4] = std::byte{1};
  std::byte target[12 + 64];
  const Status status = DecodeFixed(encoded->Stored(set.type, 3), {target, 0});
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_NE(status.message().find("code 1 of a dictionary of 1"), std::string_view::npos);
}

}  // namespace
}  // namespace lancer::encoding
