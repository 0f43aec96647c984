#include "encoding/tree_text.h"

#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "encoding/stream.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(TreeText, EveryTreeComesBackFromItsText) {
  for (const PhysicalType type : TestTypes()) {
    for (const EncodingTree& tree :
         AllTrees(type, {.dictionary = true, .symbol_table = true})) {
      SCOPED_TRACE(tree.ToString());
      const auto back = ParseTree(tree.ToString());
      ASSERT_TRUE(back.has_value()) << back.error().ToString();
      EXPECT_EQ(back->ToString(), tree.ToString());
      // A child of cast may need floats of 4 bytes.
      EXPECT_TRUE(CheckTree(*back, type).ok() || Contains(tree, EncodingId::kCast));
    }
  }
}

TEST(TreeText, SpacesDoNotMatter) {
  EXPECT_EQ(ParseTree(" var_bytes ( ffor ,lz4 ) ")->ToString(), "var_bytes(ffor, lz4)");
}

TEST(TreeText, OtherTextIsRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "no encoding tree"},
      {"dict(", "no encoding tree"},
      {"dict()", "no encoding tree"},
      {"dict(ffor", "no encoding tree"},
      {"dict(ffor))", "no encoding tree"},
      {"dict(ffor,)", "no encoding tree"},
      {"plain plain", "no encoding tree"},
      {"(plain)", "no encoding tree"},
      {"fast", "encoding fast is not known"},
      {"entropy", "encoding entropy is not known"},
      {"zstd(zstd(zstd(plain)))", "deeper than 3"},
  };
  for (const auto& [text, says] : cases) {
    const auto tree = ParseTree(text);
    ASSERT_FALSE(tree.has_value()) << text;
    EXPECT_EQ(tree.error().code(), StatusCode::kInvalidArgument);
    EXPECT_NE(tree.error().message().find(says), std::string::npos)
        << tree.error().ToString();
  }
}

}  // namespace
}  // namespace lancer::encoding
