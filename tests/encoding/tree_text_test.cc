#include "encoding/tree_text.h"

#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "encoding/codec_prepared.h"
#include "encoding/ffor.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(TreeText, EveryTreeComesBackFromItsText) {
  const LeafHas leaf{.dictionary = true,
                     .symbol_table = true,
                     .tensor = {.elements = 3072, .row = 96, .channels = 3}};
  for (const PhysicalType type : TestTypes()) {
    std::vector<EncodingTree> trees = AllTrees(type, leaf);
    for (const Profile profile :
         {Profile::kRandom, Profile::kCompact, Profile::kArchive}) {
      const auto more = CandidateTrees(type, profile, leaf);
      trees.insert(trees.end(), more.begin(), more.end());
    }
    for (const EncodingTree& tree : trees) {
      SCOPED_TRACE(tree.ToString());
      const auto back = ParseTree(tree.ToString());
      ASSERT_TRUE(back.has_value()) << back.error().ToString();
      EXPECT_EQ(*back, tree);
    }
  }
}

TEST(TreeText, NamesParameters) {
  using enum EncodingId;
  EXPECT_EQ((EncodingTree{{{kZstd, 1, 0}, {kShuffle, 0, 0}}}).ToString(),
            "zstd:3(shuffle)");
  EXPECT_EQ((EncodingTree{{{kZstd, 1, kFewMatches}, {kShuffle, 0, 2}}}).ToString(),
            "zstd:few_matches(shuffle:exponents)");
  EXPECT_EQ((EncodingTree{{{kFfor, 0, kFforWithoutPatches}}}).ToString(),
            "ffor:one_width");
  EXPECT_EQ((EncodingTree{{{kShuffle, 0, 9}}}).ToString(), "shuffle:9");
  EXPECT_EQ(*ParseTree("delta_base:unsigned(ffor:patches)"),
            *ParseTree("delta_base(ffor)"));
  EXPECT_EQ(*ParseTree("cast:half(shuffle:bytes)"), *ParseTree("cast(shuffle)"));
}

TEST(TreeText, LevelsOfZstdAreThoseOfTheCodec) {
  for (size_t i = 0; i < kZstdFewMatches; ++i) {
    const auto tree = ParseTree("zstd:" + std::to_string(kZstdLevels[i]));
    ASSERT_TRUE(tree.has_value());
    EXPECT_EQ(tree->nodes[0].parameter, i);
  }
}

TEST(TreeText, OnlyAnUnnamedLevelIsThatOfTheProfile) {
  EncodingTree tree = *ParseTree("var_bytes(zstd(ffor), zstd:3)");
  EXPECT_EQ(tree.ToString(), "var_bytes(zstd(ffor), zstd:3)");
  SetLevel(Profile::kArchive, &tree);
  EXPECT_EQ(tree.ToString(), "var_bytes(zstd:15(ffor), zstd:3)");
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
      {"zstd:7", "encoding zstd has no parameter \"7\"; it has 3, 5, 15, few_matches"},
      {"zstd(shuffle:)", "encoding shuffle has no parameter \"\"; it has bytes, bits"},
      {"plain:bits", "encoding plain takes no parameter, found \"bits\""},
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
