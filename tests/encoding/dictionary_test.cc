#include "encoding/dictionary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "encoding/byte_order.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

std::span<const std::byte> BytesOf(const std::string& text) {
  return std::as_bytes(std::span(text));
}

TEST(Dictionary, FindsWhatWasAddedAcrossGrowth) {
  DictionaryBuilder builder(kBytesOf);
  for (int i = 0; i < 5000; ++i) {
    const std::string text = "value " + std::to_string(i);
    EXPECT_FALSE(builder.Find(BytesOf(text)).has_value());
    EXPECT_EQ(builder.FindOrAdd(BytesOf(text)), static_cast<uint32_t>(i));
  }
  for (int i = 0; i < 5000; ++i) {
    const std::string text = "value " + std::to_string(i);
    EXPECT_EQ(builder.Find(BytesOf(text)), static_cast<uint32_t>(i));
  }
  const auto loaded = Dictionary::Load(kBytesOf, builder.Finish());
  ASSERT_TRUE(loaded.has_value()) << loaded.status().ToString();
  EXPECT_EQ((*loaded)->entry_count(), 5000U);
  EXPECT_EQ((*loaded)->entry(4321).size(), 10U);
}

TEST(Dictionary, TakesBackEntriesOfValuesThatDidNotFit) {
  DictionaryBuilder builder(FixedOf(NumberKind::kUnsigned, 8), 100 * 8);
  std::vector<uint32_t> codes;
  const auto sets = MakeValueSets(builder.type(), 90);
  const ValueSet small = sets[3];
  ASSERT_TRUE(builder.Encode(small.view(), &codes).ok());
  const uint64_t before = builder.entry_count();
  const std::vector<std::byte> bytes = builder.Finish();
  const ValueSet noise = MakeValueSets(builder.type(), 500)[1];
  EXPECT_EQ(builder.Encode(noise.view(), &codes).code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(builder.entry_count(), before);
  EXPECT_EQ(builder.Finish(), bytes);
  ASSERT_TRUE(builder.Encode(small.view(), &codes).ok());
  EXPECT_EQ(builder.entry_count(), before);
}

TEST(Dictionary, RanksOrderCodesAsValues) {
  DictionaryBuilder builder(FixedOf(NumberKind::kSigned, 4));
  for (const uint32_t number : {5U, 0xFFFFFFFFU, 0U}) {
    std::byte bytes[4];
    StoreLe(bytes, number);
    (void)builder.FindOrAdd(bytes);
  }
  const auto loaded = Dictionary::Load(builder.type(), builder.Finish());
  ASSERT_TRUE(loaded.has_value());
  const std::vector<uint16_t> ranks((*loaded)->ranks().begin(), (*loaded)->ranks().end());
  EXPECT_EQ(ranks, (std::vector<uint16_t>{2, 0, 1}));
}

// Three quarters of what the entries take, and each as it was.
TEST(Dictionary, IsCompressedWhereThatSaves) {
  for (const PhysicalType type : {kBytesOf, FixedOf(NumberKind::kUnsigned, 8)}) {
    DictionaryBuilder builder(type);
    std::vector<std::string> texts;
    for (int i = 0; i < 5000; ++i) {
      const auto tail = std::to_string(10000 + i);
      texts.push_back(type == kBytesOf ? "/usr/share/doc/" + tail : "abc" + tail);
      ASSERT_EQ(builder.FindOrAdd(BytesOf(texts.back())), static_cast<uint32_t>(i));
    }
    const std::vector<std::byte> stored = builder.Finish();
    EXPECT_LT(stored.size() * 4, builder.size_bytes() * 3);
    const auto loaded = Dictionary::Load(type, stored);
    ASSERT_TRUE(loaded.has_value()) << loaded.status().ToString();
    ASSERT_EQ((*loaded)->entry_count(), 5000U);
    EXPECT_TRUE((*loaded)->ranks().empty());  // too many
    for (uint32_t i = 0; i < 5000; ++i) {
      const auto entry = (*loaded)->entry(i);
      EXPECT_TRUE(std::ranges::equal(entry, BytesOf(texts[i])));
    }
    for (size_t size = 0; size < stored.size(); size += size < 64 ? 1 : 97) {
      EXPECT_FALSE(Dictionary::Load(type, std::span(stored).first(size)).has_value());
    }
    for (size_t bit = 0; bit < size_t{8} * 16; ++bit) {
      std::vector<std::byte> damaged = stored;
      damaged[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
      EXPECT_FALSE(Dictionary::Load(type, damaged).has_value()) << "bit " << bit;
    }
  }
}

// A few bytes that claim to be many are refused before memory is taken for them.
TEST(Dictionary, OnlySoManyBytesAreCompressed) {
  const PhysicalType type = FixedOf(NumberKind::kUnsigned, 8);
  const auto entries = [&](uint64_t count) {
    DictionaryBuilder builder(type, uint64_t{3} << 20);
    for (uint64_t i = 0; i < count; ++i) {
      std::byte bytes[8];
      StoreLe(bytes, i);
      EXPECT_TRUE(builder.FindOrAdd(bytes).has_value());
    }
    return builder.Finish();
  };
  constexpr uint32_t kMost = 2 << 20;
  std::vector<std::byte> most = entries(kMost / 8);
  ASSERT_LT(most.size(), kMost / 2);
  ASSERT_TRUE(Dictionary::Load(type, most).has_value());
  const std::vector<std::byte> more = entries(kMost / 8 + 1);
  EXPECT_EQ(more.size(), 8 + kMost + 8);
  EXPECT_TRUE(Dictionary::Load(type, more).has_value());
  StoreLe(most.data(), kMost / 8 + 1);
  StoreLe(most.data() + 8, kMost + 8);
  const auto claim = Dictionary::Load(type, most);
  EXPECT_EQ(claim.status().code(), StatusCode::kCorruption);
  EXPECT_EQ(claim.status().message(),
            "dictionary: 2097160 bytes, of which " + std::to_string(most.size() - 16) +
                " are stored; at most 2097152 may be compressed");
}

TEST(Dictionary, NoiseIsNotCompressed) {
  DictionaryBuilder builder(FixedOf(NumberKind::kUnsigned, 8));
  for (uint64_t i = 1; i <= 2000; ++i) {
    std::byte bytes[8];
    StoreLe(bytes, i * 0x9E3779B97F4A7C15ULL);
    (void)builder.FindOrAdd(bytes);
  }
  EXPECT_EQ(builder.Finish().size(), 8U + 2000U * (8 + 2));
}

TEST(Dictionary, RefusesDamage) {
  for (const PhysicalType type : {kBytesOf, FixedOf(NumberKind::kOpaque, 3)}) {
    DictionaryBuilder builder(type);
    for (const std::string text : {"one", "two", "six"}) {
      (void)builder.FindOrAdd(BytesOf(text));
    }
    const std::vector<std::byte> sound = builder.Finish();
    for (size_t size = 0; size < sound.size(); ++size) {
      EXPECT_FALSE(Dictionary::Load(type, std::span(sound).first(size)).has_value());
    }
    for (size_t bit = 0; bit < sound.size() * 8; ++bit) {
      std::vector<std::byte> damaged = sound;
      damaged[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
      const auto loaded = Dictionary::Load(type, damaged);
      if (loaded.has_value()) {
        EXPECT_LE((*loaded)->entry_count(), 3U);
      }
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
