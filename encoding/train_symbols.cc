// Training of a symbol table in one pass over a sample: the text is taken apart by the
// symbols so far, and two neighbours that were seen together often enough become one
// symbol (OnPair, section 4; see symbol_table.h).
#include <algorithm>
#include <memory>
#include <vector>

#include "encoding/byte_writer.h"
#include "encoding/symbol_lookup.h"
#include "encoding/symbol_table.h"
#include "encoding/values.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kMaxSampleBytes = uint64_t{256} << 10;
constexpr uint64_t kSampledShare = 8;      // one byte of so many, of small pages
constexpr uint64_t kMaxPieceBytes = 512;   // of one value
constexpr uint64_t kBytesPerSymbol = 128;  // of payload: fewer would not pay for it

using Texts = std::vector<std::span<const std::byte>>;

// Values, or the starts of long ones, spread evenly over the page. They are visited in
// steps of the golden section, so that no part of the page fills the table alone.
Texts TakeSample(const Values& values, uint64_t sample_bytes) {
  const uint64_t total = values.offsets[values.count] - values.offsets[0];
  const uint64_t mean = std::clamp<uint64_t>(total / values.count, 1, kMaxPieceBytes);
  const uint64_t pieces = std::clamp<uint64_t>(sample_bytes / mean, 1, values.count);
  Texts texts;
  uint64_t taken = 0;
  uint64_t turn = 0;
  for (uint64_t i = 0; i < pieces && taken < sample_bytes; ++i) {
    turn += 0x9E3779B97F4A7C15ULL;
    const uint64_t value = ((turn >> 32) * values.count) >> 32;
    const uint64_t begin = values.offsets[value];
    const uint64_t size = std::min(values.offsets[value + 1] - begin, kMaxPieceBytes);
    texts.push_back(
        values.data.subspan(static_cast<size_t>(begin), static_cast<size_t>(size)));
    taken += size;
  }
  return texts;
}

// How often pairs of codes were seen: about, in memory that does not grow. A pair whose
// place is held by another one wears that down first.
class PairCounts {
 public:
  PairCounts() : slots_(size_t{1} << kBits) {}

  // The count of a pair with this sight of it.
  uint32_t Note(unsigned first, unsigned second) {
    const uint32_t pair = first << 16 | second;
    Slot& slot = slots_[(pair * 0x9E3779B1U) >> (32 - kBits)];
    if (slot.pair == pair && slot.count > 0) {
      return ++slot.count;
    }
    if (slot.count > 1) {
      --slot.count;
      return 0;
    }
    slot = {pair, 1};
    return 1;
  }

 private:
  static constexpr unsigned kBits = 16;
  struct Slot {
    uint32_t pair = 0;
    uint32_t count = 0;
  };
  std::vector<Slot> slots_;
};

class Trainer {
 public:
  explicit Trainer(size_t most) : most_(most) {}

  // The symbols, in the order in which they were found.
  std::vector<Symbol> Run(const Texts& texts) {
    constexpr size_t kParts = 32;
    for (size_t part = 0; part < kParts; ++part) {
      const size_t before = Count();
      for (size_t i = texts.size() * part / kParts;
           i < texts.size() * (part + 1) / kParts; ++i) {
        Read(texts[i]);
      }
      // The table should be full at the end of the sample, not before it.
      const bool fast = Count() + (Count() - before) * (kParts - part - 1) > most_;
      often_ = fast ? often_ + 1 : std::max(often_ - 1, kLeastOften);
    }
    std::vector<Symbol> symbols;
    for (unsigned code = kFirstSymbolCode; code < lookup_->next_code(); ++code) {
      symbols.push_back(lookup_->symbol(code));
    }
    return symbols;
  }

 private:
  static constexpr uint32_t kLeastOften = 2;
  struct Piece {
    Symbol symbol;
    unsigned code = 0;
  };

  size_t Count() const { return lookup_->next_code() - kFirstSymbolCode; }

  void Read(std::span<const std::byte> text) {
    Piece before;
    for (size_t at = 0; at < text.size();) {
      const size_t left = text.size() - at;
      const Sixteen next = LoadSixteen(text, at, left);
      const SymbolLookup::Match match = lookup_->Find(next, left);
      const Piece piece{{FirstBytes(next, match.size), static_cast<uint8_t>(match.size)},
                        match.code};
      before = Join(before, piece);
      at += match.size;
    }
  }

  // Notes a pair, and gives what the next one begins with: the second, or both when they
  // became a symbol.
  Piece Join(const Piece& first, const Piece& second) {
    if (first.symbol.size == 0 ||
        first.symbol.size + second.symbol.size > int{kMaxSymbolBytes} ||
        pairs_.Note(first.code, second.code) < often_ || Count() >= most_) {
      return second;
    }
    const Piece both{Joined(first.symbol, second.symbol), lookup_->next_code()};
    return lookup_->Add(both.symbol) ? both : second;
  }

  const size_t most_;
  uint32_t often_ = kLeastOften;
  std::unique_ptr<SymbolLookup> lookup_ = std::make_unique<SymbolLookup>();
  PairCounts pairs_;
};

}  // namespace

std::vector<std::byte> TrainSymbolTable(const Values& values, uint64_t least_payload) {
  if (values.type.kind != PhysicalKind::kBytes || values.count == 0) {
    return {};
  }
  const uint64_t total = values.offsets[values.count] - values.offsets[0];
  if (total < std::max<uint64_t>(least_payload, 1)) {
    return {};
  }
  const Texts texts =
      TakeSample(values, std::min(kMaxSampleBytes, total / kSampledShare));
  Trainer trainer(static_cast<size_t>(
      std::clamp<uint64_t>(total / kBytesPerSymbol, 1, SymbolTable::kMaxSymbols)));
  const std::vector<Symbol> symbols = trainer.Run(texts);
  std::vector<std::byte> bytes;
  ByteWriter writer(&bytes);
  writer.Write(static_cast<uint16_t>(symbols.size()));
  for (const Symbol& symbol : symbols) {
    writer.Write(symbol.size);
  }
  for (const Symbol& symbol : symbols) {
    std::array<std::byte, kMaxSymbolBytes> text;
    StoreLe(text.data(), symbol.text.low);
    StoreLe(text.data() + 8, symbol.text.high);
    writer.WriteSpan(std::span(text).first(symbol.size));
  }
  return bytes;
}

}  // namespace lancer::encoding
