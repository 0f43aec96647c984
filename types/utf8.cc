#include "types/utf8.h"

#include <cstdint>
#include <cstring>

namespace lancer {
namespace {

unsigned At(std::span<const std::byte> bytes, size_t i) {
  return std::to_integer<unsigned>(bytes[i]);
}

// The ranges of the second byte are those of the Unicode standard's table 3-7.
struct LeadRange {
  unsigned first;  // lead bytes first..last
  unsigned last;
  size_t length;
  unsigned second_low;  // allowed second bytes
  unsigned second_high;
};
constexpr LeadRange kLeadRanges[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

}  // namespace

bool IsAscii(std::span<const std::byte> bytes) {
  constexpr uint64_t kHighBits = 0x8080808080808080U;
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    if ((word & kHighBits) != 0) {
      return false;
    }
  }
  for (; i < bytes.size(); ++i) {
    if (At(bytes, i) >= 0x80) {
      return false;
    }
  }
  return true;
}

size_t Utf8SequenceLength(std::span<const std::byte> bytes) {
  if (bytes.empty()) {
    return 0;
  }
  unsigned lead = At(bytes, 0);
  if (lead < 0x80) {
    return 1;
  }
  for (const LeadRange& range : kLeadRanges) {
    if (lead < range.first || lead > range.last) {
      continue;
    }
    if (bytes.size() < range.length || At(bytes, 1) < range.second_low ||
        At(bytes, 1) > range.second_high) {
      return 0;
    }
    for (size_t i = 2; i < range.length; ++i) {
      if ((At(bytes, i) & 0xC0) != 0x80) {
        return 0;
      }
    }
    return range.length;
  }
  return 0;
}

bool IsUtf8(std::span<const std::byte> bytes) {
  constexpr size_t kBlock = 64;  // skips ASCII in strides
  while (!bytes.empty()) {
    if (bytes.size() >= kBlock && IsAscii(bytes.first(kBlock))) {
      bytes = bytes.subspan(kBlock);
      continue;
    }
    size_t length = Utf8SequenceLength(bytes);
    if (length == 0) {
      return false;
    }
    bytes = bytes.subspan(length);
  }
  return true;
}

bool IsUtf8(std::string_view text) { return IsUtf8(std::as_bytes(std::span(text))); }

}  // namespace lancer
