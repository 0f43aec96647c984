// SymbolTable: up to 255 strings of 1 to 8 bytes, each stood for by one byte. What the
// fsst streams of a leaf share (spec: encodings, "fsst").
//
// The method: P. Boncz, T. Neumann, V. Leis, "FSST: Fast Random Access String
// Compression", PVLDB 13(11), 2020. A text becomes codes from left to right, by the
// longest symbol that is found; a byte without one is the code 255 and itself.
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

#include "lancer/result.h"

namespace lancer::encoding {

class SymbolLookup;
struct Values;

class SymbolTable {
 public:
  static constexpr size_t kMaxSymbols = 255;
  static constexpr size_t kMaxSymbolBytes = 8;
  static constexpr uint8_t kEscape = 255;  // the next byte stands for itself
  static constexpr size_t kMaxStoredBytes = 1 + kMaxSymbols * (1 + kMaxSymbolBytes);

  // Reads [count u8][size u8 of each symbol][the symbols]. Errors: Corruption.
  static Result<std::shared_ptr<const SymbolTable>> Load(
      std::span<const std::byte> bytes);
  SymbolTable(const SymbolTable&) = delete;
  SymbolTable& operator=(const SymbolTable&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }
  // Memory held for reading, for cache budgets.
  uint64_t size_bytes() const { return sizeof(*this) + bytes_.size(); }

  // Writes the codes of all values, one after the other, and their count + 1 offsets, of
  // which the first is 0; gives the codes' size. REQUIRES: byte strings; room for two
  // bytes per byte of theirs.
  size_t Encode(const Values& values, std::byte* codes, uint64_t* offsets) const;
  // The bytes that `codes` stand for; nothing when they are damaged.
  std::optional<uint64_t> DecodedSize(std::span<const std::byte> codes) const;
  // Writes what `codes` stand for and gives its end, or null when they are damaged.
  // REQUIRES: room for what they stand for (8 bytes per code at most) and 8 bytes more,
  // which may be overwritten.
  std::byte* Decode(std::span<const std::byte> codes, std::byte* out) const;

 private:
  SymbolTable();
  const SymbolLookup& Lookup() const;

  const uint64_t id_;  // of this object, in this process
  std::vector<std::byte> bytes_;
  unsigned count_ = 0;
  std::array<uint64_t, 256> symbols_{};  // little-endian, zeros behind the symbol
  std::array<uint8_t, 256> sizes_{};
};

// A table costs some milliseconds to learn, which smaller pages do not earn.
inline constexpr uint64_t kLeastSymbolPayload = uint64_t{64} << 10;

// The stored form of a table for values like these: trained on a sample of the page,
// empty for a payload of fewer than `least_payload` bytes. Deterministic.
std::vector<std::byte> TrainSymbolTable(const Values& values,
                                        uint64_t least_payload = kLeastSymbolPayload);

}  // namespace lancer::encoding
