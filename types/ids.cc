#include "lancer/ids.h"

#include <string_view>

namespace lancer {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

void AppendHex(std::byte value, std::string* text) {
  auto number = std::to_integer<unsigned>(value);
  text->push_back(kDigits[number >> 4]);
  text->push_back(kDigits[number & 15]);
}

void AppendHex(uint64_t value, std::string* text) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    AppendHex(static_cast<std::byte>((value >> shift) & 0xff), text);
  }
}

// A dash stands before these bytes of a UUID's text form.
constexpr bool DashBefore(size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

// The digit's value, or 16. Only lower case: one UUID has one spelling, so that file
// names made from it compare as bytes.
unsigned HexValue(char digit) {
  size_t value = kDigits.find(digit);
  return value == std::string_view::npos ? 16U : static_cast<unsigned>(value);
}

}  // namespace

std::string Uuid::ToString() const {
  std::string text;
  text.reserve(36);
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (DashBefore(i)) {
      text.push_back('-');
    }
    AppendHex(bytes[i], &text);
  }
  return text;
}

std::string Uuid::Prefix() const {
  std::string text;
  text.reserve(16);
  for (size_t i = 0; i < 8; ++i) {
    AppendHex(bytes[i], &text);
  }
  return text;
}

Result<Uuid> Uuid::Parse(std::string_view text) {
  auto refuse = [text] {
    return Status::InvalidArgument(
        "not a UUID: expected 8-4-4-4-12 lower-case hexadecimal digits, found \"" +
        std::string(text.substr(0, 64)) + "\"");
  };
  if (text.size() != 36) {
    return refuse();
  }
  Uuid uuid;
  size_t at = 0;
  for (size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (DashBefore(i) && text[at++] != '-') {
      return refuse();
    }
    unsigned high = HexValue(text[at]);
    unsigned low = HexValue(text[at + 1]);
    if (high > 15 || low > 15) {
      return refuse();
    }
    uuid.bytes[i] = static_cast<std::byte>(high << 4 | low);
    at += 2;
  }
  return uuid;
}

std::string Digest::ToString() const {
  std::string text;
  text.reserve(32);
  AppendHex(high, &text);
  AppendHex(low, &text);
  return text;
}

}  // namespace lancer
