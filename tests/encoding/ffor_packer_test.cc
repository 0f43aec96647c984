#include "encoding/ffor_packer.h"

#include <gtest/gtest.h>

#include <vector>

#include "encoding/bit_pack.h"
#include "encoding/byte_order.h"

namespace lancer::encoding {
namespace {

TEST(FforPacker, PatchesFewOutliersAndNeverMoreThanFivePercent) {
  for (const uint64_t every : {50, 10}) {
    std::vector<std::byte> numbers(1000 * 4);
    for (uint64_t i = 0; i < 1000; ++i) {
      StoreLe(numbers.data() + i * 4,
              static_cast<uint32_t>(i % every == 0 ? 1U << 30 : i % 16));
    }
    FforPacker packer(numbers.data(), 1000, 4, 0, 1U << 30);
    packer.AllowPatches();
    EXPECT_EQ(packer.patch_count(), every == 50 ? 20U : 0U);
    EXPECT_EQ(packer.width(), every == 50 ? 4U : 31U);
    std::vector<std::byte> body;
    ByteWriter writer(&body);
    packer.WriteBody(&writer);
    EXPECT_EQ(body.size(), PackedBytes(1000, packer.width()) + packer.patch_count() * 6);
  }
}

}  // namespace
}  // namespace lancer::encoding
