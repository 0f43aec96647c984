#include "encoding/symbol_lookup.h"

#include <algorithm>

namespace lancer::encoding {

SymbolLookup::SymbolLookup() : entries_(size_t{1} << kSlotBits) {
  for (uint64_t byte = 0; byte < kFirstSymbolCode; ++byte) {
    symbols_.push_back({{byte, 0}, 1});
  }
}

bool SymbolLookup::Add(const Symbol& symbol) {
  const uint64_t hash = HashOf(symbol.text, symbol.size);
  uint32_t& entry = entries_[SlotOf(hash)];
  if (entry != 0) {
    return false;
  }
  if (symbol.size >= 8) {
    const uint64_t begin = HashOf({symbol.text.low, 0}, kLonger);
    uint32_t& longer = entries_[SlotOf(begin)];
    if (&longer == &entry || (longer != 0 && !IsOf(longer, begin, kLonger))) {
      return false;
    }
    longer |= EntryOf(begin, kLonger, 1U << (symbol.size - 8));
  }
  entry = EntryOf(hash, symbol.size, next_code());
  symbols_.push_back(symbol);
  return true;
}

SymbolLookup::Match SymbolLookup::FindOtherwise(Sixteen text, size_t left) const {
  for (auto size = static_cast<unsigned>(std::min<size_t>(left, kMaxSymbolBytes));
       size > 1; --size) {
    const uint64_t hash = HashOf(FirstBytes(text, size), size);
    const uint32_t entry = entries_[SlotOf(hash)];
    const Match match{entry & kCodeMask, size};
    if (IsOf(entry, hash, size) && IsAt(match, text, left)) {
      return match;
    }
  }
  return {static_cast<unsigned>(text.low & 0xFF), 1};
}

}  // namespace lancer::encoding
