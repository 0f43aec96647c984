// fsst beyond what every encoding is asked (stream_test.cc, damage_test.cc).
#include <gtest/gtest.h>

#include "encoding/candidates.h"
#include "encoding/encoding.h"
#include "encoding/symbol_table.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

EncodingTree FsstTree() { return {{{EncodingId::kFsst, 1, 0}, {EncodingId::kFfor}}}; }

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
  EXPECT_NE(status.message().find("values not of"), std::string_view::npos);
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

// Pages of 4 GiB are too large for a test; the header that they get is not.
TEST(Fsst, ReadsASizeOfEightBytesLikeOneOfFour) {
  for (const ValueSet& set : MakeValueSets(kBytesOf, 300)) {
    SCOPED_TRACE(set.name);
    auto encoded = EncodeSet(FsstTree(), set, false);
    ASSERT_TRUE(encoded.has_value());
    ASSERT_EQ(encoded->stream[0], std::byte{0});
    encoded->stream[0] = std::byte{1};
    encoded->stream.insert(encoded->stream.begin() + 5, 4, std::byte{0});
    encoded->stream.insert(encoded->stream.begin() + 13, 4, std::byte{0});
    CheckDecoding(*encoded, set);
    encoded->stream[8] = std::byte{1};  // 2^56 bytes
    BytesTarget target;
    target.offsets = {0};
    const Status status =
        DecodeBytes(encoded->Stored(kBytesOf, set.count), 0, set.count, &target);
    EXPECT_EQ(status.code(), StatusCode::kCorruption) << status.ToString();
  }
}

ValueSet Texts(char first, unsigned letters) {
  return MakeRandomTexts(5000, 60, letters, static_cast<uint8_t>(first));
}

TEST(Fsst, ATableOfOtherTextsMakesPagesLargerAndNotWrong) {
  const auto learnt = TrainSymbolTable(Texts('a', 4).view());
  ASSERT_FALSE(learnt.empty());
  const std::shared_ptr<const SymbolTable> table = *SymbolTable::Load(learnt);
  struct Page {
    ValueSet set;
    double least, most;  // of the stream, against the texts
  };
  const Page pages[] = {{Texts('a', 4), 0.2, 0.8},      // what it was learnt from
                        {Texts('a', 26), 1.2, 1.6},     // some of its letters
                        {Texts('A', 26), 1.5, 1.6},     // none: 12 bits each
                        {Texts('\0', 256), 1.5, 1.6}};  // no letters
  for (const Page& page : pages) {
    Encoded encoded;
    encoded.tree = FsstTree();
    encoded.symbol_table = table;
    ASSERT_TRUE(EncodeStream(encoded.tree, {.symbol_table = table.get()}, page.set.view(),
                             &encoded.stream)
                    .ok());
    const double ratio = static_cast<double>(encoded.stream.size()) /
                         static_cast<double>(page.set.data.size());
    EXPECT_GT(ratio, page.least);
    EXPECT_LT(ratio, page.most);
    CheckDecoding(encoded, page.set);
  }
}

}  // namespace
}  // namespace lancer::encoding
