// The body is drawn in ffor.cc (spec: encodings, "ffor").
#include "encoding/ffor_packer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

#include "encoding/bit_pack.h"
#include "encoding/ffor_header.h"

namespace lancer::encoding {
namespace {

// The smallest width and how many distances exceed it, given how many need each width.
struct Plan {
  unsigned width = 0;
  uint64_t patch_count = 0;
};

Plan PlanWidth(std::span<const uint64_t, 65> histogram, uint64_t count, unsigned widest,
               unsigned patch_bytes) {
  Plan best{widest, 0};
  uint64_t best_bytes = PackedBytes(count, widest);
  uint64_t above = 0;
  for (unsigned width = widest; width-- > 0;) {
    above += histogram[width + 1];
    if (above * 20 > count) {
      break;  // at most 5 % patches, so that reading one value stays quick
    }
    const uint64_t bytes = PackedBytes(count, width) + above * patch_bytes + 4;
    if (bytes < best_bytes) {
      best_bytes = bytes;
      best = {width, above};
    }
  }
  return best;
}

template <typename T>
void CountWidths(const std::byte* in, uint64_t count, T reference,
                 std::span<uint64_t, 65> histogram) {
  // Two tables, so that neighbours of equal width do not wait for each other.
  std::array<std::array<uint32_t, 65>, 2> tables{};
  const auto width_of = [&](uint64_t i) {
    const T distance = static_cast<T>(LoadLe<T>(in + i * sizeof(T)) - reference);
    return static_cast<unsigned>(std::bit_width(distance));
  };
  uint64_t i = 0;
  for (; i + 2 <= count; i += 2) {
    ++tables[0][width_of(i)];
    ++tables[1][width_of(i + 1)];
  }
  if (i < count) {
    ++tables[0][width_of(i)];
  }
  for (size_t w = 0; w < histogram.size(); ++w) {
    histogram[w] = uint64_t{tables[0][w]} + tables[1][w];
  }
}

struct Patches {
  const std::byte* in;
  uint64_t count;
  uint64_t reference;
  unsigned width;
  unsigned position_bytes;
  std::byte* positions;
  std::byte* distances;
};

template <typename T>
void CopyPatches(Patches p) {
  const T reference = static_cast<T>(p.reference);
  const T most = static_cast<T>((uint64_t{1} << p.width) - 1);  // width < bits of T
  constexpr uint64_t kStep = 32;
  for (uint64_t first = 0; first < p.count; first += kStep) {
    const uint64_t end = std::min(first + kStep, p.count);
    T any = 0;
    for (uint64_t i = first; i < end; ++i) {
      const T distance = static_cast<T>(LoadLe<T>(p.in + i * sizeof(T)) - reference);
      any = static_cast<T>(any | distance);
    }
    if (any <= most) {
      continue;
    }
    for (uint64_t i = first; i < end; ++i) {
      const T distance = static_cast<T>(LoadLe<T>(p.in + i * sizeof(T)) - reference);
      if (distance > most) {
        StoreNumber(i, p.positions, p.position_bytes);
        StoreLe<T>(p.distances, distance);
        p.positions += p.position_bytes;
        p.distances += sizeof(T);
      }
    }
  }
}

}  // namespace

FforPacker::FforPacker(const std::byte* in, uint64_t count, unsigned bytes,
                       uint64_t reference, uint64_t range)
    : in_(in),
      count_(count),
      bytes_(bytes),
      reference_(reference),
      width_(static_cast<unsigned>(std::bit_width(range))) {}

uint8_t FforPacker::flags() const {
  if (patch_count_ == 0) {
    return 0;
  }
  return count_ <= 65536 ? kFforSmallPatches : kFforLargePatches;
}

void FforPacker::AllowPatches() {
  if (width_ == 0 || count_ > UINT32_MAX) {
    return;
  }
  std::array<uint64_t, 65> histogram{};
  switch (bytes_) {
    case 1:
      CountWidths<uint8_t>(in_, count_, static_cast<uint8_t>(reference_), histogram);
      break;
    case 2:
      CountWidths<uint16_t>(in_, count_, static_cast<uint16_t>(reference_), histogram);
      break;
    case 4:
      CountWidths<uint32_t>(in_, count_, static_cast<uint32_t>(reference_), histogram);
      break;
    default:
      CountWidths<uint64_t>(in_, count_, reference_, histogram);
  }
  const unsigned position_bytes = count_ <= 65536 ? 2 : 4;
  const Plan plan = PlanWidth(histogram, count_, width_, position_bytes + bytes_);
  width_ = plan.width;
  patch_count_ = plan.patch_count;
}

void FforPacker::WriteBody(ByteWriter* out) const {
  Pack(bytes_, in_, count_, width_, reference_,
       out->Extend(static_cast<size_t>(PackedBytes(count_, width_))));
  if (patch_count_ > 0) {
    WritePatches(out);
  }
}

void FforPacker::WritePatches(ByteWriter* out) const {
  std::byte* to = out->Extend(
      static_cast<size_t>(patch_count_ * (FforPositionBytes(flags()) + bytes_)));
  const Patches patches{in_,
                        count_,
                        reference_,
                        width_,
                        FforPositionBytes(flags()),
                        to,
                        to + patch_count_ * FforPositionBytes(flags())};
  switch (bytes_) {
    case 1:
      return CopyPatches<uint8_t>(patches);
    case 2:
      return CopyPatches<uint16_t>(patches);
    case 4:
      return CopyPatches<uint32_t>(patches);
    default:
      return CopyPatches<uint64_t>(patches);
  }
}

}  // namespace lancer::encoding
