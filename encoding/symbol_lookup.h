// SymbolLookup: finds the longest symbol that a text starts with, as writers and the
// trainer of a symbol table need it.
//
// Each size below 8 has its place looked at, without a jump, since nothing here can be
// predicted; longer symbols are looked for where an entry says that some begin with these
// eight bytes. A symbol that finds its place taken is refused. Ownership: a value. Thread
// rule: safe for concurrent const calls.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "encoding/byte_order.h"

namespace lancer::encoding {

inline constexpr unsigned kMaxSymbolBytes = 16;
// Codes below stand for the byte of their number, the others for symbols.
inline constexpr unsigned kFirstSymbolCode = 256;

// Up to sixteen bytes, little-endian, with zeros behind them.
struct Sixteen {
  uint64_t low = 0;
  uint64_t high = 0;
  friend bool operator==(const Sixteen&, const Sixteen&) = default;
};

// The first `size` bytes of a text, at most 16.
inline Sixteen FirstBytes(Sixteen text, size_t size) {
  static constexpr auto kMasks = [] {
    std::array<Sixteen, kMaxSymbolBytes + 1> masks{};
    for (unsigned i = 1; i <= kMaxSymbolBytes; ++i) {
      masks[i] = masks[i - 1];
      (i <= 8 ? masks[i].low : masks[i].high) |= uint64_t{0xFF} << (8 * ((i - 1) % 8));
    }
    return masks;
  }();
  return {text.low & kMasks[size].low, text.high & kMasks[size].high};
}

// At most sixteen bytes at `at` of a text that has so many left.
inline Sixteen LoadSixteen(std::span<const std::byte> data, size_t at, size_t left) {
  if (data.size() - at >= kMaxSymbolBytes) {
    const Sixteen text{LoadLe<uint64_t>(data.data() + at),
                       LoadLe<uint64_t>(data.data() + at + 8)};
    return FirstBytes(text, left < kMaxSymbolBytes ? left : kMaxSymbolBytes);
  }
  std::array<std::byte, kMaxSymbolBytes> padded{};
  std::memcpy(padded.data(), data.data() + at, left);
  return {LoadLe<uint64_t>(padded.data()), LoadLe<uint64_t>(padded.data() + 8)};
}

struct Symbol {
  Sixteen text;
  uint8_t size = 0;
  friend bool operator==(const Symbol&, const Symbol&) = default;
};

// The first symbol, then the second: at most 16 bytes together.
inline Symbol Joined(const Symbol& first, const Symbol& second) {
  std::array<std::byte, size_t{2} * kMaxSymbolBytes> text{};
  StoreLe(text.data(), first.text.low);
  StoreLe(text.data() + 8, first.text.high);
  StoreLe(text.data() + first.size, second.text.low);
  StoreLe(text.data() + first.size + 8, second.text.high);
  return {{LoadLe<uint64_t>(text.data()), LoadLe<uint64_t>(text.data() + 8)},
          static_cast<uint8_t>(first.size + second.size)};
}

class SymbolLookup {
 public:
  struct Match {
    unsigned code = 0;
    unsigned size = 0;
  };

  SymbolLookup();

  // Gives the symbol the next code, from kFirstSymbolCode on; false when it is there
  // already, or cannot be found beside those that are. REQUIRES: 2 to 16 bytes, fewer
  // than 3,840 symbols.
  bool Add(const Symbol& symbol);
  // The next code is left out.
  void Skip() { symbols_.emplace_back(); }
  unsigned next_code() const { return static_cast<unsigned>(symbols_.size()); }
  // REQUIRES: code < next_code().
  const Symbol& symbol(unsigned code) const { return symbols_[code]; }

