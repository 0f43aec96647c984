#include "encoding/distinct.h"

#include <gtest/gtest.h>

#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(Distinct, CountsNarrowAndWideRangesAlike) {
  for (const uint64_t step : {uint64_t{1}, uint64_t{1} << 40}) {
    std::vector<uint64_t> numbers(5000);
    for (uint64_t i = 0; i < numbers.size(); ++i) {
      numbers[i] = (i * 7 % 701) * step;
    }
    Values values;
    values.type = FixedOf(NumberKind::kUnsigned, 8);
    values.count = numbers.size();
    values.data = std::as_bytes(std::span(numbers));
    EXPECT_EQ(CountDistinct(values, ComputeBounds(values)), 701U);
  }
}

// Their bounds are in the order of bytes and say nothing of the range of the numbers that
// the same bytes would be.
TEST(Distinct, CountsOpaqueValuesWithoutTheirBounds) {
  const uint8_t bytes[] = {0x00, 0x10, 0x00, 0xFF, 0x01, 0x10};
  Values values;
  values.type = FixedOf(NumberKind::kOpaque, 2);
  values.count = 3;
  values.data = std::as_bytes(std::span(bytes));
  EXPECT_EQ(CountDistinct(values, ComputeBounds(values)), 3U);
}

}  // namespace
}  // namespace lancer::encoding
