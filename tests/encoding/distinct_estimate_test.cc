#include "encoding/distinct_estimate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "encoding/byte_order.h"

namespace lancer::encoding {
namespace {

Values NumbersOf(const std::vector<uint64_t>& numbers) {
  Values values;
  values.type = {PhysicalKind::kFixed, NumberKind::kUnsigned, 8};
  values.count = numbers.size();
  values.data = std::as_bytes(std::span(numbers));
  return values;
}

TEST(DistinctEstimate, IsWithinFourStandardErrors) {
  for (const uint64_t distinct : {1ULL, 100ULL, 5000ULL, 70000ULL, 300000ULL}) {
    std::vector<uint64_t> numbers;
    for (uint64_t i = 0; i < std::max<uint64_t>(distinct, 100000); ++i) {
      numbers.push_back(i % distinct * 7919);
    }
    const auto estimate = static_cast<double>(EstimateDistinct(NumbersOf(numbers)));
    EXPECT_NEAR(estimate, static_cast<double>(distinct),
                static_cast<double>(distinct) * 4 * 0.0163 + 0.5);
  }
}

TEST(DistinctEstimate, DoesNotDependOnTheOrderAndIsAtMostTheCount) {
  std::vector<uint64_t> numbers(80000);
  std::mt19937_64 random(5);
  for (uint64_t& number : numbers) {
    number = random();
  }
  const uint64_t estimate = EstimateDistinct(NumbersOf(numbers));
  EXPECT_LE(estimate, numbers.size());
  std::ranges::shuffle(numbers, random);
  EXPECT_EQ(EstimateDistinct(NumbersOf(numbers)), estimate);
}

TEST(DistinctEstimate, NullsDoNotCountAndTextDoes) {
  const std::vector<uint64_t> offsets{0, 1, 2, 3, 5};
  const std::vector<std::byte> bytes{std::byte{'a'}, std::byte{'b'}, std::byte{'a'},
                                     std::byte{'a'}, std::byte{'a'}};
  const std::byte valid{0b1101};
  Values values;
  values.type = {PhysicalKind::kBytes, NumberKind::kOpaque, 0};
  values.count = 4;
  values.data = bytes;
  values.offsets = offsets;
  EXPECT_EQ(EstimateDistinct(values), 3U);  // a, b, aa
  values.validity = &valid;
  EXPECT_EQ(EstimateDistinct(values), 2U);  // a, aa
}

}  // namespace
}  // namespace lancer::encoding
