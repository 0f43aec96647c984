#include "encoding/encoding.h"

#include <gtest/gtest.h>

#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(EncodingTrees, ReservedAndUnknownEncodingsAreUnsupportedByName) {
  const PhysicalType type = FixedOf(NumberKind::kSigned, 4);
  const Status reserved = CheckTree(Leaf(EncodingId::kEntropy), type);
  EXPECT_EQ(reserved.code(), StatusCode::kUnsupported);
  EXPECT_NE(reserved.message().find("entropy"), std::string_view::npos);
  EXPECT_EQ(CheckTree(Leaf(static_cast<EncodingId>(999)), type).code(),
            StatusCode::kUnsupported);
}

TEST(EncodingTrees, MalformedTreesAreCorruption) {
  using enum EncodingId;
  const PhysicalType type = FixedOf(NumberKind::kSigned, 4);
  const EncodingTree cases[] = {
      {},
      {{{kPlain, 0, 0}, {kPlain, 0, 0}}},
      {{{kDict, 1, 0}}},
      {{{kPlain, 1, 0}, {kPlain, 0, 0}}},
      {{{kBoolBits, 0, 0}}},
      {{{kVarBytes, 1, 0}, {kFfor, 0, 0}}},
      Node(kZstd, {Node(kZstd, {Node(kZstd, {Leaf(kPlain)})})}),
  };
  for (const EncodingTree& tree : cases) {
    EXPECT_EQ(CheckTree(tree, type).code(), StatusCode::kCorruption) << tree.ToString();
  }
}

TEST(EncodingTrees, PrintAsNestedNames) {
  using enum EncodingId;
  EXPECT_EQ(Node(kVarBytes, {Leaf(kFfor), Leaf(kLz4)}).ToString(),
            "var_bytes(ffor, lz4)");
  EXPECT_EQ(Node(kVarBytes, {Node(kZstd, {Leaf(kFfor)}), Leaf(kPlain)}).ToString(),
            "var_bytes(zstd:3(ffor), plain)");
  EXPECT_EQ(SecondChild(Node(kVarBytes, {Node(kZstd, {Leaf(kFfor)}), Leaf(kPlain)}), 0),
            3U);
}

}  // namespace
}  // namespace lancer::encoding
