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

}  // namespace
}  // namespace lancer::encoding
