#include <gtest/gtest.h>

#include <cstring>

#include "format/leaf.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

using test::Nullable;
using test::Required;

TypePtr Int32() { return DataType::Make(TypeKind::kInt32); }

// The leaves of one array, with pointers for Shred.
struct Shredded {
  std::vector<LeafShape> shapes;
  std::vector<LeafBuffer> buffers;

  explicit Shredded(const Field& field) : shapes(LeavesOf(field)) {
    for (const LeafShape& shape : shapes) {
      buffers.push_back(MakeLeafBuffer(shape));
    }
  }
  Status Add(const Field& field, const ArrayPtr& array, int64_t first, int64_t n) {
    std::vector<LeafBuffer*> leaves;
    for (LeafBuffer& buffer : buffers) {
      leaves.push_back(&buffer);
    }
    return Shred(field, array, first, n, leaves);
  }
  std::vector<int32_t> Ints(size_t leaf) const {
    std::vector<int32_t> values(buffers[leaf].values);
    std::memcpy(values.data(), buffers[leaf].fixed.data(), buffers[leaf].fixed.size());
    return values;
  }
  static std::string Bits(const ValidityBuffer& validity) {
    std::string text;
    for (uint64_t i = 0; i < validity.count; ++i) {
      text += validity.IsValid(i) ? '1' : '0';
    }
    return text;
  }
};

TEST(Shred, FillsNullsWithTheNearestValidValueBefore) {
  Field field = Nullable("x", Int32());
  auto array = test::MakeInt32Array({std::nullopt, 7, std::nullopt, std::nullopt, 9});
  Shredded shredded(field);
  ASSERT_TRUE(shredded.Add(field, array, 0, 5).ok());
  ASSERT_TRUE(shredded.Add(field, array, 2, 1).ok());
  EXPECT_EQ(shredded.Ints(0), (std::vector<int32_t>{7, 7, 7, 7, 9, 9}));
  EXPECT_EQ(Shredded::Bits(shredded.buffers[0].validity), "010010");
  EXPECT_EQ(shredded.buffers[0].rows, 6u);
}

TEST(Shred, HidesItemsUnderNullLists) {
  TypePtr type = DataType::List(Nullable("item", Int32()));
  Field field = Nullable("x", type);
  // Row 1 is null but refers to items 1 and 2.
  auto items = test::MakeInt32Array({1, 2, 3, std::nullopt, 5});
  auto array = Array::Make({.type = type,
                            .length = 4,
                            .null_count = 1,
                            .buffers = {test::MakeValidity({true, false, true, true}),
                                        Buffer::Own(std::vector<int32_t>{0, 1, 3, 5, 5})},
                            .children = {items}});
  Shredded shredded(field);
  ASSERT_TRUE(shredded.Add(field, array, 0, 4).ok());
  const LeafBuffer& leaf = shredded.buffers[0];
  EXPECT_EQ(leaf.levels[0].lengths, (std::vector<uint32_t>{1, 0, 2, 0}));
  EXPECT_EQ(Shredded::Bits(leaf.levels[0].validity), "1011");
  EXPECT_EQ(shredded.Ints(0), (std::vector<int32_t>{1, 1, 5}));
  EXPECT_EQ(Shredded::Bits(leaf.validity), "101");
  EXPECT_EQ(leaf.values, 3u);
}

TEST(Shred, KeepsSlotsBelowNullStructs) {
  TypePtr type = DataType::Struct({Nullable("a", Int32()), Required("b", Int32())});
  Field field = Nullable("x", type);
  auto array = test::MakeStructArray(
      type, 3, {test::MakeInt32Array({1, 2, 3}), test::MakeInt32Array({4, 5, 6})},
      {true, false, true});
  Shredded shredded(field);
  ASSERT_TRUE(shredded.Add(field, array, 0, 3).ok());
  EXPECT_EQ(shredded.Ints(0), (std::vector<int32_t>{1, 1, 3}));
  EXPECT_EQ(shredded.Ints(1), (std::vector<int32_t>{4, 4, 6}));
  EXPECT_EQ(Shredded::Bits(shredded.buffers[0].validity), "101");
  EXPECT_EQ(Shredded::Bits(shredded.buffers[1].validity), "111");
}

TEST(Shred, KeepsVectorsWithoutNullItemsBelowNullRows) {
  TypePtr type = DataType::FixedSizeList(Nullable("item", Int32()), 2);
  Field field = Nullable("x", type);
  auto array = test::MakeFixedSizeListArray(
      type, 3, test::MakeInt32Array({1, 2, std::nullopt, std::nullopt, 5, 6}),
      {true, false, true});
  Shredded shredded(field);
  ASSERT_TRUE(shredded.Add(field, array, 0, 3).ok());
  EXPECT_EQ(shredded.Ints(0), (std::vector<int32_t>{1, 2, 2, 2, 5, 6}));
  EXPECT_EQ(shredded.buffers[0].validity.null_count, 0u);
  EXPECT_EQ(Shredded::Bits(shredded.buffers[0].levels[0].validity), "101");
}

TEST(Shred, RepeatsBitsAndDropsBytesUnderNulls) {
  Field flag = Nullable("f", DataType::Make(TypeKind::kBool));
  Shredded flags(flag);
  ASSERT_TRUE(
      flags
          .Add(flag, test::MakeBoolArray({std::nullopt, true, std::nullopt, false}), 0, 4)
          .ok());
  EXPECT_EQ(std::to_integer<int>(flags.buffers[0].fixed.data()[0]) & 15, 0b0111);

  Field text = Nullable("t", DataType::Make(TypeKind::kString));
  auto array =
      Array::Make({.type = text.type,
                   .length = 3,
                   .null_count = 1,
                   .buffers = {test::MakeValidity({true, false, true}),
                               Buffer::Own(std::vector<int32_t>{0, 1, 3, 4}),
                               Buffer::Own(std::vector<char>{'a', 'b', 'c', 'd'})}});
  Shredded texts(text);
  ASSERT_TRUE(texts.Add(text, array, 0, 3).ok());
  EXPECT_EQ(texts.buffers[0].bytes.offsets, (std::vector<uint64_t>{0, 1, 1, 2}));
  EXPECT_EQ(std::memcmp(texts.buffers[0].bytes.data.data(), "ad", 2), 0);
}

TEST(Shred, RefusesRowsOutsideTheArray) {
  Field field = Nullable("x", Int32());
  Shredded shredded(field);
  EXPECT_EQ(shredded.Add(field, test::MakeInt32Array({1}), 1, 1).code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lancer::format
