#include "types/format_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace lancer {
namespace {

// A point or an exponent tells a float from an integer: 2 is 2.0.
std::string AsFloat(std::string digits) {
  return digits.find_first_of(".e") == digits.npos ? digits + ".0" : digits;
}

template <typename Float>
std::string Shortest(Float value) {
  if (std::isnan(value)) {
    return "\"NaN\"";
  }
  if (std::isinf(value)) {
    return value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  }
  return AsFloat(fmt::format("{}", value));
}

// The fewest digits of a number of fewer bits than a float: `reads_back` tells whether a
// float becomes the same number.
template <typename ReadsBack>
std::string ShortestOfNarrow(float value, ReadsBack reads_back) {
  if (!std::isfinite(value)) {
    return Shortest(value);
  }
  for (int digits = 1; digits < 5; ++digits) {
    std::string text = fmt::format("{:.{}g}", value, digits);
    if (reads_back(std::strtof(text.c_str(), nullptr))) {
      return AsFloat(std::move(text));
    }
  }
  return AsFloat(fmt::format("{:.5g}", value));  // five digits tell all of them apart
}

// Divides the magnitude (32-bit limbs, least significant first) by 10^9 in place.
uint32_t DivideByBillion(std::vector<uint32_t>* limbs) {
  constexpr uint64_t kBillion = 1'000'000'000;
  uint64_t remainder = 0;
  for (size_t i = limbs->size(); i-- > 0;) {
    uint64_t part = remainder << 32 | (*limbs)[i];
    (*limbs)[i] = static_cast<uint32_t>(part / kBillion);
    remainder = part % kBillion;
  }
  return static_cast<uint32_t>(remainder);
}

// The decimal digits of the magnitude, "0" for zero.
std::string Digits(std::vector<uint32_t> limbs) {
  std::string digits;  // least significant first
  while (std::ranges::any_of(limbs, [](uint32_t limb) { return limb != 0; })) {
    uint32_t part = DivideByBillion(&limbs);
    for (int i = 0; i < 9; ++i) {
      digits.push_back(static_cast<char>('0' + part % 10));
      part /= 10;
    }
  }
  while (digits.size() > 1 && digits.back() == '0') {
    digits.pop_back();
  }
  std::ranges::reverse(digits);
  return digits.empty() ? "0" : digits;
}

void Negate(std::vector<uint32_t>* limbs) {
  uint64_t carry = 1;
  for (uint32_t& limb : *limbs) {
    carry += static_cast<uint32_t>(~limb);
    limb = static_cast<uint32_t>(carry);
    carry >>= 32;
  }
}

}  // namespace

float HalfToFloat(uint16_t bits) {
  int exponent = bits >> 10 & 31;
  int fraction = bits & 1023;
  float magnitude = 0;
  if (exponent == 31) {
    magnitude = fraction == 0 ? INFINITY : NAN;
  } else if (exponent == 0) {
    magnitude = std::ldexp(static_cast<float>(fraction), -24);
  } else {
    magnitude = std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

uint16_t FloatToHalf(float value) {
  auto bits = std::bit_cast<uint32_t>(value);
  auto sign = static_cast<uint16_t>(bits >> 16 & 0x8000);
  float magnitude = std::fabs(value);
  if (std::isnan(value)) {
    return sign | 0x7e00;
  }
  if (magnitude >= 65520.0F) {
    return sign | 0x7c00;
  }
  if (magnitude == 0) {
    return sign;
  }
  int exponent = 0;
  std::frexp(magnitude, &exponent);
  // A half's last place is 2^(exponent - 11), and never below 2^-24.
  int place = std::max(exponent - 11, -24);
  auto units = static_cast<uint32_t>(std::nearbyint(std::ldexp(magnitude, -place)));
  // With the exponent in front, a fraction that rounds up to 2048 carries by itself.
  uint32_t half =
      place == -24 ? units : (static_cast<uint32_t>(place + 24) << 10) + units;
  return static_cast<uint16_t>(sign | half);
}

std::string FormatFloat(float value) { return Shortest(value); }
std::string FormatFloat(double value) { return Shortest(value); }

std::string FormatHalf(uint16_t bits) {
  return ShortestOfNarrow(HalfToFloat(bits),
                          [&](float read) { return FloatToHalf(read) == bits; });
}

std::string FormatBfloat16(uint16_t bits) {
  return ShortestOfNarrow(std::bit_cast<float>(uint32_t{bits} << 16), [&](float read) {
    const auto wide = std::bit_cast<uint32_t>(read);
    return (wide + 0x7FFF + (wide >> 16 & 1)) >> 16 == bits;  // ties to even
  });
}

std::string FormatDecimal(std::span<const std::byte> unscaled, int32_t scale) {
  std::vector<uint32_t> limbs(unscaled.size() / 4);
  for (size_t i = 0; i < limbs.size() * 4; ++i) {
    limbs[i / 4] |= std::to_integer<uint32_t>(unscaled[i]) << (i % 4 * 8);
  }
  bool negative = !limbs.empty() && (limbs.back() & 0x80000000U) != 0;
  if (negative) {
    Negate(&limbs);
  }
  std::string digits = Digits(std::move(limbs));
  // A hostile scale must not make a string of gigabytes.
  constexpr int32_t kMaxZeros = 1000;
  if (scale > kMaxZeros || scale < -kMaxZeros) {
    digits += fmt::format("e{}", -int64_t{scale});
  } else if (scale > 0) {
    auto places = static_cast<size_t>(scale);
    if (digits.size() <= places) {
      digits.insert(0, places + 1 - digits.size(), '0');
    }
    digits.insert(digits.size() - places, 1, '.');
  } else if (digits != "0") {
    digits.append(static_cast<size_t>(-scale), '0');
  }
  return negative ? digits.insert(0, 1, '-') : digits;
}

}  // namespace lancer
