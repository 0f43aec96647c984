#include "types/gather.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/arrays/random_arrays.h"

namespace lancer {
namespace {

TEST(Gather, PicksRowsOfEveryTypeInAnyOrder) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    std::mt19937_64 random(seed);
    Field field = RandomField(random, 3);
    ArrayPtr array = RandomArray(field, 50, random)->Slice(3, 40);
    std::vector<uint32_t> rows;
    for (int i = 0; i < 70; ++i) {
      rows.push_back(static_cast<uint32_t>(random() % 40));
    }
    auto gathered = Gather(array, rows);
    ASSERT_TRUE(gathered.has_value()) << gathered.error().ToString();
    ASSERT_TRUE((*gathered)->Validate("gathered").ok()) << field.type->ToString();
    for (size_t i = 0; i < rows.size(); ++i) {
      ArrayPtr one = (*gathered)->Slice(static_cast<int64_t>(i), 1);
      ASSERT_TRUE(one->Equals(*array->Slice(rows[i], 1)))
          << "seed " << seed << ", row " << i << ", " << field.type->ToString();
    }
  }
}

TEST(Gather, OfNoRowsIsEmpty) {
  std::mt19937_64 random(1);
  Field field = RandomField(random, 2);
  auto gathered = Gather(RandomArray(field, 10, random), {});
  ASSERT_TRUE(gathered.has_value());
  EXPECT_EQ((*gathered)->length(), 0);
}

}  // namespace
}  // namespace lancer
