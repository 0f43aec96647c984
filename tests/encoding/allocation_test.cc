// Memory: decoders and encoders take none per value, and no more for damaged streams than
// these may say. A program of its own, since it counts what operator new hands out.
#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "encoding/encoding.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"
#include "tests/support/allocation_meter.h"

namespace lancer::encoding {
namespace {

// Growing buffers double; nodes of a tree take a few each.
constexpr uint64_t kFewAllocations = 16;

uint64_t AllocationsOfDecoding(const Encoded& encoded, const ValueSet& set) {
  const StoredStream stream = encoded.Stored(set.type, set.count);
  if (set.type.kind == PhysicalKind::kBytes) {
    BytesTarget target;
    target.offsets = {0};
    const test::AllocationMeter meter;
    EXPECT_TRUE(DecodeBytes(stream, 0, set.count, &target).ok());
    return meter.allocation_count();
  }
  std::vector<std::byte> values(set.data.size() + 64);
  const test::AllocationMeter meter;
  EXPECT_TRUE(DecodeFixed(stream, {values.data(), 0}).ok());
  return meter.allocation_count();
}

class MemoryOfType : public testing::TestWithParam<PhysicalType> {};

TEST_P(MemoryOfType, IsNotTakenPerValue) {
  const PhysicalType type = GetParam();
  constexpr uint64_t kCount = 8192;
  for (const ValueSet& set : MakeValueSets(type, kCount)) {
    for (const EncodingTree& tree :
         AllTrees(type, {.dictionary = true, .symbol_table = true})) {
      SCOPED_TRACE(set.name + " by " + tree.ToString());
      const auto encoded = EncodeSet(tree, set, true);
      ASSERT_TRUE(encoded.has_value());
      (void)AllocationsOfDecoding(*encoded, set);  // what a thread keeps is there now
      EXPECT_LE(AllocationsOfDecoding(*encoded, set), kFewAllocations);
    }
  }
}

TEST_P(MemoryOfType, IsBoundedForDamagedStreams) {
  constexpr uint64_t kMost = uint64_t{4} << 20;  // codecs claim 65,536 times their bytes
  const PhysicalType type = GetParam();
  const ValueSet set = MakeValueSets(type, 37)[1];
  for (const EncodingTree& tree :
       AllTrees(type, {.dictionary = true, .symbol_table = true})) {
    SCOPED_TRACE(tree.ToString());
    auto encoded = EncodeSet(tree, set, true);
    ASSERT_TRUE(encoded.has_value());
    const size_t bytes = std::min<size_t>(encoded->stream.size(), 64);
    for (size_t bit = 0; bit < bytes * 8; ++bit) {
      encoded->stream[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
      const test::AllocationMeter meter;
      (void)DecodeAll(*encoded, type, set.count);
      EXPECT_LE(meter.peak_bytes(), kMost) << "bit " << bit;
      encoded->stream[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AllTypes, MemoryOfType, testing::ValuesIn(TestTypes()),
                         [](const auto& test) { return TypeName(test.param); });

}  // namespace
}  // namespace lancer::encoding
