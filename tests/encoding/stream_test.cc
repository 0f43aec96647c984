#include "encoding/stream.h"

#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

class StreamOfType : public testing::TestWithParam<PhysicalType> {};

TEST_P(StreamOfType, DecodesWhatWasEncodedByEveryTree) {
  const PhysicalType type = GetParam();
  for (const uint64_t count : {0, 1, 2, 1023, 1024, 1025, 4097}) {
    for (const ValueSet& set : MakeValueSets(type, count)) {
      std::vector<EncodingTree> trees =
          AllTrees(type, {.dictionary = true, .symbol_table = true});
      if (set.name == "constant") {
        trees.push_back(Leaf(EncodingId::kConstant));
      }
      for (const EncodingTree& tree : trees) {
        for (const bool dictionary : {false, true}) {
          SCOPED_TRACE(set.name + " x " + std::to_string(count) + " by " +
                       tree.ToString() + (dictionary ? " with dictionary" : ""));
          const auto encoded = EncodeSet(tree, set, dictionary);
          ASSERT_TRUE(encoded.has_value());
          ASSERT_NO_FATAL_FAILURE(CheckDecoding(*encoded, set));
          if (!Contains(tree, EncodingId::kZstd) && !Contains(tree, EncodingId::kLz4)) {
            break;
          }
        }
      }
    }
  }
}

TEST_P(StreamOfType, DecodesPagesOfMoreThan64KiValues) {
  const PhysicalType type = GetParam();
  const uint64_t count = 65537;
  for (const ValueSet& set : MakeValueSets(type, count)) {
    for (const EncodingTree& tree :
         AllTrees(type, {.dictionary = true, .symbol_table = true})) {
      if (tree.nodes.size() > 2 && tree.nodes[0].id != EncodingId::kRunEnd &&
          tree.nodes[0].id != EncodingId::kSparse) {
        continue;
      }
      SCOPED_TRACE(set.name + " by " + tree.ToString());
      const auto encoded = EncodeSet(tree, set, false);
      ASSERT_TRUE(encoded.has_value());
      ASSERT_NO_FATAL_FAILURE(CheckDecoding(*encoded, set));
    }
  }
}

TEST_P(StreamOfType, WritesTheSameBytesForTheSameValues) {
  const PhysicalType type = GetParam();
  for (const ValueSet& set : MakeValueSets(type, 1500)) {
    for (const EncodingTree& tree :
         AllTrees(type, {.dictionary = true, .symbol_table = true})) {
      const auto first = EncodeSet(tree, set, true);
      const auto second = EncodeSet(tree, set, true);
      ASSERT_TRUE(first && second);
      ASSERT_EQ(first->stream, second->stream) << tree.ToString();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AllTypes, StreamOfType, testing::ValuesIn(TestTypes()),
                         [](const auto& test) { return TypeName(test.param); });

}  // namespace
}  // namespace lancer::encoding
