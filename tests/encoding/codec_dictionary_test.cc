#include "encoding/codec_dictionary.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(CodecDictionary, RefusesWrongSizesAndDamagedZstdDictionaries) {
  EXPECT_FALSE(CodecDictionary::Load({}).has_value());
  const std::vector<std::byte> large(kMaxCodecDictionaryBytes + 1);
  EXPECT_FALSE(CodecDictionary::Load(large).has_value());
  // zstd's magic number of a dictionary, then nonsense.
  const std::string damaged = "\x37\xA4\x30\xEC" + std::string(100, '\xFF');
  EXPECT_FALSE(CodecDictionary::Load(std::as_bytes(std::span(damaged))).has_value());
}

TEST(CodecDictionary, ShrinksWhatItHolds) {
  const ValueSet set = MakeValueSets(kBytesOf, 20)[3];
  for (const EncodingId codec : {EncodingId::kZstd, EncodingId::kLz4}) {
    const EncodingTree tree =
        Node(EncodingId::kVarBytes, {Leaf(EncodingId::kFfor), Leaf(codec)});
    const auto with = EncodeSet(tree, set, true);
    const auto without = EncodeSet(tree, set, false);
    ASSERT_TRUE(with && without);
    EXPECT_LT(with->stream.size(), without->stream.size());
    BytesTarget target;
    target.offsets = {0};
    EXPECT_EQ(DecodeBytes({tree, kBytesOf, with->stream, 20}, 0, 20, &target).code(),
              StatusCode::kCorruption);
  }
}

}  // namespace
}  // namespace lancer::encoding
