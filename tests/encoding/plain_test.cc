#include <gtest/gtest.h>

#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(Plain, StoresNothingButTheValues) {
  const ValueSet set = MakeValueSets(FixedOf(NumberKind::kOpaque, 3), 50)[1];
  EXPECT_EQ(EncodeSet(Leaf(EncodingId::kPlain), set, false)->stream, set.data);
}

}  // namespace
}  // namespace lancer::encoding
