// fsst beyond what every encoding is asked (stream_test.cc, damage_test.cc).
#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "encoding/encoding.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

EncodingTree FsstTree() {
  return {
      {{EncodingId::kFsst, 1, 0}, {EncodingId::kVarBytes, 1, 0}, {EncodingId::kFfor}}};
}

Status DecodeTen(const Encoded& encoded) {
  BytesTarget target;
  target.offsets = {0};
  return DecodeBytes(encoded.Stored(kBytesOf, 10), 0, 10, &target);
}

TEST(Fsst, WithoutASymbolTableIsRefused) {
  const ValueSet set = MakeConstantSet(kBytesOf, 10);
  std::vector<std::byte> stream;
  EXPECT_EQ(EncodeStream(FsstTree(), {}, set.view(), &stream).code(),
            StatusCode::kInvalidArgument);
  auto encoded = EncodeSet(FsstTree(), set, false);
  ASSERT_TRUE(encoded.has_value());
  encoded->symbol_table = nullptr;
  const Status status = DecodeTen(*encoded);
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_NE(status.message().find("no symbol table"), std::string_view::npos);
}

TEST(Fsst, ValuesOfAnotherSizeThanStatedAreDamage) {
  const ValueSet set = MakeConstantSet(kBytesOf, 10);
  auto encoded = EncodeSet(FsstTree(), set, false);
  ASSERT_TRUE(encoded.has_value());
  encoded->stream[1] ^= std::byte{1};
  const Status status = DecodeTen(*encoded);
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_NE(status.message().find("expected"), std::string_view::npos);
}

// Values around the lengths where room is made in another way, up to the limit exactly.
TEST(Fsst, FillsATargetUpToItsLimit) {
  for (const size_t size : {1, 7, 8, 511, 512, 513, 5000}) {
    ValueSet set;
    set.type = kBytesOf;
    set.count = 3;
    set.offsets = {0};
    for (int i = 0; i < 3; ++i) {
      for (size_t j = 0; j < size; ++j) {
        set.data.push_back(static_cast<std::byte>(j % 3 == 0 ? 'a' : 'q'));
      }
      set.offsets.push_back(set.data.size());
    }
    const auto encoded = EncodeSet(FsstTree(), set, false);
    ASSERT_TRUE(encoded.has_value());
    for (const uint64_t missing : {0, 1}) {
      BytesTarget target;
      target.offsets = {0};
      target.limit = 3 * size - missing;
      const Status status = DecodeBytes(encoded->Stored(kBytesOf, 3), 0, 3, &target);
      EXPECT_EQ(status.code(),
                missing == 0 ? StatusCode::kOk : StatusCode::kResourceExhausted)
          << size << ": " << status.ToString();
    }
    CheckDecoding(*encoded, set);
  }
}

}  // namespace
}  // namespace lancer::encoding
