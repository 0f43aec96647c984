// The stored form of a symbol table (spec: encodings, "fsst"):
//
//   [count u16, at most 3,840][size u8, 2 to 16, of each symbol][the symbols, one after
//   the other]
#include "encoding/symbol_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "encoding/byte_order.h"
#include "encoding/byte_reader.h"
#include "encoding/values.h"

namespace lancer::encoding {

namespace {

uint64_t NextId() {
  static std::atomic<uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

constexpr uint32_t kCodeMask = SymbolTable::kCodes - 1;

// Code `i` of packed ones, by the two bytes that it lies in.
uint32_t CodeAt(const std::byte* packed, uint64_t i) {
  const uint64_t bit = i * SymbolTable::kCodeBits;
  return (uint32_t{LoadLe<uint16_t>(packed + bit / 8)} >> (bit % 8)) & kCodeMask;
}

// Replaces the texts of values [first, last) by codes, one at a step.
class Encoder {
 public:
  Encoder(const SymbolLookup& lookup, const Values& values, uint64_t first, uint64_t last,
          uint16_t* codes)
      : lookup_(lookup),
        data_(values.data),
        offsets_(values.offsets),
        value_(first),
        last_(last),
        at_(static_cast<size_t>(offsets_[first])),
        end_(at_),
        codes_(codes),
        value_codes_(codes),
        out_(codes) {}

  // Writes the code at the current place; false when there is none left. Inlined, since
  // two encoders that take turns would otherwise keep their places in memory.
  [[gnu::always_inline]] bool Step(uint32_t* counts) {
    while (at_ == end_) {
      if (value_ == last_) {
        return false;
      }
      counts[value_] = 0;
      end_ = static_cast<size_t>(offsets_[++value_]);
      value_codes_ = out_;
    }
    const size_t left = end_ - at_;
    const SymbolLookup::Match match = lookup_.Find(LoadSixteen(data_, at_, left), left);
    *out_++ = static_cast<uint16_t>(match.code);
    at_ += match.size;
    if (at_ == end_) {
      counts[value_ - 1] = static_cast<uint32_t>(out_ - value_codes_);
    }
    return true;
  }

  size_t size() const { return static_cast<size_t>(out_ - codes_); }

 private:
  const SymbolLookup& lookup_;
  const std::span<const std::byte> data_;
  const std::span<const uint64_t> offsets_;
  uint64_t value_;  // behind the current one
  const uint64_t last_;
  size_t at_;   // in the data
  size_t end_;  // of the value
  uint16_t* const codes_;
  uint16_t* value_codes_;
  uint16_t* out_;
};

}  // namespace

SymbolTable::SymbolTable() : id_(NextId()) {
  for (size_t byte = 0; byte < kFirstSymbolCode; ++byte) {
    symbols_[byte][0] = static_cast<std::byte>(byte);
    sizes_[byte] = 1;
  }
}

// A lookup is several times the size of its table: one per leaf would be too much where
// leaves are many, and a page's values are encoded one after the other.
const SymbolLookup& SymbolTable::Lookup() const {
  struct Kept {
    uint64_t id = 0;
    std::unique_ptr<SymbolLookup> lookup;
  };
  static thread_local Kept kept;
  if (kept.id != id_) {
    kept.lookup = std::make_unique<SymbolLookup>();
    for (size_t code = kFirstSymbolCode; code < kCodes && sizes_[code] > 0; ++code) {
      const Symbol symbol{{LoadLe<uint64_t>(symbols_[code].data()),
                           LoadLe<uint64_t>(symbols_[code].data() + 8)},
                          sizes_[code]};
      if (!kept.lookup->Add(symbol)) {
        kept.lookup->Skip();  // a table from elsewhere may hold it twice
      }
    }
    kept.id = id_;
  }
  return *kept.lookup;
}

Result<std::shared_ptr<const SymbolTable>> SymbolTable::Load(
    std::span<const std::byte> bytes) {
  std::shared_ptr<SymbolTable> table(new SymbolTable());
  ByteReader reader(bytes);
  uint16_t count = 0;
  std::span<const std::byte> sizes;
  if (!reader.Read(&count) || count > kMaxSymbols || !reader.ReadSpan(count, &sizes)) {
    return Status::Corruption(
        fmt::format("{} bytes for {} symbols", bytes.size(), count));
  }
  for (size_t i = 0; i < count; ++i) {
    const auto size = std::to_integer<uint8_t>(sizes[i]);
    std::span<const std::byte> text;
    if (size < 2 || size > kMaxSymbolBytes || !reader.ReadSpan(size, &text)) {
      return Status::Corruption(
          fmt::format("symbol {} of {} bytes, expected 2 to 16", i, size));
    }
    std::copy(text.begin(), text.end(), table->symbols_[kFirstSymbolCode + i].begin());
    table->sizes_[kFirstSymbolCode + i] = size;
  }
  if (reader.remaining() != 0) {
    return Status::Corruption(
        fmt::format("{} bytes behind the symbols", reader.remaining()));
  }
  table->bytes_.assign(bytes.begin(), bytes.end());
  return std::shared_ptr<const SymbolTable>(std::move(table));
}

// Two halves take turns: a search waits for memory, and for the symbol before it.
Result<uint64_t> SymbolTable::Encode(const Values& values, uint16_t* codes,
                                     uint32_t* counts) const {
  if (values.count == 0) {
    return uint64_t{0};
  }
  for (uint64_t i = 0; i < values.count; ++i) {
    if (values.offsets[i + 1] - values.offsets[i] > UINT32_MAX) {
      return Status::InvalidArgument(fmt::format(
          "fsst: a value of {} bytes", values.offsets[i + 1] - values.offsets[i]));
    }
  }
  const SymbolLookup& lookup = Lookup();
  const uint64_t middle = values.count / 2;
  const auto first_bytes =
      static_cast<size_t>(values.offsets[middle] - values.offsets[0]);
  Encoder first(lookup, values, 0, middle, codes);
  Encoder second(lookup, values, middle, values.count, codes + first_bytes);
  while (first.Step(counts) && second.Step(counts)) {
  }
  while (first.Step(counts)) {
  }
  while (second.Step(counts)) {
  }
  std::copy_n(codes + first_bytes, second.size(), codes + first.size());
  return uint64_t{first.size() + second.size()};
}

void SymbolTable::Pack(std::span<const uint16_t> codes, std::byte* packed) {
  size_t i = 0;
  for (; i + 2 <= codes.size(); i += 2, packed += 3) {
    const uint32_t two = codes[i] | uint32_t{codes[i + 1]} << kCodeBits;
    packed[0] = static_cast<std::byte>(two);
    packed[1] = static_cast<std::byte>(two >> 8);
    packed[2] = static_cast<std::byte>(two >> 16);
  }
  if (i < codes.size()) {
    StoreLe(packed, codes[i]);
  }
}

template <bool kWithEnds>
std::optional<size_t> SymbolTable::DecodeTo(std::span<const std::byte> packed,
                                            uint64_t first, uint64_t n, std::byte* out,
                                            size_t room, uint32_t* ends) const {
  constexpr uint64_t kStep = 4;  // codes that eight bytes hold wherever they begin
  size_t size = 0;
  uint32_t missing = 0;  // its high bit: a code had no symbol
  const auto append = [&](uint32_t code, uint64_t i) {
    std::memcpy(out + size, symbols_[code].data(), kMaxSymbolBytes);
    size += sizes_[code];
    missing |= uint32_t{sizes_[code]} - 1;
    if constexpr (kWithEnds) {
      ends[i] = static_cast<uint32_t>(size);
    }
  };
  uint64_t i = 0;
  const uint64_t shift = first % 2 * 4;
  const std::byte* at = packed.data() + first * kCodeBits / 8;
  const std::byte* const end = packed.data() + packed.size();
  for (; n - i >= kStep && end - at >= 8 && size <= room; i += kStep, at += 6) {
    const uint64_t codes = LoadLe<uint64_t>(at) >> shift;
    append(codes & kCodeMask, i);
    append(codes >> kCodeBits & kCodeMask, i + 1);
    append(codes >> 2 * kCodeBits & kCodeMask, i + 2);
    append(codes >> 3 * kCodeBits & kCodeMask, i + 3);
  }
  for (; i < n && size <= room; ++i) {
    append(CodeAt(packed.data(), first + i), i);
  }
  if (size > room || missing >> 31 != 0) {
    return std::nullopt;
  }
  return size;
}

std::optional<size_t> SymbolTable::Decode(std::span<const std::byte> packed,
                                          uint64_t first, uint64_t n, std::byte* out,
                                          size_t room, uint32_t* ends) const {
  return ends == nullptr ? DecodeTo<false>(packed, first, n, out, room, ends)
                         : DecodeTo<true>(packed, first, n, out, room, ends);
}

std::optional<uint64_t> SymbolTable::DecodedSize(std::span<const std::byte> packed,
                                                 uint64_t first, uint64_t n) const {
  uint64_t size = 0;
  uint32_t missing = 0;
  for (uint64_t i = first; i < first + n; ++i) {
    const uint32_t one = sizes_[CodeAt(packed.data(), i)];
    size += one;
    missing |= one - 1;
  }
  return missing >> 31 == 0 ? std::optional(size) : std::nullopt;
}

}  // namespace lancer::encoding
