#include "encoding/checksum.h"

#include <xxhash.h>
// The dispatching functions live in libxxhash and choose the vector unit when called.
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif

#include <new>

namespace lancer::encoding {

uint64_t Checksum64(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

uint64_t Checksum64(std::span<const std::byte> bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

uint32_t Checksum32(std::span<const std::byte> bytes) {
  return static_cast<uint32_t>(Checksum64(bytes));
}

uint32_t Checksum32(std::span<const std::byte> bytes, uint64_t seed) {
  return static_cast<uint32_t>(Checksum64(bytes, seed));
}

Digest128 Checksum128(std::span<const std::byte> bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.low64, hash.high64};
}

struct ChecksumStream::Impl {
  Impl() : state(XXH3_createState()) {
    if (state == nullptr) {
      throw std::bad_alloc();  // as operator new does
    }
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { XXH3_freeState(state); }

  XXH3_state_t* state;
};

ChecksumStream::ChecksumStream() : impl_(std::make_unique<Impl>()) { Reset(); }
ChecksumStream::~ChecksumStream() = default;
ChecksumStream::ChecksumStream(ChecksumStream&&) noexcept = default;
ChecksumStream& ChecksumStream::operator=(ChecksumStream&&) noexcept = default;

void ChecksumStream::Update(std::span<const std::byte> bytes) {
  // The state of the 64- and the 128-bit sum is the same; only the ends differ.
  XXH3_128bits_update(impl_->state, bytes.data(), bytes.size());
}

uint64_t ChecksumStream::Digest64() const { return XXH3_64bits_digest(impl_->state); }

Digest128 ChecksumStream::Digest() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(impl_->state);
  return {hash.low64, hash.high64};
}

void ChecksumStream::Reset() { XXH3_128bits_reset(impl_->state); }

}  // namespace lancer::encoding