  // The longest symbol at the start of a text of `left` > 0 bytes, of which `text` is the
  // first, with zeros behind a shorter one; else its first byte.
  Match Find(Sixteen text, size_t left) const {
    uint32_t found = pairs_[text.low & 0xFFFF];
    const auto look = [&](const Place& place) {
      const uint32_t entry = entries_[place.slot];
      found = IsAt(place, entry) ? entry : found;
    };
    look(PlaceOf<3>(text.low));
    look(PlaceOf<4>(text.low));
    look(PlaceOf<5>(text.low));
    look(PlaceOf<6>(text.low));
    look(PlaceOf<7>(text.low));
    const Place begin = PlaceOf<8>(text.low);
    const uint32_t longer = entries_[begin.slot];
    if (IsAt(begin, longer)) {
      const Match match = FindLonger(text, longer & kCodeMask, left);
      if (match.size > 0) {
        return match;
      }
    }
    // The size is not read from the symbol, so that the next search can begin before it
    // is there.
    const Match match{found & kCodeMask, (found >> kCodeBits & kSizeMask) + 1};
    const uint64_t other = symbols_[match.code].text.low ^ text.low;
    const bool same = other << (64 - 8 * match.size) == 0;
    return same && match.size <= left ? match : FindWithin(text, left);
  }

 private:
  static constexpr unsigned kCodeBits = 12;
  static constexpr uint32_t kCodeMask = (1U << kCodeBits) - 1;
  static constexpr unsigned kSlotBits = 13;  // of each size
  static constexpr unsigned kLongBits = 14;

  static constexpr uint32_t kSizeMask = 15;
  static constexpr uint32_t kTagMask = ~uint32_t{0} << 16;

  // Entries are [part of the hash: 16 bits][size - 1: 4 bits][code: 12 bits]; those of
  // eight bytes have a bit for each size from 8 on that begins with them in the place of
  // the code.
  struct Place {
    size_t slot = 0;
    uint32_t tag = 0;  // the entry without size and code
  };

  template <unsigned kSize>
  static Place PlaceOf(uint64_t low) {
    constexpr uint64_t kMask = ~uint64_t{0} >> (64 - 8 * kSize);
    const uint64_t hash = (low & kMask) * 0x9E3779B97F4A7C15ULL;
    return {
        static_cast<size_t>(hash >> (64 - kSlotBits)) | size_t{kSize - 3} << kSlotBits,
        static_cast<uint32_t>(hash >> 16) & kTagMask};
  }
  static Place PlaceOf(uint64_t low, unsigned size);
  // An empty place has code 0, which no entry has.
  static bool IsAt(const Place& place, uint32_t entry) {
    return (entry ^ place.tag) - 1 < 0xFFFF;
  }
  static uint32_t SizedCode(unsigned size, uint32_t code) {
    return (size - 1) << kCodeBits | code;
  }
  static size_t LongSlot(Sixteen text, unsigned size) {
    const uint64_t mixed = text.low ^ std::rotl(text.high * 0xD6E8FEB86659FD93ULL, 32);
    return (mixed * 0x9E3779B97F4A7C15ULL + size * 0xA0761D6478BD642FULL) >>
           (64 - kLongBits);
  }
  Match FindLonger(Sixteen text, uint32_t sizes, size_t left) const {
    while (sizes != 0) {
      const auto highest = static_cast<unsigned>(std::bit_width(sizes)) - 1;
      const unsigned size = 8 + highest;
      const Sixteen start = FirstBytes(text, size);
      const uint32_t code = longs_[LongSlot(start, size)];
      const Symbol& held = symbols_[code];
      if (held.size == size && held.text == start && size <= left) {
        return {code, size};
      }
      sizes ^= 1U << highest;
    }
    return {};
  }
  // The code of exactly this symbol, or 0.
  uint32_t CodeOf(const Symbol& symbol) const;
  // When parts of hashes were equal, but not the texts, or zeros behind the text seemed
  // to belong to it.
  Match FindWithin(Sixteen text, size_t left) const;

  std::vector<uint16_t> pairs_;    // by two bytes: [size - 1][code], or that of the first
  std::vector<uint32_t> entries_;  // by size, from 3 to 8
  std::vector<uint16_t> longs_;    // codes of symbols of 8 bytes and more; 0: none
  std::vector<Symbol> symbols_;    // by code; bytes first
};

}  // namespace lancer::encoding
