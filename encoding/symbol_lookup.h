// SymbolLookup: finds the longest symbol that a text starts with, as writers and the
// trainer of a symbol table need it.
//
// One hash table of entries for all sizes. Of sizes below 8 each has its place looked at,
// without a jump, since nothing here can be predicted; longer symbols are looked for
// where an entry says that some begin with these eight bytes. A symbol that finds its
// place taken is refused. Ownership: a value. Thread rule: safe for concurrent const
// calls.
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
    uint32_t found = static_cast<uint32_t>(text.low & 0xFF);
    for (unsigned size = 2; size < 8; ++size) {
      const uint64_t hash = HashOf({FirstBytes(text, size).low, 0}, size);
      const uint32_t entry = entries_[SlotOf(hash)];
      found = IsOf(entry, hash, size) ? entry : found;
    }
    const uint64_t hash = HashOf({text.low, 0}, kLonger);
    const uint32_t longer = entries_[SlotOf(hash)];
    if (IsOf(longer, hash, kLonger)) {
      found = FindLonger(text, longer, found);
    }
    const Match match{found & kCodeMask, (found >> kCodeBits & 15) + 1};
    return IsAt(match, text, left) ? match : FindOtherwise(text, left);
  }

 private:
  // [part of the hash: 16 bits][size - 1: 4 bits][code: 12 bits]. With `kLonger` as size,
  // the code is a bit for each size from 8 on that begins with these eight bytes.
  static constexpr unsigned kSlotBits = 15;
  static constexpr unsigned kCodeBits = 12;
  static constexpr uint32_t kCodeMask = (1U << kCodeBits) - 1;
  static constexpr unsigned kLonger = 1;

  static uint64_t HashOf(Sixteen text, unsigned size) {
    return (text.low ^ std::rotl(text.high * 0xD6E8FEB86659FD93ULL, 32)) *
               0x9E3779B97F4A7C15ULL +
           size * 0xA0761D6478BD642FULL;
  }
  static size_t SlotOf(uint64_t hash) {
    return static_cast<size_t>(hash >> (64 - kSlotBits));
  }
  static uint32_t EntryOf(uint64_t hash, unsigned size, uint32_t code) {
    return static_cast<uint32_t>(hash >> 16 & 0xFFFF0000) | (size - 1) << kCodeBits |
           code;
  }
  // Parts of the hashes of two sizes may be equal, so the size counts too: codes of one
  // kind of entry mean nothing in another.
  static bool IsOf(uint32_t entry, uint64_t hash, unsigned size) {
    return (entry ^ EntryOf(hash, size, 0)) <= kCodeMask;
  }
  bool IsAt(const Match& match, Sixteen text, size_t left) const {
    const Symbol& held = symbol(match.code);
    return match.size <= left && held.size == match.size &&
           FirstBytes(text, match.size) == held.text;
  }
  uint32_t FindLonger(Sixteen text, uint32_t longer, uint32_t found) const {
    for (uint32_t sizes = longer & kCodeMask; sizes != 0;) {
      const auto highest = static_cast<unsigned>(std::bit_width(sizes)) - 1;
      const unsigned size = 8 + highest;
      const uint64_t hash = HashOf(FirstBytes(text, size), size);
      const uint32_t entry = entries_[SlotOf(hash)];
      if (IsOf(entry, hash, size)) {
        return entry;
      }
      sizes ^= 1U << highest;
    }
    return found;
  }
  // When parts of hashes were equal, but not the texts, or zeros behind the text seemed
  // to belong to it.
  Match FindOtherwise(Sixteen text, size_t left) const;

  std::vector<uint32_t> entries_;
  std::vector<Symbol> symbols_;  // by code; bytes first
};

}  // namespace lancer::encoding
