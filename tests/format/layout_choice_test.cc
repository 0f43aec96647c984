#include "format/layout_choice.h"

#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "tests/format/input_fixture.h"

namespace lancer::format {
namespace {

using encoding::Choice;
using encoding::EncodingId;
using encoding::EncodingTree;

Choice Fixed(EncodingTree tree) {
  return {.tree = std::move(tree), .bytes_per_value = 8, .stride_fixed = true};
}
Choice Varying(EncodingTree tree) {
  return {.tree = std::move(tree), .bytes_per_value = 8};
}

EncodingTree TreeOf(EncodingId id) {
  EncodingTree tree;
  tree.nodes.push_back({.id = id});
  return tree;
}

ArrayPtr Texts(size_t bytes) {
  return test::MakeStringArray({std::string(bytes, 'x'), std::string(bytes, 'y')});
}

TEST(ChooseLayout, FixedStridesAreUniform) {
  const InputFixture numbers(test::MakeInt64Array({1, 2}));
  EXPECT_EQ(ChooseLayout(numbers.input, Fixed(TreeOf(EncodingId::kPlain))),
            LayoutKind::kUniform);
  EXPECT_EQ(ChooseLayout(numbers.input, Varying(TreeOf(EncodingId::kFfor))),
            LayoutKind::kBlocks);
}

TEST(ChooseLayout, ListsAndByteStringsAreNotUniform) {
  const InputFixture lists(test::MakeListArray({2}, test::MakeInt64Array({1, 2})));
  EXPECT_EQ(ChooseLayout(lists.input, Fixed(TreeOf(EncodingId::kPlain))),
            LayoutKind::kBlocks);
  const InputFixture text(Texts(4));
  EXPECT_EQ(ChooseLayout(text.input, Fixed(TreeOf(EncodingId::kPlain))),
            LayoutKind::kBlocks);
}

TEST(ChooseLayout, AConstantIsUniformUnlessItIsLong) {
  const InputFixture text(Texts(64 << 10));
  EXPECT_TRUE(FitsUniform(text.input, Fixed(encoding::ConstantTree())));
  const InputFixture longer(Texts((64 << 10) + 1));
  EXPECT_FALSE(FitsUniform(longer.input, Fixed(encoding::ConstantTree())));
}

TEST(ChooseLayout, VectorsWithNullItemsAreNotUniform) {
  const TypePtr type =
      DataType::FixedSizeList(test::Nullable("item", DataType::Make(TypeKind::kInt8)), 2);
  const InputFixture full(
      test::MakeFixedSizeListArray(type, 2, test::MakeInt8Array({1, 2, 3, 4}), {}));
  const InputFixture holes(test::MakeFixedSizeListArray(
      type, 2, test::MakeInt8Array({1, std::nullopt, 3, 4}), {}));
  EXPECT_TRUE(FitsUniform(full.input, Fixed(TreeOf(EncodingId::kPlain))));
  EXPECT_FALSE(FitsUniform(holes.input, Fixed(TreeOf(EncodingId::kPlain))));
}

TEST(ChooseLayout, LongByteStringsStandAlone) {
  struct Case {
    size_t bytes;
    Profile profile;
    EncodingId top;
    LayoutKind layout;
  };
  for (const Case& c : {
           Case{1000, Profile::kRandom, EncodingId::kVarBytes, LayoutKind::kBlocks},
           Case{1024, Profile::kRandom, EncodingId::kVarBytes, LayoutKind::kVariable},
           Case{4096, Profile::kRandom, EncodingId::kDict, LayoutKind::kBlocks},
           Case{4096, Profile::kRandom, EncodingId::kZstd, LayoutKind::kBlocks},
           Case{4097, Profile::kRandom, EncodingId::kZstd, LayoutKind::kVariable},
           Case{4097, Profile::kCompact, EncodingId::kZstd, LayoutKind::kBlocks},
           Case{65537, Profile::kCompact, EncodingId::kZstd, LayoutKind::kVariable},
       }) {
    const InputFixture text(Texts(c.bytes), c.profile);
    EXPECT_EQ(ChooseLayout(text.input, Varying(TreeOf(c.top))), c.layout)
        << c.bytes << " " << static_cast<int>(c.top);
  }
}

TEST(HasCodec, FindsOneAnywhereInTheTree) {
  EXPECT_TRUE(HasCodec(TreeOf(EncodingId::kZstd)));
  EXPECT_TRUE(HasCodec(TreeOf(EncodingId::kLz4)));
  EXPECT_FALSE(HasCodec(TreeOf(EncodingId::kFfor)));
}

}  // namespace
}  // namespace lancer::format
