#include "types/arrow_format.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/arrays/random_arrays.h"

namespace lancer {
namespace {

using enum TypeKind;

TEST(ArrowFormat, GoesBothWaysForEveryKind) {
  std::mt19937_64 rng(3);
  std::set<TypeKind> seen;
  for (int i = 0; i < 2000; ++i) {
    TypePtr type = test::RandomField(rng, 1, {.unstorable_types = true}).type;
    if (type->kind() == kDictionary) {
      continue;
    }
    seen.insert(type->kind());
    Result<ArrowFormat> parsed = ParseArrowFormat(FormatArrowType(*type));
    ASSERT_TRUE(parsed.has_value()) << type->ToString();
    parsed->parameters.children = type->children();
    parsed->parameters.keys_sorted = type->parameters().keys_sorted;
    TypePtr back = *DataType::Make(parsed->kind, parsed->parameters);
    EXPECT_TRUE(back->Equals(*type)) << type->ToString() << " " << back->ToString();
  }
  EXPECT_EQ(seen.size(), 41U);
}

TEST(ArrowFormat, IsTheIndexFormatForDictionaries) {
  EXPECT_EQ(FormatArrowType(
                *DataType::Dictionary(DataType::Make(kUInt8), DataType::Make(kString))),
            "C");
}

TEST(ArrowFormat, SpellsParameters) {
  EXPECT_EQ(FormatArrowType(*DataType::Timestamp(TimeUnit::kMicro, "UTC")), "tsu:UTC");
  EXPECT_EQ(FormatArrowType(*DataType::Timestamp(TimeUnit::kSecond)), "tss:");
  EXPECT_EQ(FormatArrowType(*DataType::Decimal128(5, -2)), "d:5,-2");
  EXPECT_EQ(FormatArrowType(*DataType::FixedSizeBinary(7)), "w:7");
  Result<ArrowFormat> wide = ParseArrowFormat("d:5,2,256");
  EXPECT_EQ(wide->kind, kDecimal256);
  EXPECT_EQ(ParseArrowFormat("d:5,2,128")->kind, kDecimal128);
}

TEST(ArrowFormat, RefusesWhatIsNone) {
  for (const char* format :
       {"", "x", "ll", "w:", "w:x", "w:3x", "w:99999999999", "+w:", "d:5", "d:5,2,",
        "d:a,b", "d:1,2,3,4", "ts", "tsq:", "tsu", "+", "+x", "t", "vx"}) {
    EXPECT_EQ(ParseArrowFormat(format).status().code(), StatusCode::kInvalidArgument)
        << format;
  }
  for (const char* format : {"+ud:0,1", "+us:0", "d:5,2,512"}) {
    EXPECT_EQ(ParseArrowFormat(format).status().code(), StatusCode::kUnsupported)
        << format;
  }
}

}  // namespace
}  // namespace lancer
