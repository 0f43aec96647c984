// The generators themselves: other tests rely on their arrays being sound and varied.
#include "tests/support/arrays/random_arrays.h"

#include <gtest/gtest.h>

#include <set>

#include "types/array_layout.h"

namespace lancer::test {
namespace {

TEST(RandomArray, IsValidForEveryStorableType) {
  std::mt19937_64 rng(1);
  std::set<TypeKind> kinds;
  for (int i = 0; i < 600; ++i) {
    Field field = RandomField(rng, i % 4);
    SCOPED_TRACE(field.type->ToString());
    kinds.insert(field.type->kind());
    ASSERT_TRUE(Schema({field}).Validate().ok());
    ArrayPtr array = RandomArray(field, i % 50, rng);
    Status status = array->Validate("x", /*full=*/true);
    ASSERT_TRUE(status.ok()) << status.ToString();
    ASSERT_EQ(array->length(), i % 50);
    Batch batch{std::make_shared<const Schema>(std::vector{field}), i % 50, {array}};
    Status nulls = batch.Validate();
    ASSERT_TRUE(nulls.ok()) << nulls.ToString();
  }
  EXPECT_EQ(kinds.size(), 42U - 3U) << "some storable kind never came";
}

TEST(RandomArray, CoversTypesThatCannotBeStoredWhenAsked) {
  std::mt19937_64 rng(2);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    Field field = RandomField(rng, 2, {.unstorable_types = true});
    refused += Schema({field}).Validate().ok() ? 0 : 1;
    Status status = RandomArray(field, 20, rng)->Validate("x", true);
    ASSERT_TRUE(status.ok()) << field.type->ToString() << ": " << status.ToString();
  }
  EXPECT_GT(refused, 30);
}

TEST(RandomArray, HasTheTrapsOfTheLayout) {
  std::mt19937_64 rng(3);
  Field field{
      .name = "x",
      .type = DataType::List({.name = "item", .type = DataType::Make(TypeKind::kInt8)})};
  int offset = 0;
  int garbage = 0;
  int late_start = 0;
  int uncounted_bitmap = 0;
  for (int i = 0; i < 200; ++i) {
    ArrayPtr array = RandomArray(field, 30, rng);
    offset += array->offset() > 0 ? 1 : 0;
    late_start += array->value_offset(0) > 0 ? 1 : 0;
    uncounted_bitmap += array->validity() != nullptr && array->null_count() == 0 ? 1 : 0;
    for (int64_t row = 0; row < 30; ++row) {
      garbage +=
          !array->IsValid(row) && array->value_offset(row + 1) > array->value_offset(row)
              ? 1
              : 0;
    }
  }
  EXPECT_GT(offset, 0);
  EXPECT_GT(garbage, 0);
  EXPECT_GT(late_start, 0);
  EXPECT_GT(uncounted_bitmap, 0);
}

TEST(RandomArray, RepeatsForTheSameState) {
  std::mt19937_64 first(7);
  std::mt19937_64 second(7);
  auto schema = std::make_shared<const Schema>(RandomSchema(first, 5, 3));
  auto again = std::make_shared<const Schema>(RandomSchema(second, 5, 3));
  EXPECT_TRUE(RandomBatch(schema, 40, first).Equals(RandomBatch(again, 40, second)));
}

TEST(RandomArray, HasNoNullsWhenNoneAreAsked) {
  std::mt19937_64 rng(9);
  for (int i = 0; i < 50; ++i) {
    Field field{.name = "x", .type = DataType::Make(TypeKind::kInt32)};
    EXPECT_EQ(RandomArray(field, 20, rng, {.null_fraction = 0})->null_count(), 0);
  }
}

}  // namespace
}  // namespace lancer::test
