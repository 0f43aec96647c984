#include <gtest/gtest.h>

#include "encoding/byte_writer.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

constexpr PhysicalType kType = FixedOf(NumberKind::kUnsigned, 2);

EncodingTree PlainRuns() {
  return Node(EncodingId::kRunEnd, {Leaf(EncodingId::kPlain), Leaf(EncodingId::kPlain)});
}

// A stream of these ends and as many values, 7, 8, 9 and so on.
std::vector<std::byte> StreamOf(const std::vector<uint32_t>& ends) {
  std::vector<std::byte> stream;
  ByteWriter writer(&stream);
  writer.Write(static_cast<uint32_t>(ends.size()));
  for (const uint32_t end : ends) {
    writer.Write(end);
  }
  for (size_t i = 0; i < ends.size(); ++i) {
    writer.Write(static_cast<uint16_t>(7 + i));
  }
  return stream;
}

TEST(RunEnd, StoresAnEndAndAValueForEachRun) {
  ValueSet set = MakeConstantSet(kType, 5000);
  set.data[4002] = std::byte{1};
  const auto encoded = EncodeSet(PlainRuns(), set, false);
  EXPECT_EQ(encoded->stream.size(), 4U + 3 * 4 + 3 * 2);
  CheckDecoding(*encoded, set);
}

TEST(RunEnd, EndsThatDoNotFitTheCountAreDamage) {
  const EncodingTree tree = PlainRuns();
  const std::vector<uint32_t> wrong[] = {{5, 3, 10}, {5, 5, 10}, {5, 9}, {5, 11},
                                         {0, 10},    {10, 5},    {}};
  for (const std::vector<uint32_t>& ends : wrong) {
    const std::vector<std::byte> stream = StreamOf(ends);
    const StoredStream stored{tree, kType, stream, 10};
    std::vector<std::byte> target(20 + 64);
    const Status status = DecodeFixed(stored, {target.data(), 0});
    EXPECT_EQ(status.code(), StatusCode::kCorruption);
    EXPECT_NE(status.message().find("run_end"), std::string_view::npos);
  }
  const std::vector<std::byte> sound = StreamOf({5, 9, 10});
  std::vector<std::byte> target(20 + 64);
  EXPECT_TRUE(DecodeFixed({tree, kType, sound, 10}, {target.data(), 0}).ok());
}

TEST(RunEnd, MoreRunsThanValuesAreDamage) {
  const EncodingTree tree = PlainRuns();
  const std::vector<std::byte> stream = StreamOf({1, 2, 3});
  std::vector<std::byte> target(64);
  const Status status = DecodeFixed({tree, kType, stream, 2}, {target.data(), 0});
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_NE(status.message().find("3 runs of 2 values"), std::string_view::npos);
}

TEST(RunEnd, APositionBehindTheLastRunIsDamage) {
  const EncodingTree tree = PlainRuns();
  const std::vector<std::byte> stream = StreamOf({5, 9});
  const uint32_t position = 9;
  std::vector<std::byte> target(2 + 64);
  const Status status =
      DecodeFixedAt({tree, kType, stream, 10}, {&position, 1}, target.data(), 2);
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_NE(status.message().find("no run holds value 9"), std::string_view::npos);
}

TEST(RunEnd, NeedsTwoChildrenAndValuesOfSomeWidth) {
  EXPECT_FALSE(
      CheckTree(Node(EncodingId::kRunEnd, {Leaf(EncodingId::kPlain)}), kType).ok());
  EXPECT_FALSE(CheckTree(PlainRuns(), FixedOf(NumberKind::kOpaque, 0)).ok());
}

}  // namespace
}  // namespace lancer::encoding
