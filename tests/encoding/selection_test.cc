#include "encoding/selection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "encoding/candidates.h"
#include "encoding/dictionary.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

ValueSet Numbers(uint32_t width, uint64_t count, auto next) {
  ValueSet set;
  set.type = FixedOf(NumberKind::kSigned, width);
  set.count = count;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t number = next(i);
    for (unsigned b = 0; b < width; ++b) {
      set.data.push_back(static_cast<std::byte>(number >> (8 * b)));
    }
  }
  return set;
}

ValueSet Texts(uint64_t count, auto next) {
  ValueSet set;
  set.type = kBytesOf;
  set.count = count;
  set.offsets = {0};
  for (uint64_t i = 0; i < count; ++i) {
    const std::string text = next(i);
    const auto bytes = std::as_bytes(std::span(text));
    set.data.insert(set.data.end(), bytes.begin(), bytes.end());
    set.offsets.push_back(set.data.size());
  }
  return set;
}

Choice Select(const ValueSet& set, SelectionOptions options = {}) {
  DictionaryBuilder builder(set.type);
  const Values values = set.view();
  return SelectTree(values, ComputeStatistics(values), {&builder, nullptr}, options);
}

constexpr uint64_t kRows = 20000;

TEST(Selection, TakesTheTreeThatFitsTheData) {
  std::mt19937_64 random(1);
  const struct {
    const char* name;
    ValueSet set;
    const char* tree;
    bool stride_fixed;
  } cases[] = {
      {"one value", Numbers(8, kRows, [](uint64_t) { return 7; }), "constant", true},
      {"one width", Numbers(8, kRows, [&](uint64_t) { return random() >> 34; }),
       "ffor:one_width", true},
      {"noise", Numbers(8, kRows, [&](uint64_t) { return random(); }), "plain", true},
      {"drift",
       Numbers(8, kRows, [&](uint64_t i) { return i / 1024 * 100000 + random() % 64; }),
       "ffor", false},
      {"sorted", Numbers(8, kRows, [](uint64_t i) { return i * 1000; }), "ffor", false},
      {"few far apart", Numbers(8, kRows, [&](uint64_t) { return random() % 20 << 40; }),
       "dict(ffor)", false},
      {"few words",
       Texts(kRows, [&](uint64_t) { return "kind " + std::to_string(random() % 50); }),
       "dict(ffor)", false},
      {"short", Texts(kRows, [&](uint64_t) { return std::to_string(random()); }),
       "var_bytes(ffor)", false},
  };
  for (const auto& c : cases) {
    const Choice choice = Select(c.set);
    EXPECT_EQ(choice.tree.ToString(), c.tree) << c.name;
    EXPECT_EQ(choice.stride_fixed, c.stride_fixed) << c.name;
  }
}

TEST(Selection, SortedNumbersAreDifferencesOnlyWhereReadingOneNeedNotBeQuick) {
  const ValueSet set = Numbers(8, kRows, [](uint64_t i) { return i * 1000; });
  EXPECT_FALSE(Contains(Select(set).tree, EncodingId::kDeltaBase));
  EXPECT_TRUE(
      Contains(Select(set, {.profile = Profile::kCompact}).tree, EncodingId::kDeltaBase));
}

TEST(Selection, LongTextIsLz4ForRandomReadsAndZstdWhenCompact) {
  std::mt19937_64 random(2);
  const ValueSet set = Texts(2000, [&](uint64_t) {
    std::string text;
    while (text.size() < 300) {
      text += "a rather common phrase number " + std::to_string(random() % 300) + ", ";
    }
    return text;
  });
  SelectionOptions options;
  options.block_values = 13;  // 4 KiB
  EXPECT_EQ(Select(set, options).tree.ToString(), "var_bytes(ffor, lz4)");
  options.profile = Profile::kCompact;
  options.block_values = 210;  // 64 KiB
  EXPECT_EQ(Select(set, options).tree.ToString(), "var_bytes(ffor, zstd:3)");
}

