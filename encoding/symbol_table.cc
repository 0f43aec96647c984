// The stored form of a symbol table (spec: encodings, "fsst"):
//
//   [count u8, 1 to 255][size u8, 1 to 8, of each symbol][the symbols, one after the
//   other]
#include "encoding/symbol_table.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cstring>

#include "encoding/byte_order.h"
#include "encoding/byte_reader.h"
#include "encoding/symbol_lookup.h"
#include "encoding/values.h"

namespace lancer::encoding {

namespace {

uint64_t NextId() {
  static std::atomic<uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

// Replaces the texts of values [first, last) by codes, a symbol at a step.
class Encoder {
 public:
  Encoder(const SymbolLookup& lookup, const Values& values, uint64_t first, uint64_t last,
          std::byte* codes)
      : lookup_(lookup),
        data_(values.data),
        offsets_(values.offsets),
        value_(first),
        last_(last),
        at_(static_cast<size_t>(offsets_[first])),
        end_(at_),
        codes_(codes),
        out_(codes) {}

  // Writes the code at the current place; false when there is none left. `ends[i]`
  // becomes the end of value i - 1, from the first code on.
  bool Step(uint64_t* ends) {
    while (at_ == end_) {
      ends[value_] = size();
      if (value_ == last_) {
        return false;
      }
      end_ = static_cast<size_t>(offsets_[++value_]);
    }
    const uint64_t text =
        FirstEight(data_.subspan(at_));  // with what is behind the value
    const SymbolLookup::Match match = lookup_.FindWithin(text, end_ - at_);
    const bool found = match.size != 0;
    out_[0] = std::byte{found ? match.code : SymbolTable::kEscape};
    out_[1] = static_cast<std::byte>(text);  // overwritten when there is a symbol
    out_ += found ? 1 : 2;
    at_ += found ? match.size : 1;
    return true;
  }

  size_t size() const { return static_cast<size_t>(out_ - codes_); }

 private:
  const SymbolLookup& lookup_;
  const std::span<const std::byte> data_;
  const std::span<const uint64_t> offsets_;
  uint64_t value_;
  const uint64_t last_;
  size_t at_;   // in the data
  size_t end_;  // of the value
  std::byte* const codes_;
  std::byte* out_;
};

}  // namespace

SymbolTable::SymbolTable() : id_(NextId()) {}

// A lookup is a hundred times the size of its table: one per leaf would be too much where
// leaves are many, and a page's values are encoded one after the other.
const SymbolLookup& SymbolTable::Lookup() const {
  struct Kept {
    uint64_t id = 0;
    std::unique_ptr<SymbolLookup> lookup;
  };
  static thread_local Kept kept;
  if (kept.id != id_) {
    kept.lookup = std::make_unique<SymbolLookup>();
    for (unsigned code = 0; code < count_; ++code) {
      // A table from elsewhere may hold symbols that this lookup has no place for.
      (void)kept.lookup->Add({symbols_[code], sizes_[code]}, static_cast<uint8_t>(code));
    }
    kept.id = id_;
  }
  return *kept.lookup;
}

Result<std::shared_ptr<const SymbolTable>> SymbolTable::Load(
    std::span<const std::byte> bytes) {
  std::shared_ptr<SymbolTable> table(new SymbolTable());
  ByteReader reader(bytes);
  uint8_t count = 0;
  std::span<const std::byte> sizes;
  if (!reader.Read(&count) || count == 0 || !reader.ReadSpan(count, &sizes)) {
    return Status::Corruption(
        fmt::format("{} bytes for {} symbols", bytes.size(), count));
  }
  table->count_ = count;
  for (size_t i = 0; i < count; ++i) {
    const auto size = std::to_integer<uint8_t>(sizes[i]);
    std::span<const std::byte> text;
    if (size == 0 || size > kMaxSymbolBytes || !reader.ReadSpan(size, &text)) {
      return Status::Corruption(
          fmt::format("symbol {} of {} bytes, expected 1 to 8", i, size));
    }
    std::array<std::byte, kMaxSymbolBytes> padded{};
    std::memcpy(padded.data(), text.data(), size);
    table->symbols_[i] = LoadLe<uint64_t>(padded.data());
    table->sizes_[i] = size;
  }
  if (reader.remaining() != 0) {
    return Status::Corruption(
        fmt::format("{} bytes behind the symbols", reader.remaining()));
  }
  table->bytes_.assign(bytes.begin(), bytes.end());
  return std::shared_ptr<const SymbolTable>(std::move(table));
}

// Two halves take turns: a search waits for memory, and for the symbol before it.
size_t SymbolTable::Encode(const Values& values, std::byte* codes,
                           uint64_t* offsets) const {
  if (values.count == 0) {
    offsets[0] = 0;
    return 0;
  }
  const SymbolLookup& lookup = Lookup();
  const uint64_t middle = values.count / 2;
  const auto first_bytes =
      static_cast<size_t>(values.offsets[middle] - values.offsets[0]);
  Encoder first(lookup, values, 0, middle, codes);
  Encoder second(lookup, values, middle, values.count, codes + 2 * first_bytes);
  while (first.Step(offsets) && second.Step(offsets)) {
  }
  while (first.Step(offsets)) {
  }
  while (second.Step(offsets)) {
  }
  std::memmove(codes + first.size(), codes + 2 * first_bytes, second.size());
  offsets[middle] = 0;  // was shared; the second half's start
  for (uint64_t i = middle; i <= values.count; ++i) {
    offsets[i] += first.size();
  }
  return first.size() + second.size();
}

std::optional<uint64_t> SymbolTable::DecodedSize(std::span<const std::byte> codes) const {
  uint64_t size = 0;
  for (size_t i = 0; i < codes.size(); ++i) {
    const auto code = std::to_integer<uint8_t>(codes[i]);
    if (code < count_) {
      size += sizes_[code];
    } else if (code == kEscape && i + 1 < codes.size()) {
      ++size;
      ++i;
    } else {
      return std::nullopt;
    }
  }
  return size;
}

std::byte* SymbolTable::Decode(std::span<const std::byte> codes, std::byte* out) const {
  const std::byte* at = codes.data();
  const std::byte* const end = at + codes.size();
  while (at != end) {
    const auto code = std::to_integer<uint8_t>(*at++);
    if (code < count_) {
      StoreLe(out, symbols_[code]);
      out += sizes_[code];
    } else if (code == kEscape && at != end) {
      *out++ = *at++;
    } else {
      return nullptr;
    }
  }
  return out;
}

}  // namespace lancer::encoding
