// Training of a symbol table: a few rounds, each of which takes a sample apart by the
// table of the round before, counts symbols and pairs of neighbours, and keeps those (a
// pair as one longer symbol) that cover most bytes (FSST, section 4; see symbol_table.h).
#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "encoding/symbol_lookup.h"
#include "encoding/symbol_table.h"
#include "encoding/values.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kSampleBytes = uint64_t{32} << 10;
constexpr uint64_t kMaxPieceBytes = 512;  // of one value
constexpr int kRounds = 5;
// What a symbol of one byte counts for, where longer ones count for their bytes. A byte
// without a symbol takes two, also in texts that the sample did not show; 5 did best of 1
// to 8 on order comments and package descriptions.
constexpr uint64_t kSingleByteGain = 5;

using Texts = std::vector<std::span<const std::byte>>;

// Values, or the starts of long ones, spread evenly over the page.
Texts TakeSample(const Values& values) {
  const uint64_t total = values.offsets[values.count] - values.offsets[0];
  const uint64_t mean = std::clamp<uint64_t>(total / values.count, 1, kMaxPieceBytes);
  const uint64_t pieces = std::clamp<uint64_t>(kSampleBytes / mean, 1, values.count);
  Texts texts;
  uint64_t taken = 0;
  for (uint64_t i = 0; i < pieces && taken < kSampleBytes; ++i) {
    const uint64_t value = i * values.count / pieces;
    const uint64_t begin = values.offsets[value];
    const uint64_t size = std::min(values.offsets[value + 1] - begin, kMaxPieceBytes);
    texts.push_back(
        values.data.subspan(static_cast<size_t>(begin), static_cast<size_t>(size)));
    taken += size;
  }
  return texts;
}

struct Gain {
  Symbol symbol;
  uint64_t bytes = 0;
};

class Trainer {
 public:
  explicit Trainer(const Texts& texts) : texts_(texts), pairs_(kIds * kIds) {}

  std::vector<Symbol> Run() {
    for (int round = 0; round < kRounds; ++round) {
      Count();
      Choose();
    }
    return std::move(symbols_);
  }

 private:
  static constexpr size_t kIds = 512;  // 256 bytes, then the symbols
  static constexpr size_t kNone = kIds;

  Symbol SymbolOf(size_t id) const {
    return id < 256 ? Symbol{id, 1} : symbols_[id - 256];
  }

  void Note(size_t before, size_t id) {
    ++singles_[id];
    if (before != kNone) {
      ++pairs_[before * kIds + id];
    }
  }

  void Count() {
    singles_.assign(kIds, 0);
    std::ranges::fill(pairs_, 0);
    for (const auto text : texts_) {
      size_t before = kNone;
      ForEachSymbol(*lookup_, text, 0, [&](uint64_t eight, SymbolLookup::Match match) {
        const size_t byte = eight & 0xFF;
        const size_t id = match.size == 0 ? byte : 256u + match.code;
        Note(before, id);
        if (match.size > 1) {
          Note(before, byte);  // so that a symbol which is too long can be left again
        }
        before = id;
      });
    }
  }

  std::vector<Gain> Gains() const {
    std::vector<Gain> gains;
    for (size_t first = 0; first < kIds; ++first) {
      if (singles_[first] == 0) {
        continue;
      }
      const Symbol symbol = SymbolOf(first);
      const uint64_t each = symbol.size == 1 ? kSingleByteGain : symbol.size;
      gains.push_back({symbol, each * singles_[first]});
      for (size_t second = 0; second < kIds; ++second) {
        const uint64_t count = pairs_[first * kIds + second];
        const Symbol next = count < 2 ? Symbol{} : SymbolOf(second);
        if (count >= 2 && symbol.size + next.size <= SymbolTable::kMaxSymbolBytes) {
          const auto size = static_cast<uint8_t>(symbol.size + next.size);
          gains.push_back(
              {{symbol.text | next.text << (8 * symbol.size), size}, size * count});
        }
      }
    }
    return gains;
  }

  // One entry per symbol, the largest gain first.
  static void Merge(std::vector<Gain>* gains) {
    std::ranges::sort(*gains, {}, &Gain::symbol);
    size_t kept = 0;
    for (const Gain& gain : *gains) {
      if (kept > 0 && (*gains)[kept - 1].symbol == gain.symbol) {
        (*gains)[kept - 1].bytes = std::max((*gains)[kept - 1].bytes, gain.bytes);
      } else {
        (*gains)[kept++] = gain;
      }
    }
    gains->resize(kept);
    std::ranges::stable_sort(*gains, std::greater<>(), &Gain::bytes);
  }

  void Choose() {
    std::vector<Gain> gains = Gains();
    Merge(&gains);
    std::vector<Symbol> chosen;
    auto lookup = std::make_unique<SymbolLookup>();
    for (const Gain& gain : gains) {
      if (chosen.size() == SymbolTable::kMaxSymbols) {
        break;
      }
      if (lookup->Add(gain.symbol, static_cast<uint8_t>(chosen.size()))) {
        chosen.push_back(gain.symbol);
      }
    }
    symbols_ = std::move(chosen);
    lookup_ = std::move(lookup);
  }

  const Texts& texts_;
  std::vector<Symbol> symbols_;
  std::unique_ptr<SymbolLookup> lookup_ = std::make_unique<SymbolLookup>();
  std::vector<uint32_t> singles_;
  std::vector<uint32_t> pairs_;  // [before][then]
};

}  // namespace

std::vector<std::byte> TrainSymbolTable(const Values& values, uint64_t least_payload) {
  if (values.type.kind != PhysicalKind::kBytes || values.count == 0 ||
      values.offsets[values.count] - values.offsets[0] <
          std::max<uint64_t>(least_payload, 1)) {
    return {};
  }
  const Texts texts = TakeSample(values);
  const std::vector<Symbol> symbols = Trainer(texts).Run();
  if (symbols.empty()) {
    return {};
  }
  std::vector<std::byte> bytes = {static_cast<std::byte>(symbols.size())};
  for (const Symbol& symbol : symbols) {
    bytes.push_back(static_cast<std::byte>(symbol.size));
  }
  for (const Symbol& symbol : symbols) {
    for (unsigned i = 0; i < symbol.size; ++i) {
      bytes.push_back(static_cast<std::byte>(symbol.text >> (8 * i) & 0xFF));
    }
  }
  return bytes;
}

}  // namespace lancer::encoding
