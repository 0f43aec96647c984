// The stored form of a symbol table (spec: encodings, "fsst"):
//
//   [count u8, 1 to 255][size u8, 1 to 8, of each symbol][the symbols, one after the
//   other]
#include "encoding/symbol_table.h"

#include <fmt/format.h>

#include <atomic>
#include <cstring>

#include "encoding/byte_order.h"
#include "encoding/byte_reader.h"
#include "encoding/symbol_lookup.h"

namespace lancer::encoding {

namespace {

uint64_t NextId() {
  static std::atomic<uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

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

void SymbolTable::Encode(std::span<const std::byte> text, size_t slack,
                         std::vector<std::byte>* codes) const {
  const size_t before = codes->size();
  codes->resize(before + 2 * text.size());
  std::byte* out = codes->data() + before;
  ForEachSymbol(Lookup(), text, slack, [&](uint64_t eight, SymbolLookup::Match match) {
    if (match.size == 0) {
      *out++ = std::byte{kEscape};
      *out++ = static_cast<std::byte>(eight & 0xFF);
    } else {
      *out++ = static_cast<std::byte>(match.code);
    }
  });
  codes->resize(static_cast<size_t>(out - codes->data()));
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
