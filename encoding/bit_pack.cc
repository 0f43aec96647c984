// Packed numbers (spec: bit packing):
//
//   [chunk of 1,024: 128 * W bytes, in lanes] ... [rest: ceil(n * W / 8) bytes]
#include "encoding/bit_pack.h"

#include <algorithm>
#include <cstring>

#include "encoding/byte_order.h"
#include "encoding/simd/pack_kernels.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t MaskOf(unsigned width) {
  return width == 0 ? 0 : UINT64_MAX >> (64 - width);
}

// `width` bits from bit `bit` of a stream of bits. REQUIRES: they lie within `in`.
uint64_t LoadBits(std::span<const std::byte> in, uint64_t bit, unsigned width) {
  const auto at = static_cast<size_t>(bit / 8);
  const auto shift = static_cast<unsigned>(bit % 8);
  uint64_t word = 0;
  if (at + 8 <= in.size()) {
    word = LoadLe<uint64_t>(in.data() + at);
  } else {
    for (size_t i = at; i < in.size(); ++i) {
      word |= std::to_integer<uint64_t>(in[i]) << (8 * (i - at));
    }
  }
  word >>= shift;
  if (shift + width > 64) {
    word |= std::to_integer<uint64_t>(in[at + 8]) << (64 - shift);
  }
  return word & MaskOf(width);
}

template <typename T>
void PackRest(const std::byte* in, uint64_t count, unsigned width, T reference,
              std::byte* out) {
  const uint64_t mask = MaskOf(width);
  uint64_t pending = 0;
  unsigned filled = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t value =
        static_cast<T>(LoadLe<T>(in + i * sizeof(T)) - reference) & mask;
    pending |= value << filled;
    filled += width;
    if (filled >= 64) {
      StoreLe<uint64_t>(out, pending);
      out += 8;
      filled -= 64;
      pending = filled == 0 ? 0 : value >> (width - filled);
    }
  }
  for (; filled > 0; filled -= std::min(filled, 8U)) {
    *out++ = static_cast<std::byte>(pending);
    pending >>= 8;
  }
}

template <typename T>
void UnpackRest(std::span<const std::byte> in, uint64_t count, unsigned width,
                T reference, std::byte* out) {
  const uint64_t mask = MaskOf(width);
  uint64_t i = 0;
  if (width <= 8) {  // eight numbers are `width` bytes: one load
    for (size_t at = 0; i + 8 <= count && at + 8 <= in.size(); i += 8, at += width) {
      const uint64_t word = LoadLe<uint64_t>(in.data() + at);
      for (unsigned j = 0; j < 8; ++j) {
        StoreLe<T>(out + (i + j) * sizeof(T),
                   static_cast<T>((word >> (j * width) & mask) + reference));
      }
    }
  }
  if (width <= 56 && in.size() >= 8) {
    const uint64_t last = (in.size() - 8) * 8;  // last bit where eight bytes can be read
    for (uint64_t bit = i * width; i < count && bit <= last; ++i, bit += width) {
      const uint64_t word = LoadLe<uint64_t>(in.data() + bit / 8) >> (bit % 8);
      StoreLe<T>(out + i * sizeof(T), static_cast<T>((word & mask) + reference));
    }
  }
  for (; i < count; ++i) {
    StoreLe<T>(out + i * sizeof(T),
               static_cast<T>(LoadBits(in, i * width, width) + reference));
  }
}

template <typename T>
void Fill(uint64_t count, T value, std::byte* out) {
  for (uint64_t i = 0; i < count; ++i) {
    StoreLe<T>(out + i * sizeof(T), value);
  }
}

template <typename T, typename Kernel>
void PackWith(Kernel kernel, const std::byte* in, uint64_t count, unsigned width,
              T reference, std::byte* out) {
  const uint64_t chunks = count / kPackChunk;
  kernel(in, chunks, width, reference, out);
  PackRest<T>(in + chunks * kPackChunk * sizeof(T), count % kPackChunk, width, reference,
              out + chunks * (kPackChunk / 8) * width);
}

