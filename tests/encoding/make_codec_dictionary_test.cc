#include <gtest/gtest.h>

#include <random>
#include <string>

#include "encoding/codec_dictionary.h"
#include "encoding/selection.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

ValueSet Page(uint64_t count, bool words) {
  std::mt19937_64 random(4);
  ValueSet set;
  set.type = kBytesOf;
  set.count = count;
  set.offsets = {0};
  for (uint64_t i = 0; i < count; ++i) {
    for (int k = 0; k < 20; ++k) {
      const std::string text =
          words ? std::to_string(random() % 900 * 0x9E3779B97F4A7C15ULL)
                : std::to_string(random());
      const auto bytes = std::as_bytes(std::span(text));
      set.data.insert(set.data.end(), bytes.begin(), bytes.end());
      if (!words) {
        for (std::byte& byte : std::span(set.data).last(bytes.size())) {
          byte = static_cast<std::byte>(random());
        }
      }
    }
    set.offsets.push_back(set.data.size());
  }
  return set;
}

TEST(CodecDictionaries, AreTheSameAndUsableEachTime) {
  const ValueSet page = Page(20'000, true);
  for (const Profile profile : {Profile::kRandom, Profile::kCompact, Profile::kArchive}) {
    const std::vector<std::byte> dictionary = MakeCodecDictionary(page.view(), profile);
    ASSERT_FALSE(dictionary.empty());
    EXPECT_LE(dictionary.size(),
              profile == Profile::kRandom ? 64U << 10 : kMaxCodecDictionaryBytes);
    EXPECT_EQ(MakeCodecDictionary(page.view(), profile), dictionary);
    EXPECT_TRUE(CodecDictionary::Load(dictionary).has_value());
  }
}

TEST(CodecDictionaries, AreNotMadeWhereTheyWouldNotPay) {
  for (const Profile profile : {Profile::kRandom, Profile::kCompact, Profile::kArchive}) {
    for (const ValueSet& page : {Page(2000, false), Page(10, true), Page(0, true)}) {
      EXPECT_TRUE(MakeCodecDictionary(page.view(), profile).empty());
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
