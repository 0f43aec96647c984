// CodecDictionary: bytes that zstd and lz4 may refer back to, shared by all blocks of a
// leaf and prepared once (spec: encodings, "zstd, lz4").
//
// The bytes are in zstd's dictionary form as its trainer makes them, or any others; lz4
// takes the last 64 KiB of the same bytes as text that stands before the block.
// Ownership: owns its bytes. Thread rule: immutable but for what is prepared on first
// use, or borrowed, under a lock; safe for concurrent const calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lancer/result.h"

namespace lancer::encoding {

inline constexpr size_t kMaxCodecDictionaryBytes = size_t{256} << 10;

class CodecDictionary {
 public:
  // Size, the header of a stream, and bytes that did not shrink.
  static constexpr size_t kMaxStoredBytes = kMaxCodecDictionaryBytes + 9;

  // Copies `bytes`. Errors: Corruption when longer than 256 KiB, or when they claim to be
  // a zstd dictionary and are damaged.
  static Result<std::shared_ptr<const CodecDictionary>> Load(
      std::span<const std::byte> bytes);
  ~CodecDictionary();
  CodecDictionary(const CodecDictionary&) = delete;
  CodecDictionary& operator=(const CodecDictionary&) = delete;

  std::span<const std::byte> bytes() const;

  // The stored form (spec: encodings, "zstd, lz4"), compressed. Same bytes, same form.
  // Errors: ResourceExhausted.
  Result<std::vector<std::byte>> Stored() const;
  // Errors: Corruption.
  static Result<std::shared_ptr<const CodecDictionary>> LoadStored(
      std::span<const std::byte> stored);

  // Memory held, for cache budgets.
  uint64_t size_bytes() const;

  // What the codecs keep ready; defined in codec_dictionary.cc.
  struct Prepared;
  const Prepared& prepared() const { return *prepared_; }

 private:
  explicit CodecDictionary(std::vector<std::byte> bytes);
  std::unique_ptr<Prepared> prepared_;
};

}  // namespace lancer::encoding
