// SymbolLookup: finds the symbol that a text starts with, as writers and the trainer of a
// symbol table need it.
//
// Symbols of three bytes and more stand in a hash table, one per hash of their first
// three bytes; a symbol that finds its slot taken is refused. Shorter ones are found by
// the text's first two bytes. Ownership: a value. Thread rule: safe for concurrent const
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

// Up to 8 bytes, little-endian, with zeros behind them.
struct Symbol {
  uint64_t text = 0;
  uint8_t size = 0;
  friend auto operator<=>(const Symbol&, const Symbol&) = default;
};

// The first `size` bytes of `text`, 1 to 8; all eight for 0.
inline uint64_t FirstBytes(uint64_t text, unsigned size) {
  return text & UINT64_MAX >> ((64 - 8 * size) & 63);
}

class SymbolLookup {
 public:
  struct Match {
    uint8_t code = 0;
    uint8_t size = 0;  // 0: no symbol
  };

  SymbolLookup() : pairs_(size_t{1} << 16) {}

  // False when the symbol is there already, or cannot be found beside those that are.
  bool Add(const Symbol& symbol, uint8_t code) {
    const Match match{code, symbol.size};
    if (symbol.size >= 3) {
      Slot& slot = slots_[SlotOf(symbol.text)];
      if (slot.match.size != 0) {
        return false;
      }
      slot = {symbol.text, match};
      return true;
    }
    Match& held = symbol.size == 2 ? pairs_[symbol.text] : singles_[symbol.text];
    if (held.size == symbol.size) {
      return false;
    }
    held = match;
    if (symbol.size == 2) {
      return true;
    }
    for (size_t second = 0; second < 256; ++second) {
      Match& pair = pairs_[symbol.text | second << 8];
      pair = pair.size == 2 ? pair : match;
    }
    return true;
  }

  // The symbol at the start of eight bytes of text.
  Match Find(uint64_t text) const {
    // Nothing here can be predicted, so both are looked up and one is taken, without a
    // jump.
    const Slot& slot = slots_[SlotOf(text)];
    const Match pair = pairs_[text & 0xFFFF];
    const bool found = static_cast<bool>(
        static_cast<unsigned>(slot.match.size != 0) &
        static_cast<unsigned>(slot.text == FirstBytes(text, slot.match.size)));
    return {found ? slot.match.code : pair.code, found ? slot.match.size : pair.size};
  }

  // The same where only `left` bytes belong to the text, whatever stands behind them.
  Match FindWithin(uint64_t text, size_t left) const {
    const Match match = Find(text);
    if (match.size <= left) {
      return match;
    }
    const Match pair = pairs_[text & 0xFFFF];
    return pair.size <= left ? pair : singles_[text & 0xFF];
  }

 private:
  static constexpr unsigned kSlotBits = 12;
  struct Slot {
    uint64_t text = 0;
    Match match;
  };

  static size_t SlotOf(uint64_t text) {
    const uint64_t hash = FirstBytes(text, 3) * 0x9E3779B97F4A7C15ULL;
    return static_cast<size_t>(hash >> (64 - kSlotBits));
  }

  std::array<Slot, size_t{1} << kSlotBits> slots_{};
  std::vector<Match> pairs_;  // by the first two bytes: a symbol of two or of one
  std::array<Match, 256> singles_{};
};

// The first eight bytes of a text that is not empty, with zeros behind a shorter one.
inline uint64_t FirstEight(std::span<const std::byte> text) {
  if (text.size() >= 8) {
    return LoadLe<uint64_t>(text.data());
  }
  std::array<std::byte, 8> padded{};
  std::memcpy(padded.data(), text.data(), text.size());
  return LoadLe<uint64_t>(padded.data());
}

// Calls `visit(text, match)` for each symbol, or byte without one (size 0), from left to
// right; `text` starts with it.
template <typename Visit>
void ForEachSymbol(const SymbolLookup& lookup, std::span<const std::byte> text,
                   Visit visit) {
  while (!text.empty()) {
    const uint64_t eight = FirstEight(text);
    const SymbolLookup::Match match = lookup.FindWithin(eight, text.size());
    visit(eight, match);
    text = text.subspan(match.size == 0 ? 1 : match.size);
  }
}

}  // namespace lancer::encoding
