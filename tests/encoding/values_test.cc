#include "encoding/values.h"

#include <gtest/gtest.h>

#include "tests/encoding/value_sets.h"
#include "types/bitmap.h"

namespace lancer::encoding {
namespace {

TEST(Values, SlicesHoldTheSameValuesAndValidity) {
  for (const PhysicalType type : TestTypes()) {
    for (ValueSet& set : MakeValueSets(type, 100)) {
      set.validity = MakeValidity(100, 2);
      const Values slice = set.view().Slice(24, 50);
      ASSERT_EQ(slice.count, 50U);
      for (uint64_t i = 0; i < 50; ++i) {
        EXPECT_EQ(GetBit(slice.validity, static_cast<int64_t>(i)), (i + 24) % 3 != 0);
        const std::vector<std::byte> expected = set.At(i + 24);
        if (type.kind == PhysicalKind::kBits) {
          EXPECT_EQ(GetBit(slice.data.data(), static_cast<int64_t>(i)),
                    expected[0] != std::byte{0});
        } else if (type.kind == PhysicalKind::kFixed) {
          const auto part = slice.data.subspan(i * type.width, type.width);
          EXPECT_TRUE(std::equal(part.begin(), part.end(), expected.begin()));
        } else {
          EXPECT_EQ(slice.offsets[i + 1] - slice.offsets[i], expected.size());
          EXPECT_EQ(slice.offsets[i], set.offsets[i + 24]);
        }
      }
    }
  }
}

}  // namespace
}  // namespace lancer::encoding
