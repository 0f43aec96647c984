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

TEST(Training, GivesTheSameUsableDictionaryEachTime) {
  const ValueSet page = Page(2000, true);
  const std::vector<std::byte> dictionary = TrainCodecDictionary(page.view());
  ASSERT_FALSE(dictionary.empty());
  EXPECT_LE(dictionary.size(), kMaxCodecDictionaryBytes);
  EXPECT_EQ(TrainCodecDictionary(page.view()), dictionary);
  EXPECT_TRUE(CodecDictionary::Load(dictionary).has_value());
}

TEST(Training, GivesNothingWhereItWouldNotPay) {
  EXPECT_TRUE(TrainCodecDictionary(Page(2000, false).view()).empty());
  EXPECT_TRUE(TrainCodecDictionary(Page(10, true).view()).empty());
  EXPECT_TRUE(TrainCodecDictionary(Page(0, true).view()).empty());
}

}  // namespace
}  // namespace lancer::encoding
