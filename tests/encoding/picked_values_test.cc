#include "encoding/picked_values.h"

#include <gtest/gtest.h>

#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(PickedValues, AreTheValuesAtTheirPlacesForEveryType) {
  const std::vector<uint32_t> places = {0, 1, 7, 8, 9, 40, 41, 99, 5};
  for (const PhysicalType type : TestTypes()) {
    for (const ValueSet& set : MakeValueSets(type, 100)) {
      const PickedValues picked(set.view(), places);
      const Values view = picked.view();
      ASSERT_EQ(view.count, places.size());
      ASSERT_EQ(view.type, type);
      const ValueSet copy{set.name,
                          type,
                          view.count,
                          {view.data.begin(), view.data.end()},
                          {view.offsets.begin(), view.offsets.end()},
                          {}};
      for (size_t i = 0; i < places.size(); ++i) {
        EXPECT_EQ(copy.At(i), set.At(places[i])) << set.name << " " << i;
      }
    }
  }
}

TEST(PickedValues, MayBeNone) {
  const ValueSet set = MakeConstantSet(kBytesOf, 3);
  const PickedValues picked(set.view(), {});
  EXPECT_EQ(picked.view().count, 0U);
  EXPECT_EQ(picked.view().offsets.size(), 1U);
}

}  // namespace
}  // namespace lancer::encoding
