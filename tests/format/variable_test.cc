#include "format/variable.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/format/hex_example.h"
#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {
namespace {

using test::Nullable;

// Bytes that no codec makes smaller.
std::string Noise(size_t size, std::mt19937_64& rng) {
  std::string text(size, '\0');
  for (char& c : text) {
    c = static_cast<char>(rng());
  }
  return text;
}

ArrayPtr Images(int64_t rows, size_t size, std::mt19937_64& rng) {
  test::Values<std::string> values;
  for (int64_t i = 0; i < rows; ++i) {
    if (i % 11 == 3) {
      values.emplace_back(std::nullopt);
    } else {
      values.emplace_back(i % 13 == 5 ? "" : Noise(size + rng() % size, rng));
    }
  }
  return test::MakeBinaryArray(values);
}

TEST(Variable, HoldsLongValuesThatDoNotShrink) {
  std::mt19937_64 rng(1);
  const ArrayPtr array = Images(2100, 2000, rng);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  const PageFixture& leaf = *column.leaves[0];
  ASSERT_EQ(leaf.page.meta.layout, LayoutKind::kVariable);
  EXPECT_LT(leaf.page.bytes.size(), static_cast<size_t>(array->byte_size()) + 2100 * 4);
  EXPECT_LT(leaf.page.index.size(), 2100u * 5 / 2);  // bytes of index per value
  EXPECT_TRUE((*column.Range(0, 2100))->Equals(*array));
  EXPECT_TRUE((*column.Rows({3, 5, 1023, 1024, 2099}))
                  ->Slice(2, 2)
                  ->Equals(*array->Slice(1023, 2)));
}

TEST(Variable, CompressesValuesThatShrinkAlone) {
  test::Values<std::string> values;
  std::mt19937_64 rng(2);
  for (int i = 0; i < 40; ++i) {
    std::string text;
    while (text.size() < 20000) {
      text += "sentence number " + std::to_string(rng() % 50) + " of a long text; ";
    }
    values.emplace_back(text);
  }
  const ArrayPtr array = test::MakeStringArray(values);
  ColumnFixture column(Nullable("x", array->type()), array, {});
  ASSERT_EQ(column.leaves[0]->page.meta.layout, LayoutKind::kVariable);
  EXPECT_LT(column.leaves[0]->page.bytes.size(),
            static_cast<size_t>(array->byte_size()) / 2);
  EXPECT_TRUE((*column.Range(0, 40))->Equals(*array));
}

TEST(Variable, HoldsValuesOver64KiB) {
  std::mt19937_64 rng(3);
  const ArrayPtr array =
      test::MakeBinaryArray({Noise(70000, rng), "x", Noise(3 << 20, rng)});
  ColumnFixture column(Nullable("x", array->type()), array, {});
  ASSERT_EQ(column.leaves[0]->page.meta.layout, LayoutKind::kVariable);
  EXPECT_TRUE((*column.Rows({0, 1, 2}))->Equals(*array));
}

TEST(Variable, MatchesTheSpecification) {
  const ArrayPtr array = test::MakeBinaryArray({"hello", std::nullopt, "", "bc"});
  // Of the layouts that fit, the draw of this ordinal is V without compression.
  for (uint64_t ordinal = 1;; ordinal += 2) {
    ASSERT_LT(ordinal, 100u);
    ColumnFixture column(Nullable("x", array->type()), array,
                         {.page_ordinal = ordinal, .random_policy = true});
    const EncodedPage& page = column.leaves[0]->page;
    if (page.meta.layout == LayoutKind::kVariable) {
      EXPECT_EQ(HexLines(page.bytes), HexExample("layout_variable_page"));
      EXPECT_EQ(HexLines(page.index), HexExample("layout_variable_index"));
      break;
    }
  }
}

}  // namespace
}  // namespace lancer::format
