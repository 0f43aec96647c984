#include "encoding/simd/pack_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "encoding/byte_order.h"
#include "tests/encoding/simd/pack_twins.h"

namespace lancer::encoding {
namespace {

using Bytes = std::vector<std::byte>;

constexpr size_t kOdd = 3;  // kernels take any address
constexpr uint64_t kChunks = 2;

Bytes RandomBytes(size_t size, std::mt19937_64* random) {
  Bytes bytes(size);
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>((*random)());
  }
  return bytes;
}

// Unpacks random bytes by both, then packs what came out.
template <typename T>
void ExpectSame(MoveChunks<T> unpack, MoveChunks<T> pack, MoveChunks<T> twin_unpack,
                MoveChunks<T> twin_pack, std::mt19937_64* random) {
  for (unsigned width = 1; width <= 8 * sizeof(T); ++width) {
    const Bytes packed = RandomBytes(kChunks * 128 * width + kOdd, random);
    const T reference = static_cast<T>((*random)());
    const size_t size = kChunks * simd::kChunkValues * sizeof(T) + kOdd;
    Bytes numbers(size);
    Bytes twin_numbers(size);
    unpack(packed.data() + kOdd, kChunks, width, reference, numbers.data() + kOdd);
    twin_unpack(packed.data() + kOdd, kChunks, width, reference,
                twin_numbers.data() + kOdd);
    ASSERT_EQ(numbers, twin_numbers) << sizeof(T) << " bytes, width " << width;
    Bytes again(packed.size());
    Bytes twin_again(packed.size());
    pack(numbers.data() + kOdd, kChunks, width, reference, again.data() + kOdd);
    twin_pack(numbers.data() + kOdd, kChunks, width, reference, twin_again.data() + kOdd);
    ASSERT_EQ(again, twin_again) << sizeof(T) << " bytes, width " << width;
    ASSERT_TRUE(std::equal(again.begin() + kOdd, again.end(), packed.begin() + kOdd))
        << sizeof(T) << " bytes, width " << width;
  }
}

TEST(PackKernels, GiveTheSameBytesOnEveryMachine) {
  const PackKernels chosen = LANCER_PACK_KERNELS("chosen at start-up", true);
  std::mt19937_64 random(3);
  for (const PackKernels& twin : {PlainPackKernels(), Avx2PackKernels()}) {
    SCOPED_TRACE(twin.machine);
    if (!twin.runs_here) {
      continue;
    }
    ExpectSame(chosen.unpack8, chosen.pack8, twin.unpack8, twin.pack8, &random);
    ExpectSame(chosen.unpack16, chosen.pack16, twin.unpack16, twin.pack16, &random);
    ExpectSame(chosen.unpack32, chosen.pack32, twin.unpack32, twin.pack32, &random);
    ExpectSame(chosen.unpack64, chosen.pack64, twin.unpack64, twin.pack64, &random);
  }
}

// One number of a chunk by the definition of the spec, bit by bit.
uint64_t ByDefinition(const std::byte* packed, unsigned width, unsigned i) {
  constexpr unsigned kLanes = 16;
  uint64_t value = 0;
  for (unsigned b = 0; b < width; ++b) {
    const unsigned in_lane = i / kLanes * width + b;
    const unsigned bit = (in_lane / 64 * kLanes + i % kLanes) * 64 + in_lane % 64;
    value |= (std::to_integer<uint64_t>(packed[bit / 8]) >> (bit % 8) & 1) << b;
  }
  return value;
}

TEST(PackKernels, SixteenByteNumbersCarryIntoTheirHighHalf) {
  std::mt19937_64 random(4);
  for (const PackKernels& kernels : {LANCER_PACK_KERNELS("chosen at start-up", true),
                                     PlainPackKernels(), Avx2PackKernels()}) {
    SCOPED_TRACE(kernels.machine);
    for (unsigned width = 1; width <= 64 && kernels.runs_here; ++width) {
      const Bytes packed = RandomBytes(128 * width, &random);
      const uint64_t low = UINT64_MAX - (random() >> (64 - width)) / 2;
      const uint64_t high = width % 2 == 0 ? UINT64_MAX : 7;
      Bytes numbers(size_t{simd::kChunkValues} * 16);
      kernels.unpack128(packed.data(), 1, width, low, high, numbers.data());
      for (unsigned i = 0; i < simd::kChunkValues; ++i) {
        const uint64_t sum = low + ByDefinition(packed.data(), width, i);
        ASSERT_EQ(LoadLe<uint64_t>(numbers.data() + i * 16), sum) << width << " " << i;
        ASSERT_EQ(LoadLe<uint64_t>(numbers.data() + i * 16 + 8), high + (sum < low))
            << width << " " << i;
      }
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
