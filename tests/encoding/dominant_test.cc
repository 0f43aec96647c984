#include "encoding/dominant.h"

#include <gtest/gtest.h>

#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(Dominant, IsFoundInValuesOfEveryType) {
  for (const PhysicalType type : TestTypes()) {
    for (const ValueSet& set : MakeValueSets(type, 5000)) {
      if (set.name == "constant") {
        EXPECT_EQ(FindDominant(set.view()).share, 1.0) << TypeName(type);
      }
      if (set.name == "mostly_one") {
        const Dominant dominant = FindDominant(set.view());
        EXPECT_EQ(std::to_integer<int>(set.At(dominant.place)[0]), 7) << TypeName(type);
        EXPECT_NEAR(dominant.share, 0.9, 0.1) << TypeName(type);
      }
      if (set.name == "rare") {
        EXPECT_EQ(set.At(FindDominant(set.view()).place)[0], std::byte{0});
      }
    }
  }
}

TEST(Dominant, IsExactWhereValuesAreFew) {
  ValueSet set = MakeConstantSet(FixedOf(NumberKind::kUnsigned, 1), 5);
  set.data[0] = std::byte{1};
  set.data[3] = std::byte{1};
  const Dominant dominant = FindDominant(set.view());
  EXPECT_EQ(set.data[dominant.place], std::byte{0x2A});
  EXPECT_DOUBLE_EQ(dominant.share, 0.6);
}

TEST(Dominant, OfNoiseHasNoShare) {
  const ValueSet noise = MakeValueSets(FixedOf(NumberKind::kUnsigned, 8), 5000)[1];
  ASSERT_EQ(noise.name, "noise");
  EXPECT_LT(FindDominant(noise.view()).share, 0.02);
}

}  // namespace
}  // namespace lancer::encoding
