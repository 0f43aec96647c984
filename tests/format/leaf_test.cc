#include "format/leaf.h"

#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

using encoding::NumberKind;
using encoding::PhysicalKind;
using test::Nullable;
using test::Required;

TypePtr Int64() { return DataType::Make(TypeKind::kInt64); }
TypePtr String() { return DataType::Make(TypeKind::kString); }

TEST(LeavesOf, WalksFieldsInPreOrder) {
  Field field = Nullable(
      "x", DataType::List(Required(
               "item", DataType::Struct({Required("a", Int64()), Nullable("b", String()),
                                         Nullable("c", DataType::Struct({}))}))));
  std::vector<LeafShape> leaves = LeavesOf(field);
  ASSERT_EQ(leaves.size(), 3u);
  EXPECT_EQ(leaves[0].path, (FieldPath{"x", "item", "a"}));
  EXPECT_EQ(leaves[1].path, (FieldPath{"x", "item", "b"}));
  EXPECT_EQ(leaves[2].path, (FieldPath{"x", "item", "c"}));
  for (const LeafShape& leaf : leaves) {
    ASSERT_EQ(leaf.levels.size(), 2u);
    EXPECT_EQ(leaf.levels[0].kind, LevelKind::kList);
    EXPECT_TRUE(leaf.levels[0].nullable);
    EXPECT_EQ(leaf.levels[1].kind, LevelKind::kStruct);
    EXPECT_FALSE(leaf.levels[1].nullable);
    EXPECT_TRUE(leaf.has_lists());
    EXPECT_EQ(leaf.values_per_row(), 0u);
  }
  EXPECT_EQ(leaves[0].type.number, NumberKind::kSigned);
  EXPECT_FALSE(leaves[0].nullable);
  EXPECT_EQ(leaves[1].type.kind, PhysicalKind::kBytes);
  EXPECT_EQ(leaves[2].role, LeafRole::kStructure);
}

TEST(LeavesOf, MultipliesFixedSizes) {
  TypePtr inner =
      DataType::FixedSizeList(Nullable("i", DataType::Make(TypeKind::kFloat32)), 4);
  std::vector<LeafShape> leaves =
      LeavesOf(Nullable("v", DataType::FixedSizeList(Nullable("o", inner), 3)));
  ASSERT_EQ(leaves.size(), 1u);
  EXPECT_EQ(leaves[0].values_per_row(), 12u);
  EXPECT_EQ(leaves[0].row_stride(), 48u);
  EXPECT_FALSE(leaves[0].has_lists());
}

TEST(LeavesOf, SaturatesAbsurdStrides) {
  TypePtr type = Int64();
  for (int i = 0; i < 4; ++i) {
    type = DataType::FixedSizeList(Nullable("i", type), INT32_MAX);
  }
  EXPECT_EQ(LeavesOf(Nullable("v", type))[0].row_stride(), UINT64_MAX);
}

TEST(LeavesOf, LooksThroughDictionaries) {
  TypePtr type = DataType::Dictionary(DataType::Make(TypeKind::kInt8), String());
  std::vector<LeafShape> leaves = LeavesOf(Schema({Nullable("d", type)}));
  ASSERT_EQ(leaves.size(), 1u);
  EXPECT_EQ(leaves[0].type.kind, PhysicalKind::kBytes);
  EXPECT_EQ(leaves[0].declared, type);
}

TEST(ValidityBuffer, HasNoBitmapWithoutNulls) {
  ValidityBuffer validity;
  validity.AppendValid(10);
  const std::byte ones[2] = {std::byte{0xFF}, std::byte{0xFF}};
  validity.Append(ones, 3, 9);
  validity.Append(nullptr, 0, 5);
  EXPECT_EQ(validity.count, 24u);
  EXPECT_EQ(validity.null_count, 0u);
  EXPECT_FALSE(validity.bitmap.has_value());
}

TEST(ValidityBuffer, KeepsBitsAtAnyOffset) {
  ValidityBuffer validity;
  validity.AppendValid(3);
  const std::byte bits[2] = {std::byte{0b10110101}, std::byte{0b1}};
  validity.Append(bits, 1, 8);
  validity.AppendNull(2);
  validity.AppendValid(70);
  const std::string expected =
      "111"
      "01011011"
      "00";
  for (uint64_t i = 0; i < validity.count; ++i) {
    EXPECT_EQ(validity.IsValid(i), i >= expected.size() || expected[i] == '1') << i;
  }
  EXPECT_EQ(validity.null_count, 5u);
  EXPECT_EQ(validity.count, 83u);
}

TEST(LeavesOf, KnowsTheTensorsOfFixedSizeLists) {
  const TypePtr byte = DataType::Make(TypeKind::kUInt8);
  const auto nested = [](TypePtr type, const std::vector<int32_t>& sides) {
    for (size_t i = sides.size(); i > 0; --i) {
      type = DataType::FixedSizeList(Required("item", type), sides[i - 1]);
    }
    return type;
  };
  const auto form = [](const Field& field) { return LeavesOf(field)[0].tensor; };
  using encoding::TensorForm;
  EXPECT_EQ(form(Nullable("x", nested(byte, {20, 30, 3}))), (TensorForm{1800, 90, 3}));
  EXPECT_EQ(form(Nullable("x", nested(byte, {40, 50}))), (TensorForm{2000, 50, 1}));
  EXPECT_EQ(form(Nullable("x", nested(byte, {3, 20, 30}))), (TensorForm{1800, 30, 1}));
  EXPECT_EQ(form(Nullable("x", nested(Int64(), {10, 20}))), (TensorForm{200, 20, 1}));
  // A list of pictures holds pictures.
  EXPECT_EQ(
      form(Nullable("x", DataType::List(Required("item", nested(byte, {20, 30, 3}))))),
      (TensorForm{1800, 90, 3}));
  // Short ones, texts, lists in lists and numbers are none.
  EXPECT_EQ(form(Nullable("x", nested(byte, {10, 30, 3}))), TensorForm{});
  EXPECT_EQ(form(Nullable("x", nested(String(), {20, 30, 3}))), TensorForm{});
  EXPECT_EQ(form(Nullable("x", nested(DataType::List(Required("item", byte)), {2000}))),
            TensorForm{});
  EXPECT_EQ(form(Nullable("x", Int64())), TensorForm{});
  EXPECT_EQ(form(Nullable("x", DataType::FixedSizeBinary(2000))), TensorForm{});
  EXPECT_EQ(form(Nullable("x", nested(byte, {1 << 20, 1 << 20}))), TensorForm{});
  Field tensor = Nullable("x", nested(byte, {1800}));
  tensor.metadata = {{"ARROW:extension:name", "arrow.fixed_shape_tensor"},
                     {"ARROW:extension:metadata", R"({"shape":[20,30,3]})"}};
  EXPECT_EQ(form(tensor), (TensorForm{1800, 90, 3}));
}

TEST(ValuesOf, ShowsTheBuffersMemory) {
  LeafShape shape = LeavesOf(Nullable("s", String()))[0];
  LeafBuffer buffer = MakeLeafBuffer(shape);
  ASSERT_EQ(buffer.bytes.offsets, std::vector<uint64_t>{0});
  encoding::Values empty = ValuesOf(shape, buffer);
  EXPECT_EQ(empty.count, 0u);
  EXPECT_EQ(empty.validity, nullptr);
  ASSERT_EQ(empty.offsets.size(), 1u);
}

}  // namespace
}  // namespace lancer::format
