// Damaged streams: every cut and every flipped bit gives a Status or values of the right
// size, in bounded memory.
#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "encoding/encoding.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

class DamageOfType : public testing::TestWithParam<PhysicalType> {};

TEST_P(DamageOfType, NeverCrashesTheDecoder) {
  const PhysicalType type = GetParam();
  for (const uint64_t count : {1, 37}) {
    for (const ValueSet& set : MakeValueSets(type, count)) {
      if (set.data.size() > 2000) {
        continue;
      }
      std::vector<EncodingTree> trees =
          AllTrees(type, {.dictionary = true, .symbol_table = true});
      if (set.name == "constant") {
        trees.push_back(Leaf(EncodingId::kConstant));
      }
      for (const EncodingTree& tree : trees) {
        SCOPED_TRACE(set.name + " by " + tree.ToString());
        auto encoded = EncodeSet(tree, set, true);
        ASSERT_TRUE(encoded.has_value());
        const std::vector<std::byte> sound = encoded->stream;
        for (size_t size = 0; size < sound.size(); ++size) {
          encoded->stream.assign(sound.begin(),
                                 sound.begin() + static_cast<std::ptrdiff_t>(size));
          EXPECT_FALSE(DecodeAll(*encoded, type, count)) << "cut to " << size;
        }
        encoded->stream = sound;
        for (size_t bit = 0; bit < sound.size() * 8; ++bit) {
          encoded->stream[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
          (void)DecodeAll(*encoded, type, count);
          encoded->stream[bit / 8] = sound[bit / 8];
        }
        encoded->stream.push_back(std::byte{0});
        EXPECT_FALSE(DecodeAll(*encoded, type, count)) << "one byte too many";
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AllTypes, DamageOfType, testing::ValuesIn(TestTypes()),
                         [](const auto& test) { return TypeName(test.param); });

TEST(Damage, RangesBehindTheCountAreRefused) {
  const ValueSet set = MakeValueSets(FixedOf(NumberKind::kSigned, 4), 100)[1];
  const auto encoded = EncodeSet(Leaf(EncodingId::kPlain), set, false);
  std::byte none[64];
  for (const auto& [first, n] : {std::pair{uint64_t{101}, uint64_t{0}},
                                 {100, 1},
                                 {1, UINT64_MAX},
                                 {UINT64_MAX, 1}}) {
    EXPECT_EQ(DecodeFixedRange(encoded->Stored(set.type, 100), first, n, none).code(),
              StatusCode::kInvalidArgument);
  }
}

TEST(Damage, CountsThatDoNotMatchAreRefused) {
  const ValueSet set = MakeValueSets(FixedOf(NumberKind::kSigned, 4), 100)[1];
  const auto encoded = EncodeSet(Leaf(EncodingId::kPlain), set, false);
  for (const uint64_t count : {uint64_t{0}, uint64_t{99}, uint64_t{1} << 40}) {
    std::byte none[64];
    EXPECT_FALSE(DecodeFixed(encoded->Stored(set.type, count), {none, 0}).ok());
    EXPECT_FALSE(DecodeFixedRange(encoded->Stored(set.type, count), 0, 0, none).ok());
  }
}

TEST(Damage, BytesBehindTheLimitAreResourceExhausted) {
  const ValueSet set = MakeConstantSet(kBytesOf, 1000);
  for (const EncodingTree& tree :
       AllTrees(kBytesOf, {.dictionary = true, .symbol_table = true})) {
    SCOPED_TRACE(tree.ToString());
    const auto encoded = EncodeSet(tree, set, false);
    BytesTarget target;
    target.offsets = {0};
    target.limit = 100;
    EXPECT_EQ(DecodeBytes(encoded->Stored(kBytesOf, 1000), 0, 1000, &target).code(),
              StatusCode::kResourceExhausted);
    EXPECT_EQ(target.offsets.size(), 1U);
    EXPECT_EQ(target.data.size(), 0U);
  }
}

TEST(Damage, PayloadLargerThanACodecCanHoldIsRefusedBeforeMemoryIsTaken) {
  // var_bytes(constant, lz4): 2^32 - 1 bytes claimed by 5 stored ones.
  std::vector<std::byte> stream;
  ByteWriter writer(&stream);
  writer.Write<uint8_t>(0);
  writer.Write<uint32_t>(UINT32_MAX);  // payload size
  writer.Write<uint32_t>(UINT32_MAX);  // every length
  writer.Write<uint8_t>(0);
  writer.Write<uint32_t>(5);
  writer.Extend(5);
  const EncodingTree tree =
      Node(EncodingId::kVarBytes, {Leaf(EncodingId::kConstant), Leaf(EncodingId::kLz4)});
  BytesTarget target;
  target.offsets = {0};
  const Status status = DecodeBytes({tree, kBytesOf, stream, 1}, 0, 1, &target);
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_NE(status.message().find("lz4"), std::string_view::npos);
}

TEST(Damage, PositionsOutsideTheStreamAreInvalidArguments) {
  const ValueSet set = MakeConstantSet(FixedOf(NumberKind::kSigned, 4), 10);
  const auto encoded = EncodeSet(Leaf(EncodingId::kFfor), set, false);
  const uint32_t position = 10;
  std::byte value[64];
  EXPECT_EQ(DecodeFixedAt(encoded->Stored(set.type, 10), {&position, 1}, value, 4).code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lancer::encoding
