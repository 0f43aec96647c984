#include "encoding/ascending_child.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

// A run_end node whose ends are stored by `ends`, parsed by hand.
struct Parsed {
  Parsed(const EncodingTree& tree, const std::vector<uint32_t>& numbers) {
    Values values;
    values.type = kU32Type;
    values.count = numbers.size();
    values.data = std::as_bytes(std::span(numbers));
    EXPECT_TRUE(EncodeStream(tree, {}, values, &bytes).ok());
    ByteReader reader(bytes);
    stream.nodes[0].encoding = &RunEndEncoding();
    stream.nodes[0].children = {1, 0};
    ParsedNode& child = stream.nodes[1];
    child.encoding = FindEncoding(tree.nodes[0].id)->encoding;
    child.node = tree.nodes[0];
    child.type = kU32Type;
    child.count = numbers.size();
    EXPECT_TRUE(child.encoding->ParseHeader(&reader, &child).ok());
    for (size_t i = 1; i < tree.nodes.size(); ++i) {
      child.children[0] = 2;
      stream.nodes[2].encoding = FindEncoding(tree.nodes[1].id)->encoding;
      stream.nodes[2].node = tree.nodes[1];
      stream.nodes[2].type = kU32Type;
      stream.nodes[2].count = numbers.size();
      EXPECT_TRUE(stream.nodes[2].encoding->ParseHeader(&reader, &stream.nodes[2]).ok());
    }
    EXPECT_TRUE(AssignBodies(&stream, &child, &reader).ok());
  }

  std::vector<std::byte> bytes;
  ParsedStream stream;
};

TEST(AscendingChild, FindsPlacesByProbingAsByReadingAll) {
  std::mt19937 random(3);
  std::vector<uint32_t> numbers;
  for (uint32_t number = 10; numbers.size() < 5000;
       number += 1 + static_cast<uint32_t>(random()) % 9) {
    numbers.push_back(number);
  }
  const EncodingTree trees[] = {Leaf(EncodingId::kFfor), Leaf(EncodingId::kPlain),
                                Node(EncodingId::kDeltaBase, {Leaf(EncodingId::kFfor)})};
  for (const EncodingTree& tree : trees) {
    SCOPED_TRACE(tree.ToString());
    Parsed parsed(tree, numbers);
    const AscendingChild child(&parsed.stream, parsed.stream.nodes[0]);
    for (const size_t asked : {1, 2, 50}) {
      std::vector<uint32_t> positions = {0, 9, 10, 11, numbers.back(), UINT32_MAX, 500};
      positions.resize(asked, 700);
      std::vector<AscendingPlace> places(asked);
      for (const uint32_t first : {0U, 10U, numbers[1000], numbers.back() + 1}) {
        positions[0] = first;
        ASSERT_TRUE(child.Find(positions, places.data()).ok());
        for (size_t i = 0; i < asked; ++i) {
          uint32_t count = 0;
          while (count < numbers.size() && numbers[count] <= positions[i]) {
            ++count;
          }
          EXPECT_EQ(places[i].count, count) << positions[i];
          EXPECT_EQ(places[i].last, count > 0 ? numbers[count - 1] : 0);
        }
      }
    }
  }
}

TEST(AscendingChild, NumbersThatDoNotAscendAreDamage) {
  for (const std::vector<uint32_t>& numbers :
       {std::vector<uint32_t>{1, 1}, {5, 4}, {1, 2, 3, 3}, {7, 8, 9, 0, 10}}) {
    Parsed parsed(Leaf(EncodingId::kPlain), numbers);
    const AscendingChild child(&parsed.stream, parsed.stream.nodes[0]);
    Scratch memory(numbers.size() * 4);
    const Status status = child.ReadAll(&memory);
    EXPECT_EQ(status.code(), StatusCode::kCorruption);
    EXPECT_NE(status.message().find("run_end: its"), std::string_view::npos)
        << status.message();
  }
}

TEST(AscendingChild, CountsFromAKnownPlace) {
  const std::array<uint32_t, 4> numbers = {2, 4, 6, 8};
  EXPECT_EQ(CountUpTo(numbers.data(), 4, 1), 0U);
  EXPECT_EQ(CountUpTo(numbers.data(), 4, 4), 2U);
  EXPECT_EQ(CountUpTo(numbers.data(), 4, 7, 3), 3U);
  EXPECT_EQ(CountUpTo(numbers.data(), 4, 9, 4), 4U);
}

}  // namespace
}  // namespace lancer::encoding
