#include "types/bitmap.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace lancer {
namespace {

static_assert(std::endian::native == std::endian::little,
              "bitmaps are read eight bytes at a time in little-endian order");

uint64_t Load64(const std::byte* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

// The `count` (1 to 8) bits from bit `offset`, in the low bits of the result.
unsigned LoadBits(const std::byte* bits, int64_t offset, int64_t count) {
  int64_t byte = offset >> 3;
  int64_t shift = offset & 7;
  unsigned word = std::to_integer<unsigned>(bits[byte]) >> shift;
  if (shift + count > 8) {
    word |= std::to_integer<unsigned>(bits[byte + 1]) << (8 - shift);
  }
  return word & ((1U << count) - 1U);
}

}  // namespace

int64_t CountBits(const std::byte* bits, int64_t offset, int64_t length) {
  int64_t end = offset + length;
  int64_t count = 0;
  int64_t i = offset;
  for (; i < end && (i & 7) != 0; ++i) {
    count += GetBit(bits, i) ? 1 : 0;
  }
  for (; end - i >= 64; i += 64) {
    count += std::popcount(Load64(bits + (i >> 3)));
  }
  for (; i < end; ++i) {
    count += GetBit(bits, i) ? 1 : 0;
  }
  return count;
}

void FillBits(std::byte* bits, int64_t offset, int64_t length, bool value) {
  int64_t end = offset + length;
  int64_t i = offset;
  auto put = [&] { value ? SetBit(bits, i) : ClearBit(bits, i); };
  for (; i < end && (i & 7) != 0; ++i) {
    put();
  }
  if (int64_t whole = (end - i) >> 3; whole > 0) {
    std::memset(bits + (i >> 3), value ? 0xff : 0, static_cast<size_t>(whole));
    i += whole << 3;
  }
  for (; i < end; ++i) {
    put();
  }
}

void CopyBits(const std::byte* source, int64_t source_offset, std::byte* target,
              int64_t target_offset, int64_t length) {
  auto copy_one = [&](int64_t i) {
    if (GetBit(source, source_offset + i)) {
      SetBit(target, target_offset + i);
    } else {
      ClearBit(target, target_offset + i);
    }
  };
  int64_t i = 0;
  for (; i < length && ((target_offset + i) & 7) != 0; ++i) {
    copy_one(i);
  }
  int64_t whole = (length - i) >> 3;
  std::byte* out = target + ((target_offset + i) >> 3);
  if (((source_offset + i) & 7) == 0) {
    if (whole > 0) {
      std::memcpy(out, source + ((source_offset + i) >> 3), static_cast<size_t>(whole));
    }
  } else {
    for (int64_t byte = 0; byte < whole; ++byte) {
      out[byte] =
          static_cast<std::byte>(LoadBits(source, source_offset + i + byte * 8, 8));
    }
  }
  for (i += whole << 3; i < length; ++i) {
    copy_one(i);
  }
}

int64_t FindBit(const std::byte* bits, int64_t from, int64_t to, bool value) {
  uint64_t flip = value ? 0 : ~uint64_t{0};
  int64_t i = from;
  for (; i < to && (i & 7) != 0; ++i) {
    if (GetBit(bits, i) == value) {
      return i;
    }
  }
  for (; to - i >= 64; i += 64) {
    if (uint64_t word = Load64(bits + (i >> 3)) ^ flip; word != 0) {
      return i + std::countr_zero(word);
    }
  }
  for (; i < to; ++i) {
    if (GetBit(bits, i) == value) {
      return i;
    }
  }
  return to;
}

}  // namespace lancer
