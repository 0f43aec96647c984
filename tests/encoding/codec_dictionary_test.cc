#include "encoding/codec_dictionary.h"

#include <gtest/gtest.h>

#include <string>

#include "encoding/byte_order.h"
#include "encoding/zstd_window.h"

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

TEST(CodecDictionary, StoredFormsThatAreDamagedAreRefused) {
  std::string text;
  for (size_t i = 0; i < 2000; ++i) {
    text += "word" + std::to_string(i % 97) + ' ';
  }
  const auto dictionary = CodecDictionary::Load(std::as_bytes(std::span(text)));
  const auto stored = (*dictionary)->Stored();
  ASSERT_TRUE(stored.has_value());
  EXPECT_LT(stored->size(), text.size() / 2);
  ASSERT_TRUE(CodecDictionary::LoadStored(*stored).has_value());
  for (size_t size = 0; size < stored->size(); ++size) {
    EXPECT_FALSE(CodecDictionary::LoadStored(std::span(*stored).first(size)).has_value());
  }
  for (const uint32_t claimed : {0U, 1U, uint32_t{kMaxCodecDictionaryBytes} + 1, ~0U}) {
    std::vector<std::byte> damaged = *stored;
    StoreLe(damaged.data(), claimed);
    EXPECT_EQ(CodecDictionary::LoadStored(damaged).error().code(),
              StatusCode::kCorruption)
        << claimed;
  }
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

// lz4 reaches back 64 KiB, where the dictionary is longer; and zstd's windows have less
// room than the second text needs.
TEST(CodecDictionary, OfTheLargestSizeServesBothCodecs) {
  std::string text;
  for (size_t i = 0; text.size() < kMaxCodecDictionaryBytes; ++i) {
    text += std::to_string(i * 2'654'435'761U) + ' ';
  }
  text.resize(kMaxCodecDictionaryBytes);
  const auto dictionary = CodecDictionary::Load(std::as_bytes(std::span(text)));
  ASSERT_TRUE(dictionary.has_value());
  EncodeResources resources;
  resources.codec_dictionary = dictionary->get();
  DecodeResources read;
  read.codec_dictionary = dictionary->get();
  const std::string some =
      text.substr(100, 300) + text.substr(text.size() - 60'000, 6000) + text.substr(9, 9);
  std::string many = some;
  while (many.size() <= ZstdWindow::kRoomBytes) {
    many += text.substr(many.size() % 100'000, 50'000);
  }
  for (const std::string& raw : {some, many}) {
    Values values;
    values.type = {PhysicalKind::kFixed, NumberKind::kOpaque, 1};
    values.count = raw.size();
    values.data = std::as_bytes(std::span(raw));
    for (const EncodingId codec : {EncodingId::kZstd, EncodingId::kLz4}) {
      std::vector<std::byte> stored;
      ASSERT_TRUE(EncodeStream(Leaf(codec), resources, values, &stored).ok());
      EXPECT_LT(stored.size(), raw.size());
      const StoredStream stream{Leaf(codec), values.type, stored, values.count, read};
      std::string back(raw.size() + 64, '?');
      const auto bytes = std::as_writable_bytes(std::span(back));
      ASSERT_TRUE(DecodeFixed(stream, {bytes.data(), 0}).ok());
      EXPECT_EQ(back.substr(0, raw.size()), raw);
      const std::vector<uint32_t> last = {static_cast<uint32_t>(raw.size() - 1)};
      ASSERT_TRUE(DecodeFixedAt(stream, last, bytes.data(), 1).ok());
      EXPECT_EQ(back[0], raw.back());
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
