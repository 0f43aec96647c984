#include <gtest/gtest.h>

#include "format/column_meta.h"

namespace lancer::format {
namespace {

using encoding::EncodingId;

TEST(EncodingDictionary, NumbersEncodingsInOrderOfUse) {
  EncodingDictionary encodings;
  EXPECT_EQ(encodings.FileIdOf(EncodingId::kZstd), 0);
  EXPECT_EQ(encodings.FileIdOf(EncodingId::kPlain), 1);
  EXPECT_EQ(encodings.FileIdOf(EncodingId::kZstd), 0);
  EXPECT_EQ(encodings.names, (std::vector<std::string>{"zstd", "plain"}));
}

TEST(EncodingDictionary, FindsEveryEncodingAgain) {
  EncodingDictionary encodings;
  for (uint16_t i = 0; i <= static_cast<uint16_t>(EncodingId::kVarBytes); ++i) {
    std::string name;
    auto id = static_cast<EncodingId>(i);
    EXPECT_EQ(encodings.Find(encodings.FileIdOf(id), &name), id) << name;
  }
  EXPECT_EQ(encodings.names.size(), 19u);
}

TEST(EncodingDictionary, NamesWhatItDoesNotKnow) {
  EncodingDictionary encodings{{"plain", "time_travel"}};
  std::string name;
  EXPECT_FALSE(encodings.Find(1, &name));
  EXPECT_EQ(name, "time_travel");
  EXPECT_FALSE(encodings.Find(2, &name));
  EXPECT_EQ(name, "number 2");
}

}  // namespace
}  // namespace lancer::format
