#include "encoding/bit_pack.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "encoding/byte_order.h"

namespace lancer::encoding {
namespace {

// The definition of the spec, bit by bit.
uint64_t ReadByDefinition(std::span<const std::byte> in, unsigned bytes, uint64_t count,
                          unsigned width, uint64_t i) {
  const auto bit_at = [&](uint64_t bit) {
    return std::to_integer<uint64_t>(in[bit / 8]) >> (bit % 8) & 1;
  };
  uint64_t value = 0;
  const uint64_t chunk = i / 1024 * 128 * width;
  const uint64_t lanes = 1024 / (bytes * 8);
  const uint64_t t = bytes * 8;
  for (unsigned b = 0; b < width; ++b) {
    uint64_t bit = 0;
    if (i / 1024 == count / 1024) {
      bit = chunk * 8 + i % 1024 * width + b;
    } else {
      const uint64_t in_lane = i % 1024 / lanes * width + b;
      bit = (chunk * 8) + (in_lane / t * lanes + i % lanes) * t + in_lane % t;
    }
    value |= bit_at(bit) << b;
  }
  return value;
}

TEST(BitPack, FollowsTheDefinitionAtEveryWidthAndReadsSingleNumbers) {
  std::mt19937_64 random(7);
  for (const unsigned bytes : {1U, 2U, 4U, 8U}) {
    const uint64_t count = 2 * 1024 + 77;
    for (unsigned width = 0; width <= bytes * 8; ++width) {
      const uint64_t mask = width == 0 ? 0 : UINT64_MAX >> (64 - width);
      const uint64_t reference = random();
      std::vector<std::byte> in(count * bytes);
      std::vector<uint64_t> distances(count);
      for (uint64_t i = 0; i < count; ++i) {
        distances[i] = random() & mask;
        StoreNumber(reference + distances[i], in.data() + i * bytes, bytes);
      }
      std::vector<std::byte> packed(PackedBytes(count, width));
      Pack(bytes, in.data(), count, width, reference, packed.data());
      for (uint64_t i = 0; i < count; i += 1 + random() % 5) {
        ASSERT_EQ(ReadByDefinition(packed, bytes, count, width, i), distances[i])
            << "bytes " << bytes << " width " << width << " at " << i;
        ASSERT_EQ(UnpackOne(bytes, packed, count, width, i), distances[i]);
      }
      std::vector<std::byte> out(count * bytes + 64);
      Unpack(bytes, packed, count, width, reference, out.data());
      out.resize(in.size());
      ASSERT_EQ(out, in) << "bytes " << bytes << " width " << width;
    }
  }
}

TEST(BitPack, ChunkRangesCoverTheBodyWithoutGaps) {
  const uint64_t count = 3000;
  uint64_t end = 0;
  for (uint64_t i = 0; i < count; i += 1024) {
    const PackedRange range = PackedChunkRange(count, 13, i);
    EXPECT_EQ(range.begin, end);
    EXPECT_EQ(PackedChunkRange(count, 13, i + 900).end, range.end);
    end = range.end;
  }
  EXPECT_EQ(end, PackedBytes(count, 13));
}

}  // namespace
}  // namespace lancer::encoding
