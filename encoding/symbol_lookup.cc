#include "encoding/symbol_lookup.h"

#include <algorithm>

namespace lancer::encoding {

SymbolLookup::SymbolLookup()
    : pairs_(size_t{1} << 16),
      entries_(size_t{6} << kSlotBits),
      longs_(size_t{1} << kLongBits) {
  for (size_t pair = 0; pair < pairs_.size(); ++pair) {
    pairs_[pair] = static_cast<uint16_t>(pair & 0xFF);
  }
  for (uint64_t byte = 0; byte < kFirstSymbolCode; ++byte) {
    symbols_.push_back({{byte, 0}, 1});
  }
}

SymbolLookup::Place SymbolLookup::PlaceOf(uint64_t low, unsigned size) {
  switch (size) {
    case 3:
      return PlaceOf<3>(low);
    case 4:
      return PlaceOf<4>(low);
    case 5:
      return PlaceOf<5>(low);
    case 6:
      return PlaceOf<6>(low);
    case 7:
      return PlaceOf<7>(low);
    default:
      return PlaceOf<8>(low);
  }
}

bool SymbolLookup::Add(const Symbol& symbol) {
  const auto code = static_cast<uint16_t>(next_code());
  if (symbol.size == 2) {
    uint16_t& pair = pairs_[symbol.text.low];
    if (pair >= kFirstSymbolCode) {
      return false;
    }
    pair = static_cast<uint16_t>(SizedCode(2, code));
  } else {
    const Place place = PlaceOf(symbol.text.low, symbol.size);
    uint32_t& entry = entries_[place.slot];
    if (symbol.size < 8) {
      if (entry != 0) {
        return false;
      }
      entry = place.tag | SizedCode(symbol.size, code);
    } else {
      uint16_t& longer = longs_[LongSlot(symbol.text, symbol.size)];
      if (longer != 0 || (entry != 0 && !IsAt(place, entry))) {
        return false;
      }
      longer = code;
      entry |= place.tag | 1U << (symbol.size - 8);
    }
  }
  symbols_.push_back(symbol);
  return true;
}

uint32_t SymbolLookup::CodeOf(const Symbol& symbol) const {
  uint32_t code = 0;
  if (symbol.size == 2) {
    code = pairs_[symbol.text.low] & kCodeMask;
  } else if (symbol.size < 8) {
    code = entries_[PlaceOf(symbol.text.low, symbol.size).slot] & kCodeMask;
  } else {
    code = longs_[LongSlot(symbol.text, symbol.size)];
  }
  return symbols_[code] == symbol ? code : 0;
}

SymbolLookup::Match SymbolLookup::FindWithin(Sixteen text, size_t left) const {
  for (auto size = static_cast<unsigned>(std::min<size_t>(left, kMaxSymbolBytes));
       size > 1; --size) {
    const uint32_t code = CodeOf({FirstBytes(text, size), static_cast<uint8_t>(size)});
    if (code != 0) {
      return {code, size};
    }
  }
  return {static_cast<unsigned>(text.low & 0xFF), 1};
}

}  // namespace lancer::encoding
