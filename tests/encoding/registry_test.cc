#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "encoding/encoding.h"

namespace lancer::encoding {
namespace {

TEST(Registry, HasEveryIdInOrderWithItsOwnName) {
  std::set<std::string_view> names;
  uint16_t id = 0;
  for (const RegistryRow& row : Registry()) {
    EXPECT_EQ(static_cast<uint16_t>(row.id), id++);
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(FindEncodingByName(row.name), &row);
    if (row.encoding != nullptr) {
      EXPECT_EQ(row.encoding->name(), row.name);
    }
  }
  EXPECT_EQ(id, static_cast<uint16_t>(EncodingId::kVarBytes) + 1);
  EXPECT_EQ(FindEncoding(static_cast<EncodingId>(id)), nullptr);
  EXPECT_EQ(FindEncodingByName("nothing"), nullptr);
}

}  // namespace
}  // namespace lancer::encoding
