// SymbolTable: strings of 2 to 16 bytes, each stood for by a code of 12 bits. What the
// fsst streams of a leaf share (spec: encodings, "fsst").
//
// The methods: P. Boncz, T. Neumann, V. Leis, "FSST: Fast Random Access String
// Compression", PVLDB 13(11), 2020, here with codes of 12 bits; and F. Gargiulo, R.
// Venturini, "OnPair: Short Strings Compression for Fast Random Access",
// arXiv:2508.02280, 2025, for how symbols are learnt. A text becomes codes from left to
// right, by the longest symbol that is found; codes below 256 are bytes.
// Ownership: owns its symbols; what writers look up is kept per thread, for the table
// that was used last. Thread rule: immutable; safe for concurrent const calls.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "encoding/symbol_lookup.h"
#include "lancer/result.h"

namespace lancer::encoding {

struct Values;

class SymbolTable {
 public:
  static constexpr unsigned kCodeBits = 12;
  static constexpr size_t kCodes = size_t{1} << kCodeBits;
  static constexpr size_t kMaxSymbols = kCodes - kFirstSymbolCode;
  static constexpr size_t kMaxStoredBytes = 2 + kMaxSymbols * (1 + kMaxSymbolBytes);
  // What Decode may overwrite behind the texts.
  static constexpr size_t kSlackBytes = 64;

  // Reads [count u16][size u8 of each symbol][the symbols]. Errors: Corruption.
  static Result<std::shared_ptr<const SymbolTable>> Load(
      std::span<const std::byte> bytes);
  SymbolTable(const SymbolTable&) = delete;
  SymbolTable& operator=(const SymbolTable&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }
  // Memory held for reading, for cache budgets.
  uint64_t size_bytes() const { return sizeof(*this) + bytes_.size(); }

  // Bytes that so many codes are packed in, one after the other, the low bits first.
  static constexpr uint64_t PackedBytes(uint64_t codes) {
    return codes / 2 * 3 + codes % 2 * 2;
  }

  // Writes the codes of all values, one after the other, and how many each has; gives how
  // many they are in all. Errors: InvalidArgument for a value of 4 GiB or more.
  // REQUIRES: byte strings; room for a code per byte of theirs.
  Result<uint64_t> Encode(const Values& values, uint16_t* codes, uint32_t* counts) const;
  // REQUIRES: room for PackedBytes.
  static void Pack(std::span<const uint16_t> codes, std::byte* packed);

  // Writes what codes [first, first + n) stand for, and, unless `ends` is null, where
  // each ends within `out`; gives the size of all. Null when a code has no symbol or they
  // stand for more than `room` bytes, which `out` has with kSlackBytes more.
  // REQUIRES: PackedBytes(first + n) bytes of `packed`.
  std::optional<size_t> Decode(std::span<const std::byte> packed, uint64_t first,
                               uint64_t n, std::byte* out, size_t room,
                               uint32_t* ends) const;
  // What they would take. Null when a code has no symbol.
  std::optional<uint64_t> DecodedSize(std::span<const std::byte> packed, uint64_t first,
                                      uint64_t n) const;

 private:
  SymbolTable();
  const SymbolLookup& Lookup() const;
  template <bool kWithEnds>
  std::optional<size_t> DecodeTo(std::span<const std::byte> packed, uint64_t first,
                                 uint64_t n, std::byte* out, size_t room,
                                 uint32_t* ends) const;

  const uint64_t id_;  // of this object, in this process
  std::vector<std::byte> bytes_;
  // By code; zeros behind a symbol, and a size of 0 where there is none.
  std::array<std::array<std::byte, kMaxSymbolBytes>, kCodes> symbols_{};
  std::array<uint8_t, kCodes> sizes_{};
};

// A table costs a millisecond to learn, which smaller pages do not earn.
inline constexpr uint64_t kLeastSymbolPayload = uint64_t{64} << 10;

// The stored form of a table for values like these: trained on a sample of the page,
// empty for a payload of fewer than `least_payload` bytes. Deterministic.
std::vector<std::byte> TrainSymbolTable(const Values& values,
                                        uint64_t least_payload = kLeastSymbolPayload);

}  // namespace lancer::encoding
