#include "types/format_number.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace lancer {
namespace {

TEST(Half, EveryValueGoesThroughFloatAndText) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    auto half = static_cast<uint16_t>(bits);
    float value = HalfToFloat(half);
    if (std::isnan(value)) {
      EXPECT_EQ(FormatHalf(half), "\"NaN\"");
      continue;
    }
    ASSERT_EQ(FloatToHalf(value), half);
    if (std::isfinite(value)) {
      ASSERT_EQ(FloatToHalf(std::stof(FormatHalf(half))), half);
    }
  }
}

TEST(Half, RoundsToNearestEven) {
  EXPECT_EQ(FloatToHalf(1.0F + 1.0F / 2048), 0x3c00);  // half way: even
  EXPECT_EQ(FloatToHalf(1.0F + 3.0F / 2048), 0x3c02);  // half way: even
  EXPECT_EQ(FloatToHalf(1.0F + 1.1F / 2048), 0x3c01);  // above half way
  EXPECT_EQ(FloatToHalf(2047.9F / 1024), 0x4000);      // carries into the exponent
  EXPECT_EQ(FloatToHalf(65519.0F), 0x7bff);
  EXPECT_EQ(FloatToHalf(65520.0F), 0x7c00);
  EXPECT_EQ(FloatToHalf(-INFINITY), 0xfc00);
  EXPECT_EQ(FloatToHalf(1e-9F), 0);
}

TEST(FormatHalf, IsShort) {
  EXPECT_EQ(FormatHalf(0x2e66), "0.1");
  EXPECT_EQ(FormatHalf(0x3c00), "1.0");
  EXPECT_EQ(FormatHalf(0x8000), "-0.0");
  EXPECT_EQ(FormatHalf(0x7c00), "\"Infinity\"");
}

TEST(FormatBfloat16, EveryValueReadsBack) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const auto value = std::bit_cast<float>(bits << 16);
    const std::string text = FormatBfloat16(static_cast<uint16_t>(bits));
    if (std::isnan(value)) {
      EXPECT_EQ(text, "\"NaN\"");
    } else if (std::isfinite(value)) {
      // The nearest bfloat16 is the number: what was read is less than half a step away.
      const double read = std::strtod(text.c_str(), nullptr);
      const double next = std::bit_cast<float>((bits + 1) << 16);
      ASSERT_LE(std::abs(read - value), std::abs(next - value) / 2) << text;
    }
  }
}

TEST(FormatBfloat16, IsShort) {
  EXPECT_EQ(FormatBfloat16(0x3dcd), "0.1");
  EXPECT_EQ(FormatBfloat16(0x3f80), "1.0");
  EXPECT_EQ(FormatBfloat16(0x4049), "3.14");
  EXPECT_EQ(FormatBfloat16(0x8000), "-0.0");
  EXPECT_EQ(FormatBfloat16(0x7f7f), "3.39e+38");
  EXPECT_EQ(FormatBfloat16(0xff80), "\"-Infinity\"");
}

TEST(FormatFloat, IsTheShortestThatReadsBack) {
  EXPECT_EQ(FormatFloat(0.1F), "0.1");
  EXPECT_EQ(FormatFloat(0.1), "0.1");
  EXPECT_EQ(FormatFloat(1.0), "1.0");
  EXPECT_EQ(FormatFloat(-0.0), "-0.0");
  EXPECT_EQ(FormatFloat(1e300), "1e+300");
  EXPECT_EQ(FormatFloat(std::numeric_limits<double>::quiet_NaN()), "\"NaN\"");
  EXPECT_EQ(FormatFloat(-std::numeric_limits<float>::infinity()), "\"-Infinity\"");
}

std::string Decimal(int64_t value, size_t width, int32_t scale) {
  std::vector<int64_t> words(4, value < 0 ? -1 : 0);
  words[0] = value;
  return FormatDecimal(std::as_bytes(std::span(words)).first(width), scale);
}

TEST(FormatDecimal, ShowsEveryDigit) {
  for (size_t width : {size_t{8}, size_t{16}, size_t{32}}) {
    EXPECT_EQ(Decimal(0, width, 0), "0");
    EXPECT_EQ(Decimal(0, width, 2), "0.00");
    EXPECT_EQ(Decimal(12345, width, 2), "123.45");
    EXPECT_EQ(Decimal(-5, width, 3), "-0.005");
    EXPECT_EQ(Decimal(-7, width, -3), "-7000");
    EXPECT_EQ(Decimal(INT64_MIN, width, 0), "-9223372036854775808");
    EXPECT_EQ(Decimal(1, width, 2000000000), "1e-2000000000");
  }
  EXPECT_EQ(Decimal(-12, 4, 1), "-1.2");
  std::array<int64_t, 2> lowest = {0, INT64_MIN};
  EXPECT_EQ(FormatDecimal(std::as_bytes(std::span(lowest)), 0),
            "-170141183460469231731687303715884105728");
}

}  // namespace
}  // namespace lancer