TEST(Selection, IsDeterministicAndListsCandidatesBestFirst) {
  for (const PhysicalType type : TestTypes()) {
    for (const ValueSet& set : MakeValueSets(type, 3000)) {
      const Choice a = Select(set);
      const Choice b = Select(set);
      EXPECT_EQ(a.tree, b.tree);
      EXPECT_EQ(a.bytes_per_value, b.bytes_per_value);
      EXPECT_TRUE(std::is_sorted(
          a.candidates.begin(), a.candidates.end(),
          [](const Candidate& x, const Candidate& y) { return x.cost < y.cost; }));
      EXPECT_TRUE(CheckTree(a.tree, type).ok()) << TypeName(type) << " " << set.name;
    }
  }
}

TEST(Selection, EveryChoiceOfEveryProfileAndPolicyEncodes) {
  for (const PhysicalType type : TestTypes()) {
    for (const ValueSet& set : MakeValueSets(type, 1100)) {
      for (const Profile profile :
           {Profile::kRandom, Profile::kCompact, Profile::kArchive}) {
        for (const uint64_t seed : {0, 1, 2, 3}) {
          SelectionOptions options;
          options.profile = profile;
          options.seed = seed;
          options.random_policy = seed > 0;
          const Choice choice = Select(set, options);
          const auto encoded = EncodeSet(choice.tree, set, false);
          ASSERT_TRUE(encoded.has_value()) << choice.tree.ToString();
          ASSERT_NO_FATAL_FAILURE(CheckDecoding(*encoded, set));
        }
      }
    }
  }
}

TEST(Selection, APlainPageIsNotRepeatedWithoutASearch) {
  std::mt19937_64 random(4);
  const ValueSet set = Numbers(8, kRows, [&](uint64_t) { return random() % 1000; });
  const EncodingTree plain = PlainTree(set.type);
  SelectionOptions options;
  options.seed = 1;
  options.previous = &plain;
  options.previous_bytes_per_value = 8;
  const Choice choice = Select(set, options);
  EXPECT_EQ(choice.tree.ToString(), "ffor:one_width");
  EXPECT_EQ(choice.reason, ChoiceReason::kLeastCost);
}

TEST(Selection, TellsWhyATreeWasChosen) {
  std::mt19937_64 random(5);
  const ValueSet one = Numbers(8, kRows, [](uint64_t) { return 7; });
  const ValueSet noise = Numbers(8, kRows, [&](uint64_t) { return random(); });
  const ValueSet small = Numbers(8, kRows, [&](uint64_t) { return random() % 9; });
  EXPECT_EQ(Select(one).reason, ChoiceReason::kOneValue);
  EXPECT_EQ(Select(noise).reason, ChoiceReason::kPlainKept);
  const Choice first = Select(small);
  EXPECT_EQ(first.reason, ChoiceReason::kLeastCost);
  SelectionOptions options;
  options.seed = 1;
  options.previous = &first.tree;
  options.previous_bytes_per_value = first.bytes_per_value;
  EXPECT_EQ(Select(small, options).reason, ChoiceReason::kReplayed);
  options.random_policy = true;
  EXPECT_EQ(Select(small, options).reason, ChoiceReason::kDrawn);
}

TEST(Selection, KeepsThePreviousTreeWhileItDoesTheSame) {
  std::mt19937_64 random(3);
  const ValueSet set =
      Numbers(8, kRows, [&](uint64_t i) { return i / 1024 * 100000 + random() % 64; });
  const Choice first = Select(set);
  SelectionOptions options;
  options.seed = 1;
  options.previous = &first.tree;
  options.previous_bytes_per_value = first.bytes_per_value;
  const Choice again = Select(set, options);
  EXPECT_EQ(again.tree, first.tree);
  EXPECT_EQ(again.candidates.size(), 1U);
  options.previous_bytes_per_value = first.bytes_per_value / 2;
  EXPECT_GT(Select(set, options).candidates.size(), 1U);
  options.previous_bytes_per_value = first.bytes_per_value;
  options.seed = 16;
  EXPECT_GT(Select(set, options).candidates.size(), 1U);
}

}  // namespace
}  // namespace lancer::encoding
