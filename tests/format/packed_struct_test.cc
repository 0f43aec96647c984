#include "format/packed_struct.h"

#include <gtest/gtest.h>

#include "format/leaf.h"
#include "tests/format/file_fixture.h"
#include "tests/format/hex_example.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"

namespace lancer::format {
namespace {

using enum TypeKind;
using test::Nullable;
using test::Required;

Field Packed(std::vector<Field> children) {
  Field field = Nullable("p", DataType::Struct(std::move(children)));
  field.metadata = {{"lancer.packed", "true"}};
  return field;
}

Field Example() {
  return Packed({Required("a", DataType::Make(kInt16)),
                 Nullable("b", DataType::Make(kBool)),
                 Nullable("c", DataType::Make(kInt32))});
}

ArrayPtr ExampleRows() {
  return test::MakeStructArray(
      Example().type, 2,
      {test::MakeInt16Array({-2, 3}), test::MakeBoolArray({true, std::nullopt}),
       test::MakeInt32Array({std::nullopt, 7})});
}

TEST(PackedStruct, RowsAreTheBytesOfTheSpecification) {
  const ArrayPtr packed = PackRows(Example(), *ExampleRows());
  EXPECT_EQ(packed->type()->ToString(), "fixed_size_binary[8]");
  EXPECT_EQ(HexLines(packed->buffer(1)->bytes()), HexExample("types_packed_rows"));
  EXPECT_TRUE(UnpackRows(Example(), *packed)->Equals(*ExampleRows()));
}

TEST(PackedStruct, IsOneLeafOfAllItsFields) {
  const std::vector<LeafShape> leaves = LeavesOf(Example());
  ASSERT_EQ(leaves.size(), 1U);
  EXPECT_EQ(LeafCount(Example()), 1U);
  EXPECT_TRUE(leaves[0].packed);
  EXPECT_TRUE(leaves[0].levels.empty());
  EXPECT_EQ(leaves[0].type.width, 8U);
  EXPECT_EQ(leaves[0].type.number, encoding::NumberKind::kOpaque);
  Field plain = Example();
  plain.metadata.clear();
  EXPECT_EQ(LeavesOf(plain).size(), 3U);
}

TEST(PackedStruct, WithFieldsOfOtherKindsIsNone) {
  const TypePtr int32 = DataType::Make(kInt32);
  for (const TypePtr& type :
       {DataType::Make(kString), DataType::Make(kNull), DataType::Struct({}),
        DataType::List(Nullable("item", int32)), DataType::Dictionary(int32, int32),
        DataType::FixedSizeList(Nullable("item", int32), 2)}) {
    const Field field = Packed({Nullable("x", int32), Nullable("y z", type)});
    EXPECT_FALSE(IsPacked(field));
    EXPECT_EQ(CheckPacked(field).message(),
              "its field \"y z\" is of type " + type->ToString() +
                  "; a packed struct holds fields of fixed width only");
  }
  EXPECT_FALSE(CheckPacked(Packed({})).ok());
}

// A packed struct of up to 20 fields of any kind that it can hold.
Field RandomPacked(std::mt19937_64& rng) {
  std::vector<Field> children;
  while (children.empty() || rng() % 20 != 0) {
    Field child = test::RandomField(rng, 0);
    child.name = "f" + std::to_string(children.size());
    if (CheckPacked(Packed({child})).ok()) {
      children.push_back(std::move(child));
    }
  }
  Field field = Packed(std::move(children));
  field.nullable = rng() % 2 == 0;
  return field;
}

TEST(PackedStruct, FilesGiveBackRandomRows) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 rng(seed);
    Field alone = RandomPacked(rng);
    Field list = Nullable("list", DataType::List(RandomPacked(rng)));
    Field vectors = Nullable("v", DataType::FixedSizeList(RandomPacked(rng), 2));
    const auto schema = std::make_shared<const Schema>(std::vector{alone, list, vectors});
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + schema->ToString());
    const Batch batch = test::RandomBatch(schema, 3000, rng);
    const ContextPtr context = MemoryContext();
    ASSERT_NO_FATAL_FAILURE(
        WriteFile(context, "a.lancer", {batch},
                  {.random_encodings = seed % 2 == 0, .page_bytes = 64 << 10}));
    const auto reader =
        OpenOrFail(context, "a.lancer", seed % 3 == 0 ? MapMode::kNever : MapMode::kAuto);
    auto scan = reader->Scan({.batch_rows = 700});
    const auto all = ReadAll(scan->get());
    ASSERT_TRUE(all.has_value()) << all.error().ToString();
    ASSERT_TRUE(all->Equals(batch));
    const std::vector<uint64_t> rows = {2999, 0, 17, 17, 1500};
    const auto taken = reader->Take(rows);
    ASSERT_TRUE(taken.has_value()) << taken.error().ToString();
    for (size_t i = 0; i < rows.size(); ++i) {
      ASSERT_TRUE(taken->Slice(static_cast<int64_t>(i), 1)
                      .Equals(batch.Slice(static_cast<int64_t>(rows[i]), 1)));
    }
    const auto report = reader->Verify();
    ASSERT_TRUE(report.has_value());
    EXPECT_TRUE(report->faults.empty());
  }
}

TEST(PackedStruct, HasNoOrder) {
  const Field field = Example();
  const Batch batch{
      std::make_shared<const Schema>(std::vector{field}), 2, {ExampleRows()}};
  const ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {batch});
  const auto reader = OpenOrFail(context, "a.lancer");
  const auto infos = reader->DescribeColumns();
  ASSERT_EQ(infos->size(), 1U);
  EXPECT_EQ((*infos)[0].pages[0].layout, "uniform");
  EXPECT_EQ((*infos)[0].pages[0].min, "");
  EXPECT_EQ((*infos)[0].pages[0].null_count, 0U);
  ScanOptions options;
  options.range = RangeFilter{.column = "p", .lower = ExampleRows()->Slice(0, 1)};
  const auto scan = reader->Scan(options);
  EXPECT_EQ(scan.status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lancer::format
