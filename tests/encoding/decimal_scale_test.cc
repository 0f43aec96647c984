#include "encoding/decimal_scale.h"

#include <gtest/gtest.h>

#include <vector>

#include "encoding/byte_order.h"

namespace lancer::encoding {
namespace {

unsigned ScaleOf(const std::vector<double>& values) {
  std::vector<std::byte> bytes(values.size() * 8);
  for (size_t i = 0; i < values.size(); ++i) {
    StoreLe(bytes.data() + i * 8, std::bit_cast<uint64_t>(values[i]));
  }
  return ChooseDecimalScale(8, bytes.data(), values.size());
}

TEST(DecimalScale, IsTheLeastThatHoldsAllDigits) {
  EXPECT_EQ(ScaleOf({}), 0U);
  EXPECT_EQ(ScaleOf({7, 12, 300}), 0U);
  EXPECT_EQ(ScaleOf({7.5, 12, 300}), 1U);
  EXPECT_EQ(ScaleOf({7.5, 12.25, 300.125}), 3U);
  EXPECT_EQ(ScaleOf({1e-22, 3e-22, 4e-22}), 22U);
}

TEST(DecimalScale, LeavesOutAFewOfManyDigits) {
  std::vector<double> values(1000, 0.5);
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] += static_cast<double>(i);
  }
  values[0] = 1.0 / 3;
  values[500] = 0.123456789;
  EXPECT_EQ(ScaleOf(values), 1U);
}

}  // namespace
}  // namespace lancer::encoding