template <typename T, typename Kernel>
void UnpackWith(Kernel kernel, std::span<const std::byte> in, uint64_t count,
                unsigned width, T reference, std::byte* out) {
  if (width == 0) {
    Fill<T>(count, reference, out);
    return;
  }
  const uint64_t chunks = count / kPackChunk;
  kernel(in.data(), chunks, width, reference, out);
  UnpackRest<T>(in.subspan(static_cast<size_t>(chunks * (kPackChunk / 8) * width)),
                count % kPackChunk, width, reference,
                out + chunks * kPackChunk * sizeof(T));
}

}  // namespace

void Pack(unsigned value_bytes, const std::byte* in, uint64_t count, unsigned width,
          uint64_t reference, std::byte* out) {
  if (width == 0 || count == 0) {
    return;
  }
  switch (value_bytes) {
    case 1:
      return PackWith<uint8_t>(simd::PackChunks8, in, count, width,
                               static_cast<uint8_t>(reference), out);
    case 2:
      return PackWith<uint16_t>(simd::PackChunks16, in, count, width,
                                static_cast<uint16_t>(reference), out);
    case 4:
      return PackWith<uint32_t>(simd::PackChunks32, in, count, width,
                                static_cast<uint32_t>(reference), out);
    default:
      return PackWith<uint64_t>(simd::PackChunks64, in, count, width, reference, out);
  }
}

void Unpack(unsigned value_bytes, std::span<const std::byte> in, uint64_t count,
            unsigned width, uint64_t reference, std::byte* out) {
  switch (value_bytes) {
    case 1:
      return UnpackWith<uint8_t>(simd::UnpackChunks8, in, count, width,
                                 static_cast<uint8_t>(reference), out);
    case 2:
      return UnpackWith<uint16_t>(simd::UnpackChunks16, in, count, width,
                                  static_cast<uint16_t>(reference), out);
    case 4:
      return UnpackWith<uint32_t>(simd::UnpackChunks32, in, count, width,
                                  static_cast<uint32_t>(reference), out);
    default:
      return UnpackWith<uint64_t>(simd::UnpackChunks64, in, count, width, reference, out);
  }
}

void UnpackWide(std::span<const std::byte> in, uint64_t count, unsigned width,
                uint64_t reference, uint64_t reference_high, std::byte* out) {
  const uint64_t chunks = width == 0 ? 0 : count / kPackChunk;
  simd::UnpackChunks128(in.data(), chunks, width, reference, reference_high, out);
  const uint64_t first = chunks * kPackChunk;
  const auto rest = in.subspan(static_cast<size_t>(PackedBytes(first, width)));
  for (uint64_t i = first; i < count; ++i) {
    const uint64_t distance = width == 0 ? 0 : LoadBits(rest, (i - first) * width, width);
    const uint64_t low = reference + distance;
    StoreLe<uint64_t>(out + i * 16, low);
    StoreLe<uint64_t>(out + i * 16 + 8, reference_high + (low < distance ? 1 : 0));
  }
}

uint64_t UnpackOneOfChunk(unsigned value_bytes, std::span<const std::byte> chunk,
                          bool full, unsigned width, uint64_t i) {
  if (width == 0) {
    return 0;
  }
  if (!full) {
    return LoadBits(chunk, i * width, width);
  }
  const unsigned bits = value_bytes * 8;
  const auto lanes = static_cast<unsigned>(kPackChunk / bits);
  const auto lane = static_cast<unsigned>(i % lanes);
  const auto row = static_cast<unsigned>(i / lanes);
  const unsigned shift = row * width % bits;
  const std::byte* low =
      chunk.data() + size_t{row * width / bits * lanes + lane} * value_bytes;
  uint64_t value = LoadNumber(low, value_bytes) >> shift;
  if (shift + width > bits) {
    value |= LoadNumber(low + size_t{lanes} * value_bytes, value_bytes) << (bits - shift);
  }
  return value & MaskOf(width);
}

uint64_t UnpackOne(unsigned value_bytes, std::span<const std::byte> in, uint64_t count,
                   unsigned width, uint64_t i) {
  const PackedRange range = PackedChunkRange(count, width, i);
  return UnpackOneOfChunk(value_bytes,
                          in.subspan(static_cast<size_t>(range.begin),
                                     static_cast<size_t>(range.end - range.begin)),
                          i / kPackChunk < count / kPackChunk, width, i % kPackChunk);
}

}  // namespace lancer::encoding
