#include <gtest/gtest.h>

#include "format/leaf.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"

namespace lancer::format {
namespace {

using test::Nullable;

struct LeafSet {
  std::vector<LeafBuffer> buffers;
  std::vector<LeafBuffer*> pointers;

  explicit LeafSet(const Field& field) {
    for (const LeafShape& shape : LeavesOf(field)) {
      buffers.push_back(MakeLeafBuffer(shape));
    }
    for (LeafBuffer& buffer : buffers) {
      pointers.push_back(&buffer);
    }
  }
};

TEST(Assemble, GivesBackRandomNestedArrays) {
  std::mt19937_64 rng(20);
  for (int i = 0; i < 1500; ++i) {
    const Field field = test::RandomField(rng, i % 4);
    SCOPED_TRACE(field.type->ToString());
    const int64_t rows = static_cast<int64_t>(rng() % 60);
    const ArrayPtr array = test::RandomArray(field, rows, rng);
    LeafSet leaves(field);
    // In pieces, as a writer gets them.
    for (int64_t at = 0; at < rows;) {
      const auto part =
          std::min<int64_t>(rows - at, 1 + static_cast<int64_t>(rng() % 40));
      ASSERT_TRUE(Shred(field, array, at, part, leaves.pointers).ok());
      at += part;
    }
    Result<ArrayPtr> back = Assemble(field, leaves.pointers);
    ASSERT_TRUE(back.has_value()) << back.error().ToString();
    const Status valid = (*back)->Validate("x", true);
    ASSERT_TRUE(valid.ok()) << valid.ToString();
    ASSERT_TRUE((*back)->Equals(*array));
    Batch batch{std::make_shared<const Schema>(std::vector{field}), rows, {*back}};
    const Status nulls = batch.Validate();
    ASSERT_TRUE(nulls.ok()) << nulls.ToString();
  }
}

TEST(Assemble, FindsSiblingsThatDisagree) {
  TypePtr item = DataType::Struct({Nullable("a", DataType::Make(TypeKind::kInt8)),
                                   Nullable("b", DataType::Make(TypeKind::kInt8))});
  Field field = Nullable("x", DataType::List(Nullable("item", item)));
  auto items = test::MakeStructArray(
      item, 3, {test::MakeInt8Array({1, 2, 3}), test::MakeInt8Array({4, 5, 6})});
  auto array = test::MakeListArray(field.type, {2, std::nullopt, 1}, items);

  const auto broken = [&](auto damage) {
    LeafSet leaves(field);
    EXPECT_TRUE(Shred(field, array, 0, 3, leaves.pointers).ok());
    damage(&leaves.buffers);
    return Assemble(field, leaves.pointers).status().code();
  };
  using Buffers = std::vector<LeafBuffer>;
  EXPECT_EQ(broken([](Buffers*) {}), StatusCode::kOk);
  EXPECT_EQ(broken([](Buffers* b) {
              (*b)[1].levels[0].lengths = {1, 0, 2};
            }),
            StatusCode::kCorruption);
  EXPECT_EQ(broken([](Buffers* b) { (*b)[0].levels[0].validity = {}; }),
            StatusCode::kCorruption);
  EXPECT_EQ(broken([](Buffers* b) { (*b)[1].levels[1].validity.AppendValid(1); }),
            StatusCode::kCorruption);
  EXPECT_EQ(broken([](Buffers* b) { (*b)[1].values = 2; }), StatusCode::kCorruption);
  EXPECT_EQ(broken([](Buffers* b) { (*b)[1].fixed.Resize(2); }), StatusCode::kCorruption);
  EXPECT_EQ(broken([](Buffers* b) { (*b)[1].rows = 2; }), StatusCode::kCorruption);
}

TEST(Assemble, RefusesMoreItemsThan32BitOffsetsReach) {
  Field narrow =
      Nullable("x", DataType::List(Nullable("n", DataType::Make(TypeKind::kNull))));
  Field wide =
      Nullable("x", DataType::LargeList(Nullable("n", DataType::Make(TypeKind::kNull))));
  for (const Field& field : {narrow, wide}) {
    LeafSet leaves(field);
    LeafBuffer& leaf = leaves.buffers[0];
    leaf.rows = 2;
    leaf.levels[0].validity.AppendValid(2);
    leaf.levels[0].lengths = {0x7FFFFFFF, 1};
    leaf.values = 0x80000000;
    leaf.validity.AppendValid(leaf.values);
    Result<ArrayPtr> array = Assemble(field, leaves.pointers);
    if (field.type->kind() == TypeKind::kLargeList) {
      EXPECT_TRUE(array.has_value());
    } else {
      ASSERT_FALSE(array.has_value());
      EXPECT_EQ(array.error().code(), StatusCode::kResourceExhausted);
      EXPECT_NE(array.error().message().find("column x"), std::string_view::npos);
      EXPECT_NE(array.error().message().find("fewer rows"), std::string_view::npos);
    }
  }
}

}  // namespace
}  // namespace lancer::format
