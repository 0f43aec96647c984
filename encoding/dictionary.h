// Dictionaries: a leaf's distinct values, that dict streams refer to by code.
//
// A code is the position of an entry; entries stand in order of first appearance, so a
// column is written in one pass. With at most 4 Ki entries each has its rank in the
// stored order (spec: statistics), so that codes compare as values do.
// Ownership: builder and dictionary own their bytes. Thread rule: a builder belongs to
// one thread at a time; a Dictionary is immutable, safe for concurrent const calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "encoding/values.h"
#include "lancer/result.h"

namespace lancer::encoding {

inline constexpr uint64_t kDefaultDictionaryBytes = uint64_t{2} << 20;
// A rank takes two bytes that nothing shrinks, which more entries do not earn.
inline constexpr uint64_t kMaxRankedEntries = uint64_t{1} << 12;

// Zeros, or no bytes: what stands in null slots where there is no value to repeat.
bool IsBlank(const PhysicalType& type, std::span<const std::byte> value);

class DictionaryBuilder {
 public:
  // REQUIRES: kFixed with a width, or kBytes. `max_bytes` bounds the entries' bytes
  // (offsets included).
  explicit DictionaryBuilder(PhysicalType type,
                             uint64_t max_bytes = kDefaultDictionaryBytes);

  const PhysicalType& type() const { return type_; }
  uint64_t entry_count() const { return hashes_.size(); }
  uint64_t size_bytes() const;
  uint64_t max_bytes() const { return max_bytes_; }
  // An entry's bytes, valid until the next call that adds.
  std::span<const std::byte> entry(uint32_t code) const;

  // The code of `value`, if it is an entry.
  std::optional<uint32_t> Find(std::span<const std::byte> value) const;
  // The code of `value`, added if need be; nothing when the dictionary is full.
  std::optional<uint32_t> FindOrAdd(std::span<const std::byte> value);
  // Codes of all values. Errors: ResourceExhausted when full: entries that were added
  // for these values are taken back. InvalidArgument for another type.
  Status Encode(const Values& values, std::vector<uint32_t>* codes);

  // From now on a value of zeros, or of no bytes, that is no entry gets this entry's code
  // instead of becoming one: it is what stands in null slots. Nothing: it becomes one.
  void CodeBlanksAs(std::optional<uint32_t> code) { blank_code_ = code; }

  // The stored form (spec: dictionaries). Same values in the same order, same bytes.
  std::vector<std::byte> Finish() const;

 private:
  // A place of the hash table: the entry's code + 1 (0: free) and the upper half of its
  // hash, so that other entries are passed over without a look at their bytes.
  struct Slot {
    uint32_t code = 0;
    uint32_t tag = 0;
  };

  static uint64_t HashOf(std::span<const std::byte> value);
  size_t Probe(uint64_t hash, std::span<const std::byte> value) const;
  template <typename T>
  std::optional<uint32_t> FindOrAddNumber(const std::byte* value);
  template <typename T>
  bool EncodeNumbers(const Values& values, uint32_t* codes);
  bool EncodeAny(const Values& values, uint32_t* codes);
  std::optional<uint32_t> Add(uint64_t hash, size_t slot,
                              std::span<const std::byte> value);
  bool WriteCompressed(std::vector<std::byte>* out) const;
  void Grow();
  void Truncate(uint64_t entry_count);

  PhysicalType type_;
  uint64_t max_bytes_;
  std::vector<std::byte> data_;   // entries back to back
  std::vector<uint64_t> ends_;    // kBytes: end of each entry in data_
  std::vector<uint64_t> hashes_;  // per entry, for growing without rehashing bytes
  std::vector<Slot> slots_;       // open addressing; a power of two
  std::optional<uint32_t> blank_code_;
};

class Dictionary {
 public:
  static constexpr size_t kSlackBytes = 32;

  // Parses the stored form; keeps a copy. Errors: Corruption.
  static Result<std::shared_ptr<const Dictionary>> Load(PhysicalType type,
                                                        std::span<const std::byte> bytes);

  const PhysicalType& type() const { return type_; }
  uint32_t entry_count() const { return entry_count_; }
  // REQUIRES: code < entry_count(). Lives as long as this Dictionary.
  std::span<const std::byte> entry(uint32_t code) const {
    if (type_.kind == PhysicalKind::kFixed) {
      return {data_.data() + static_cast<size_t>(code) * type_.width, type_.width};
    }
    return {data_.data() + offsets_[code], offsets_[code + 1] - offsets_[code]};
  }
  // kFixed: all entries back to back. kBytes: the payload, entry i at
  // offsets()[i]..offsets()[i + 1].
  // kSlackBytes behind them may be read.
  std::span<const std::byte> data() const {
    return std::span(data_).first(data_.size() - kSlackBytes);
  }
  std::span<const uint32_t> offsets() const { return offsets_; }
  // Bytes of the longest of kBytes.
  uint32_t longest_entry() const { return longest_entry_; }
  // Rank of each entry in the stored order; empty where none are stored.
  std::span<const uint16_t> ranks() const { return ranks_; }
  // Memory held, for cache budgets.
  uint64_t size_bytes() const;

 private:
  Dictionary() = default;
  Status Parse(std::span<const std::byte> bytes);
  Status ParseEntries(std::span<const std::byte> bytes, bool as_sizes, size_t* used);
  Status CheckRanks() const;

  PhysicalType type_;
  uint32_t entry_count_ = 0;
  uint32_t longest_entry_ = 0;
  std::vector<std::byte> data_;
  std::vector<uint32_t> offsets_;
  std::vector<uint16_t> ranks_;
};

}  // namespace lancer::encoding
