#include "encoding/statistics.h"

#include <algorithm>
#include <cstring>

#include "encoding/bound_cut.h"
#include "encoding/byte_order.h"
#include "encoding/distinct.h"
#include "encoding/simd/scan_kernels.h"
#include "encoding/value_at.h"
#include "encoding/wide_number.h"
#include "types/bitmap.h"

namespace lancer::encoding {
namespace {

constexpr size_t kBoundBytes = 32;
constexpr uint64_t kGatherValues = 1024;

bool IsNumber(PhysicalType type) {
  return type.number != NumberKind::kOpaque &&
         (type.width == 1 || type.width == 2 || type.width == 4 || type.width == 8);
}

bool IsWide(PhysicalType type) {
  return type.number == NumberKind::kSigned && (type.width == 16 || type.width == 32);
}

int Sign(int order) { return order < 0 ? -1 : (order > 0 ? 1 : 0); }

int CompareBytes(std::span<const std::byte> a, std::span<const std::byte> b) {
  const size_t shared = std::min(a.size(), b.size());
  const int order = shared == 0 ? 0 : std::memcmp(a.data(), b.data(), shared);
  if (order != 0) {
    return Sign(order);
  }
  return a.size() < b.size() ? -1 : (a.size() > b.size() ? 1 : 0);
}

uint64_t KeyOf(PhysicalType type, std::span<const std::byte> value) {
  switch (type.width) {
    case 1:
      return simd::ToKey(type.number, LoadLe<uint8_t>(value.data()));
    case 2:
      return simd::ToKey(type.number, LoadLe<uint16_t>(value.data()));
    case 4:
      return simd::ToKey(type.number, LoadLe<uint32_t>(value.data()));
    default:
      return simd::ToKey(type.number, LoadLe<uint64_t>(value.data()));
  }
}

uint64_t BitsOfKey(PhysicalType type, uint64_t key) {
  switch (type.width) {
    case 1:
      return simd::FromKey(type.number, static_cast<uint8_t>(key));
    case 2:
      return simd::FromKey(type.number, static_cast<uint16_t>(key));
    case 4:
      return simd::FromKey(type.number, static_cast<uint32_t>(key));
    default:
      return simd::FromKey(type.number, key);
  }
}

Bound ExactBound(std::span<const std::byte> value) {
  Bound bound;
  bound.size = static_cast<uint8_t>(value.size());
  std::copy(value.begin(), value.end(), bound.bytes.begin());
  return bound;
}

Bound NumberBound(PhysicalType type, uint64_t key) {
  Bound bound;
  bound.size = static_cast<uint8_t>(type.width);
  StoreNumber(BitsOfKey(type, key), bound.bytes.data(), type.width);
  return bound;
}

// Calls `visit(bytes, n)` with all valid numbers, in pieces when there are nulls.
template <typename Visit>
void VisitValid(const Values& values, Visit visit) {
  const size_t width = values.type.width;
  if (values.validity == nullptr) {
    visit(values.data.data(), values.count);
    return;
  }
  std::array<std::byte, kGatherValues * 8> gathered;
  uint64_t n = 0;
  const auto count = static_cast<int64_t>(values.count);
  for (int64_t at = 0; at < count;) {
    at = FindBit(values.validity, at, count, true);
    const int64_t end = FindBit(values.validity, at, count, false);
    while (at < end) {
      const auto part =
          std::min<uint64_t>(static_cast<uint64_t>(end - at), kGatherValues - n);
      std::memcpy(gathered.data() + n * width,
                  values.data.data() + static_cast<uint64_t>(at) * width, part * width);
      n += part;
      at += static_cast<int64_t>(part);
      if (n == kGatherValues) {
        visit(gathered.data(), n);
        n = 0;
      }
    }
  }
  if (n > 0) {
    visit(gathered.data(), n);
  }
}

void ScanNumbers(const Values& values, bool everything, Statistics* result) {
  simd::ScanResult valid;
  VisitValid(values, [&](const std::byte* numbers, uint64_t n) {
    const simd::ScanResult part =
        simd::Scan(values.type.number, values.type.width, numbers, n);
    valid.min_key = std::min(valid.min_key, part.min_key);
    valid.max_key = std::max(valid.max_key, part.max_key);
    valid.zeros += part.zeros;
    valid.nans += part.nans;
    valid.changes += part.changes;
    valid.descents += part.descents;
  });
  result->nan_count = valid.nans;
  if (result->count - result->null_count > valid.nans) {
    result->min = NumberBound(values.type, valid.min_key);
    result->max = NumberBound(values.type, valid.max_key);
  }
  if (!everything) {
    return;
  }
  result->zero_count = valid.zeros;
  if (values.validity != nullptr) {
    valid = simd::Scan(values.type.number, values.type.width, values.data.data(),
                       values.count);
  }
  result->run_count = values.count == 0 ? 0 : valid.changes + 1;
  result->ascending = !IsFloating(values.type.number) && valid.descents == 0;
}

// A value with its first bytes as a number that orders as they do, so that most
// comparisons need not touch memory.
struct Prefixed {
  std::span<const std::byte> value;
  uint64_t prefix = 0;

