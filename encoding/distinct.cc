#include "encoding/distinct.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "encoding/byte_order.h"
#include "encoding/hash.h"
#include "encoding/simd/scan_kernels.h"
#include "encoding/value_at.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kMaxBitmapRange = uint64_t{1} << 20;  // 128 KiB of bits stay in cache
constexpr uint64_t kFirstSlots = 4096;  // at most; a page of few values starts smaller

// Numbers other than 0 in open addressing; grows so that lookups stay in cache.
class NumberSet {
 public:
  // For at most `count` numbers.
  explicit NumberSet(uint64_t count)
      : slots_(std::bit_ceil(std::min(count, kFirstSlots / 2) * 2 + 2), 0) {}

  uint64_t size() const { return size_ + (has_zero_ ? 1 : 0); }

  void Insert(uint64_t number) {
    if (number == 0) {
      has_zero_ = true;
      return;
    }
    const size_t slot = Probe(number);
    if (slots_[slot] == 0) {
      slots_[slot] = number;
      if (++size_ * 2 > slots_.size()) {
        Grow();
      }
    }
  }

 private:
  size_t Probe(uint64_t number) const {
    const size_t mask = slots_.size() - 1;
    const int shift = 64 - std::countr_zero(slots_.size());
    auto slot = static_cast<size_t>((number * 0x9E3779B97F4A7C15ULL) >> shift);
    while (slots_[slot] != 0 && slots_[slot] != number) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  void Grow() {
    std::vector<uint64_t> old(slots_.size() * 4, 0);
    old.swap(slots_);
    for (const uint64_t number : old) {
      if (number != 0) {
        slots_[Probe(number)] = number;
      }
    }
  }

  std::vector<uint64_t> slots_;
  uint64_t size_ = 0;
  bool has_zero_ = false;
};

template <typename T>
uint64_t CountInRange(const Values& values, T low, uint64_t range) {
  std::vector<std::byte> seen(static_cast<size_t>(range / 8 + 1));
  for (uint64_t i = 0; i < values.count; ++i) {
    if (IsValid(values, i)) {
      const T value = LoadLe<T>(values.data.data() + i * sizeof(T));
      SetBit(seen.data(), static_cast<int64_t>(static_cast<T>(value - low)));
    }
  }
  return static_cast<uint64_t>(
      CountBits(seen.data(), 0, static_cast<int64_t>(range + 1)));
}

template <typename T>
std::optional<uint64_t> CountNumbers(const Values& values, const Statistics& bounds) {
  const NumberKind kind = values.type.number;
  const bool integers = kind == NumberKind::kUnsigned || kind == NumberKind::kSigned;
  if (integers && bounds.min && bounds.max) {
    const T low = LoadLe<T>(bounds.min->bytes.data());
    const T high = LoadLe<T>(bounds.max->bytes.data());
    const uint64_t range = static_cast<T>(high - low);
    if (range < kMaxBitmapRange && range / 16 <= values.count) {
      const uint64_t counted = CountInRange<T>(values, low, range);
      return counted <= kMaxCountedDistinct ? std::optional(counted) : std::nullopt;
    }
  }
  NumberSet set(values.count);
  T last = 0;
  bool any = false;
  for (uint64_t i = 0; i < values.count; ++i) {
    const T value = LoadLe<T>(values.data.data() + i * sizeof(T));
    if ((any && value == last) || !IsValid(values, i)) {
      continue;
    }
    last = value;
    any = true;
    set.Insert(value);
    if (set.size() > kMaxCountedDistinct) {
      return std::nullopt;
    }
  }
  return set.size();
}

// Byte strings count by their 64-bit hash: two that share one would be counted as one,
// which happens once in 2^32 pages of 64 Ki values and only misleads selection.
std::optional<uint64_t> CountHashes(const Values& values) {
  NumberSet set(values.count);
  for (uint64_t i = 0; i < values.count; ++i) {
    if (!IsValid(values, i)) {
      continue;
    }
    set.Insert(HashOfBytes(ValueAt(values, i)));
    if (set.size() > kMaxCountedDistinct) {
      return std::nullopt;
    }
  }
  return set.size();
}

}  // namespace

std::optional<uint64_t> CountDistinct(const Values& values, const Statistics& bounds) {
  if (bounds.ascending && values.validity == nullptr) {
    return bounds.run_count <= kMaxCountedDistinct ? std::optional(bounds.run_count)
                                                   : std::nullopt;
  }
  if (values.type.kind == PhysicalKind::kFixed) {
    switch (values.type.width) {
      case 1:
        return CountNumbers<uint8_t>(values, bounds);
      case 2:
        return CountNumbers<uint16_t>(values, bounds);
      case 4:
        return CountNumbers<uint32_t>(values, bounds);
      case 8:
        return CountNumbers<uint64_t>(values, bounds);
      default:
        break;
    }
  }
  return CountHashes(values);
}

}  // namespace lancer::encoding
