#include "encoding/left_parts.h"

#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <vector>

#include "encoding/byte_order.h"

namespace lancer::encoding {
namespace {

LeftParts PartsOf(const std::vector<double>& values) {
  std::vector<std::byte> bytes(values.size() * 8);
  for (size_t i = 0; i < values.size(); ++i) {
    StoreLe(bytes.data() + i * 8, std::bit_cast<uint64_t>(values[i]));
  }
  return ChooseLeftParts(8, bytes.data(), values.size());
}

TEST(LeftParts, AreSignAndExponentOfEvenlySpreadValues) {
  std::mt19937_64 random(1);
  std::vector<double> values(10000);
  for (double& value : values) {
    value = 1 + static_cast<double>(random() >> 11) * 0x1p-53;
  }
  const LeftParts one = PartsOf(values);
  EXPECT_EQ(one.right_bits, 52U);
  EXPECT_EQ(one.count, 1U);
  EXPECT_EQ(one.parts[0], 0x3FF);
  for (size_t i = 0; i < values.size(); i += 3) {
    values[i] = -values[i];
  }
  const LeftParts two = PartsOf(values);
  EXPECT_EQ(two.right_bits, 52U);
  EXPECT_EQ(two.count, 2U);
  EXPECT_EQ(two.parts[0], 0x3FF);  // the more frequent one
  EXPECT_EQ(two.parts[1], 0xBFF);
}

TEST(LeftParts, ReachIntoTheMantissaWhereItBeginsAlike) {
  std::mt19937_64 random(2);
  std::vector<double> values(500);
  for (double& value : values) {
    value = 1.5 + static_cast<double>(random() >> 16) * 0x1p-60;
  }
  const LeftParts parts = PartsOf(values);
  EXPECT_EQ(parts.right_bits, 64 - kMaxLeftBits);
  EXPECT_EQ(parts.count, 1U);
  EXPECT_EQ(parts.parts[0], 0x3FF8);
}

TEST(LeftParts, LeaveRareOnesOut) {
  std::vector<double> values(1000, 1.25);
  values[0] = 1e-300;
  values[500] = -1e300;
  EXPECT_EQ(PartsOf(values).count, 1U);
}

TEST(LeftParts, ThereIsOneEvenOfNoValues) {
  EXPECT_EQ(PartsOf({}).count, 1U);
  EXPECT_EQ(PartsOf({}).right_bits, 63U);
  EXPECT_EQ(ChooseLeftParts(4, nullptr, 0).right_bits, 31U);
}

}  // namespace
}  // namespace lancer::encoding
