// Training of a symbol table: a few rounds, each of which takes a sample apart by the
// table of the round before, counts symbols and pairs of neighbours, and keeps those (a
// pair as one longer symbol) that cover most bytes (FSST, section 4; see symbol_table.h).
#include <algorithm>
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

// What a symbol would save; the larger is the better one, among equals that of the
// smaller symbol.
struct Gain {
  Symbol symbol;
  uint64_t bytes = 0;
  friend bool operator<(const Gain& a, const Gain& b) {
    return a.bytes != b.bytes ? a.bytes < b.bytes : b.symbol < a.symbol;
  }
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
      const size_t pair = before * kIds + id;
      if (pairs_[pair]++ == 0) {
        seen_.push_back(static_cast<uint32_t>(pair));
      }
    }
  }

  void Count() {
    singles_.assign(kIds, 0);
    for (const uint32_t pair : seen_) {
      pairs_[pair] = 0;
    }
    seen_.clear();
    for (const auto text : texts_) {
      size_t before = kNone;
      ForEachSymbol(*lookup_, text, [&](uint64_t eight, SymbolLookup::Match match) {
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
    for (size_t id = 0; id < kIds; ++id) {
      if (singles_[id] > 0) {
        const Symbol symbol = SymbolOf(id);
        const uint64_t each = symbol.size == 1 ? kSingleByteGain : symbol.size;
        gains.push_back({symbol, each * singles_[id]});
      }
    }
    for (const uint32_t pair : seen_) {
      const Symbol first = SymbolOf(pair / kIds);
      const Symbol second = SymbolOf(pair % kIds);
      const unsigned size = first.size + second.size;
      if (pairs_[pair] >= 2 && size <= SymbolTable::kMaxSymbolBytes) {
        const uint64_t text = first.text | second.text << (8 * first.size);
        gains.push_back(
            {{text, static_cast<uint8_t>(size)}, uint64_t{size} * pairs_[pair]});
      }
    }
    return gains;
  }

  // The best that can be found beside one another. A symbol may stand among the gains
  // several times; its best counts.
  void Choose() {
    std::vector<Gain> gains = Gains();
    std::make_heap(gains.begin(), gains.end());
    std::vector<Symbol> chosen;
    auto lookup = std::make_unique<SymbolLookup>();
    while (!gains.empty() && chosen.size() < SymbolTable::kMaxSymbols) {
      std::pop_heap(gains.begin(), gains.end());
      const Symbol symbol = gains.back().symbol;
      gains.pop_back();
      if (lookup->Add(symbol, static_cast<uint8_t>(chosen.size()))) {
        chosen.push_back(symbol);
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
  std::vector<uint32_t> seen_;   // places in pairs_ that are not 0
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
