#include "types/gather.h"

#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"
#include "types/array_equals.h"

namespace lancer {
namespace {

TEST(Gather, PicksRowsOfEveryTypeInAnyOrder) {
  std::mt19937_64 rng(5);
  for (int i = 0; i < 300; ++i) {
    Field field = test::RandomField(rng, 3, {.unstorable_types = true});
    SCOPED_TRACE(field.type->ToString());
    ArrayPtr array = test::RandomArray(field, 40, rng);
    std::vector<int64_t> rows;
    for (int n = 0; n < 70; ++n) {
      rows.push_back(static_cast<int64_t>(rng() % 41) - 1);
    }
    Result<ArrayPtr> gathered = Gather(*array, rows);
    ASSERT_TRUE(gathered.has_value()) << gathered.status().ToString();
    Status status = (*gathered)->Validate("x", /*full=*/true);
    ASSERT_TRUE(status.ok()) << status.ToString();
    for (size_t n = 0; n < rows.size(); ++n) {
      auto row = static_cast<int64_t>(n);
      if (rows[n] == kNullRow) {
        ASSERT_FALSE((*gathered)->IsValid(row));
      } else {
        ASSERT_TRUE(EqualRows(**gathered, row, *array, rows[n], 1)) << "row " << n;
      }
    }
  }
}

TEST(Gather, OfNoRowsIsEmpty) {
  Result<ArrayPtr> gathered = Gather(*test::MakeStringArray({"a"}), {});
  ASSERT_TRUE(gathered.has_value());
  EXPECT_EQ((*gathered)->length(), 0);
}

TEST(Gather, RefusesMoreThanOffsetsHold) {
  ArrayPtr array = test::MakeStringArray({std::string(1 << 20, 'a')});
  std::vector<int64_t> rows(1 << 11, 0);
  EXPECT_EQ(Gather(*array, rows).status().code(), StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace lancer
