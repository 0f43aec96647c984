// Checksums: XXH3 in the widths that Lancer stores (spec: checksums).
//
// u32 per check unit, u64 for structures inside a file, 128 bits for references between
// files. On x86 the widest vector unit is chosen at run time. Ownership: none kept.
// Thread rule: pure functions; a ChecksumStream belongs to one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace lancer::encoding {

// XXH3-64, seed 0.
uint64_t Checksum64(std::span<const std::byte> bytes);
uint64_t Checksum64(std::span<const std::byte> bytes, uint64_t seed);

// The low 32 bits of Checksum64.
uint32_t Checksum32(std::span<const std::byte> bytes);
// Seeded, so that a unit moved to another place is found.
uint32_t Checksum32(std::span<const std::byte> bytes, uint64_t seed);

struct Digest128 {
  uint64_t low = 0;
  uint64_t high = 0;
  friend bool operator==(const Digest128&, const Digest128&) = default;
};

// XXH3-128, seed 0.
Digest128 Checksum128(std::span<const std::byte> bytes);

// XXH3 over parts: equals Checksum64 and Checksum128 of the parts joined.
class ChecksumStream {
 public:
  ChecksumStream();
  ~ChecksumStream();
  ChecksumStream(ChecksumStream&&) noexcept;
  ChecksumStream& operator=(ChecksumStream&&) noexcept;

  void Update(std::span<const std::byte> bytes);
  uint64_t Digest64() const;
  Digest128 Digest() const;
  void Reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lancer::encoding