  explicit Prefixed(std::span<const std::byte> bytes) : value(bytes) {
    std::array<std::byte, 8> first{};
    if (!bytes.empty()) {
      std::memcpy(first.data(), bytes.data(), std::min<size_t>(bytes.size(), 8));
    }
    prefix = SwapBytes(LoadLe<uint64_t>(first.data()));
  }

  bool Equals(const Prefixed& other) const {
    return prefix == other.prefix && value.size() == other.value.size() &&
           (value.size() <= 8 ||
            std::memcmp(value.data(), other.value.data(), value.size()) == 0);
  }
  bool Below(const Prefixed& other) const {
    return prefix != other.prefix ? prefix < other.prefix
                                  : CompareBytes(value, other.value) < 0;
  }
};

// Opaque values and byte strings: unsigned bytes.
void ScanBytes(const Values& values, bool everything, Statistics* result) {
  Prefixed least({});
  Prefixed most({});
  Prefixed last({});
  bool any = false;
  for (uint64_t i = 0; i < values.count; ++i) {
    const Prefixed value(ValueAt(values, i));
    if (everything) {
      result->run_count += i > 0 && value.Equals(last) ? 0 : 1;
      last = value;
    }
    if (!IsValid(values, i)) {
      continue;
    }
    result->max_length = std::max<uint64_t>(result->max_length, value.value.size());
    if (!any || value.Below(least)) {
      least = value;
    }
    if (!any || most.Below(value)) {
      most = value;
    }
    any = true;
  }
  if (any) {
    result->min = CutMinimum(least.value, kBoundBytes);
    result->max = CutMaximum(most.value, kBoundBytes);
  }
}

// Numbers of 16 and 32 bytes, one after the other.
void ScanWide(const Values& values, bool everything, Statistics* result) {
  std::span<const std::byte> least;
  std::span<const std::byte> most;
  std::span<const std::byte> last;
  result->ascending = true;
  result->max_length = values.type.width;
  for (uint64_t i = 0; i < values.count; ++i) {
    const std::span<const std::byte> value = ValueAt(values, i);
    const int order = i == 0 ? -1 : CompareWide(last, value, true);
    result->run_count += everything && order != 0 ? 1 : 0;
    result->ascending = result->ascending && order <= 0;
    last = value;
    if (!IsValid(values, i)) {
      continue;
    }
    result->zero_count += everything && IsZeroWide(value) ? 1 : 0;
    least = least.empty() || CompareWide(value, least, true) < 0 ? value : least;
    most = most.empty() || CompareWide(value, most, true) > 0 ? value : most;
  }
  if (!least.empty()) {
    result->min = ExactBound(least);
    result->max = ExactBound(most);
  }
}

void ScanBits(const Values& values, bool everything, Statistics* result) {
  const auto count = static_cast<int64_t>(values.count);
  const std::byte* bits = values.data.data();
  uint64_t ones = 0;
  bool last = false;
  for (int64_t i = 0; i < count; ++i) {
    const bool bit = GetBit(bits, i);
    result->run_count += everything && (i == 0 || bit != last) ? 1 : 0;
    last = bit;
    ones += bit && IsValid(values, static_cast<uint64_t>(i)) ? 1 : 0;
  }
  const uint64_t valid = result->count - result->null_count;
  result->zero_count = valid - ones;
  if (valid > 0) {
    const std::byte low{static_cast<unsigned char>(ones == valid ? 1 : 0)};
    const std::byte high{static_cast<unsigned char>(ones > 0 ? 1 : 0)};
    result->min = ExactBound({&low, 1});
    result->max = ExactBound({&high, 1});
    result->distinct = low == high ? 1 : 2;
  } else {
    result->distinct = 0;
  }
}

Statistics Compute(const Values& values, bool everything) {
  Statistics result;
  result.type = values.type;
  result.count = values.count;
  if (values.validity != nullptr) {
    result.null_count =
        values.count - static_cast<uint64_t>(CountBits(
                           values.validity, 0, static_cast<int64_t>(values.count)));
  }
  switch (values.type.kind) {
    case PhysicalKind::kBits:
      ScanBits(values, everything, &result);
      break;
    case PhysicalKind::kFixed:
      result.total_bytes = values.count * values.type.width;
      if (IsNumber(values.type)) {
        ScanNumbers(values, everything, &result);
      } else if (IsWide(values.type)) {
        ScanWide(values, everything, &result);
      } else {
        ScanBytes(values, everything, &result);
      }
      break;
    case PhysicalKind::kBytes:
      result.total_bytes =
          values.count == 0 ? 0 : values.offsets[values.count] - values.offsets[0];
      ScanBytes(values, everything, &result);
      break;
  }
  if (everything && values.type.kind != PhysicalKind::kBits) {
    result.distinct = CountDistinct(values, result);
  }
  return result;
}

}  // namespace

Statistics ComputeStatistics(const Values& values) { return Compute(values, true); }

Statistics ComputeBounds(const Values& values) { return Compute(values, false); }

int CompareBounds(PhysicalType type, std::span<const std::byte> a,
                  std::span<const std::byte> b) {
  if (type.kind == PhysicalKind::kFixed && a.size() == type.width &&
      b.size() == type.width) {
    if (IsNumber(type)) {
      const uint64_t a_key = KeyOf(type, a);
      const uint64_t b_key = KeyOf(type, b);
      return a_key < b_key ? -1 : (a_key > b_key ? 1 : 0);
    }
    if (IsWide(type)) {
      return CompareWide(a, b, true);
    }
  }
  return CompareBytes(a, b);
}

namespace {

// Does `bound` lie outside `kept`? `sign`: -1 for minima, 1 for maxima. Of equal bounds
// the exact one counts: it is a value, and no value lies between it and what was cut.
bool Exceeds(PhysicalType type, const Bound& bound, const Bound& kept, int sign) {
  const int order = CompareBounds(type, bound.view(), kept.view()) * sign;
  return order > 0 || (order == 0 && bound.exact && !kept.exact);
}

}  // namespace

void MergeBounds(Statistics* into, const Statistics& part) {
  const auto has_values = [](const Statistics& s) {
    return s.count > s.null_count + s.nan_count;
  };
  if (has_values(part)) {
    if (!has_values(*into)) {
      into->min = part.min;
      into->max = part.max;
    } else {
      // An absent bound of a part with values stands for "no bound known".
      if (!part.min.has_value() || !into->min.has_value()) {
        into->min.reset();
      } else if (Exceeds(into->type, *part.min, *into->min, -1)) {
        into->min = part.min;
      }
      if (!part.max.has_value() || !into->max.has_value()) {
        into->max.reset();
      } else if (Exceeds(into->type, *part.max, *into->max, 1)) {
        into->max = part.max;
      }
    }
  }
  into->count += part.count;
  into->null_count += part.null_count;
  into->nan_count += part.nan_count;
}

}  // namespace lancer::encoding
