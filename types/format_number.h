// Numbers as text that reads back to the same number.
//
// Ownership: values. Thread rule: no shared state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace lancer {

// The value of IEEE 754 binary16 bits.
float HalfToFloat(uint16_t bits);
// The nearest binary16 to a float, ties to even; too large becomes infinity.
uint16_t FloatToHalf(float value);

// The shortest digits that read back to the same number, always with a point or an
// exponent: 2.0, 1e+300, -0.0. What JSON cannot say as a number
// is a string: "NaN", "Infinity", "-Infinity", with the quotes.
std::string FormatFloat(float value);
std::string FormatFloat(double value);
std::string FormatHalf(uint16_t bits);
// The upper half of a float's bits.
std::string FormatBfloat16(uint16_t bits);

// An integer of 4 to 32 bytes (two's complement, little-endian) divided by 10^scale, with
// every digit and without an exponent.
std::string FormatDecimal(std::span<const std::byte> unscaled, int32_t scale);

}  // namespace lancer
