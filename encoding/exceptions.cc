// Exceptions (spec: encodings, "Exceptions"):
//
//   header: [flags u8][count: u16 if flags = 1, u32 if flags = 2]
//   body:   [positions, ascending: u16 or u32 each][values]
//   flags:  0 none, 1 positions of 2 bytes, 2 of 4
#include "encoding/exceptions.h"

#include <fmt/format.h>

#include <cstring>

#include "encoding/byte_order.h"
#include "encoding/byte_writer.h"
#include "encoding/gather.h"

namespace lancer::encoding {
namespace {

constexpr uint8_t kNone = 0;
constexpr uint8_t kSmall = 1;
constexpr uint8_t kLarge = 2;
constexpr uint64_t kMaxSmall = 65536;  // values whose positions have 2 bytes

}  // namespace

Status Exceptions::ReadHeader(const Encoding& encoding, ByteReader* reader,
                              uint64_t value_count, unsigned value_bytes,
                              Exceptions* out) {
  uint8_t flags = 0;
  uint16_t small = 0;
  uint32_t large = 0;
  if (!reader->Read(&flags) || (flags == kSmall && !reader->Read(&small)) ||
      (flags == kLarge && !reader->Read(&large))) {
    return NodeCorruption(encoding, "header is cut short");
  }
  if (flags > kLarge) {
    return NodeCorruption(encoding, "unknown flags of the exceptions");
  }
  out->count_ = flags == kSmall ? small : large;
  out->position_bytes_ = flags == kNone ? 0 : 2U * flags;
  out->value_bytes_ = value_bytes;
  if (out->count_ > value_count) {
    return NodeCorruption(
        encoding, fmt::format("{} exceptions of {} values", out->count_, value_count));
  }
  return Status::Ok();
}

void Exceptions::Write(std::span<const uint32_t> positions, const Values& values,
                       const EncodeSink& sink) {
  ByteWriter header(sink.headers);
  if (positions.empty()) {
    header.Write(kNone);
    return;
  }
  // A count of 65,536 does not fit u16 either.
  const bool small = values.count <= kMaxSmall && positions.size() < kMaxSmall;
  const unsigned bytes = small ? 2 : 4;
  header.Write(small ? kSmall : kLarge);
  StoreNumber(positions.size(), header.Extend(bytes), bytes);
  ByteWriter body(sink.bodies);
  std::byte* to = body.Extend(positions.size() * (bytes + values.type.width));
  for (const uint32_t position : positions) {
    StoreNumber(position, to, bytes);
    to += bytes;
  }
  Gather(values.data.data(), values.type.width, positions, to, values.type.width);
}

void Exceptions::RepeatBefore(std::span<const uint32_t> positions, uint64_t value_count,
                              unsigned width, std::byte* values) {
  uint64_t first = 0;  // the first place that is none
  while (first < positions.size() && positions[first] == first) {
    ++first;
  }
  for (uint64_t i = 0; i < first; ++i) {
    if (first < value_count) {
      std::memcpy(values + i * width, values + first * width, width);
    } else {
      std::memset(values + i * width, 0, width);
    }
  }
  for (const uint32_t i : positions.subspan(static_cast<size_t>(first))) {
    std::memcpy(values + size_t{i} * width, values + size_t{i - 1} * width, width);
  }
}

void Exceptions::Overwrite(std::byte* values) const {
  for (uint64_t k = 0; k < count_; ++k) {
    std::memcpy(values + position(k) * value_bytes_, value(k), value_bytes_);
  }
}

uint64_t Exceptions::position(uint64_t k) const {
  return LoadNumber(body_ + k * position_bytes_, position_bytes_);
}

const std::byte* Exceptions::value(uint64_t k) const {
  return body_ + count_ * position_bytes_ + k * value_bytes_;
}

const std::byte* Exceptions::Find(uint64_t i) const {
  uint64_t low = 0;
  uint64_t high = count_;
  while (low < high) {
    const uint64_t middle = (low + high) / 2;
    if (position(middle) < i) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < count_ && position(low) == i ? value(low) : nullptr;
}

Status Exceptions::CheckPositions(const Encoding& encoding, uint64_t value_count) const {
  uint64_t least = 0;
  for (uint64_t k = 0; k < count_; ++k) {
    const uint64_t i = position(k);
    if (i < least || i >= value_count) {
      return NodeCorruption(encoding, fmt::format("exception {} at value {}, expected "
                                                  "[{}, {})",
                                                  k, i, least, value_count));
    }
    least = i + 1;
  }
  return Status::Ok();
}

}  // namespace lancer::encoding
