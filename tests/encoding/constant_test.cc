#include <gtest/gtest.h>

#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(Constant, RefusesValuesThatDiffer) {
  for (const PhysicalType type : TestTypes()) {
    if (type.kind == PhysicalKind::kFixed && type.width == 0) {
      continue;
    }
    const ValueSet set = MakeValueSets(type, 300).back();
    std::vector<std::byte> out;
    EXPECT_EQ(EncodeStream(Leaf(EncodingId::kConstant), {}, set.view(), &out).code(),
              StatusCode::kInvalidArgument)
        << TypeName(type);
    EXPECT_TRUE(out.empty());
  }
}

TEST(Constant, TakesTheSameBytesForAnyCount) {
  for (const PhysicalType type : TestTypes()) {
    EXPECT_EQ(
        EncodeSet(Leaf(EncodingId::kConstant), MakeConstantSet(type, 2), false)->stream,
        EncodeSet(Leaf(EncodingId::kConstant), MakeConstantSet(type, 5000), false)
            ->stream);
  }
}

// Lengths that do not divide the size of the largest copy.
TEST(Constant, RepeatsWholeValuesHoweverMany) {
  for (const size_t length : {3, 14, 16000, 20000}) {
    std::string text;
    for (size_t i = 0; i < length; ++i) {
      text.push_back(static_cast<char>(i * 131 % 251));
    }
    const uint64_t count = 100000 / length + 5;
    ValueSet set;
    set.type = kBytesOf;
    set.count = count;
    set.offsets = {0};
    for (uint64_t i = 0; i < count; ++i) {
      const auto bytes = std::as_bytes(std::span(text));
      set.data.insert(set.data.end(), bytes.begin(), bytes.end());
      set.offsets.push_back(set.data.size());
    }
    const auto encoded = EncodeSet(Leaf(EncodingId::kConstant), set, false);
    ASSERT_TRUE(encoded.has_value());
    BytesTarget target;
    target.offsets = {0};
    ASSERT_TRUE(DecodeBytes(encoded->Stored(kBytesOf, count), 0, count, &target).ok());
    ASSERT_EQ(target.data.size(), set.data.size());
    EXPECT_TRUE(std::equal(set.data.begin(), set.data.end(), target.data.data()))
        << length;
  }
}

}  // namespace
}  // namespace lancer::encoding
