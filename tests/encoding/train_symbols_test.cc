#include <gtest/gtest.h>

#include <string>

#include "encoding/symbol_table.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

TEST(TrainSymbolTable, GivesTablesThatBringEveryTextBack) {
  for (const unsigned letters : {1U, 2U, 16U, 256U}) {
    SCOPED_TRACE(letters);
    const ValueSet set = MakeRandomTexts(2000, 40, letters);
    const std::vector<std::byte> trained = TrainSymbolTable(set.view(), 1);
    ASSERT_FALSE(trained.empty());
    EXPECT_EQ(trained, TrainSymbolTable(set.view(), 1)) << "not deterministic";
    const auto table = *SymbolTable::Load(trained);
    std::vector<std::byte> codes(2 * set.data.size());
    std::vector<uint64_t> ends(set.count + 1);
    const size_t stored = table->Encode(set.view(), codes.data(), ends.data());
    for (uint64_t i = 0; i < set.count; ++i) {
      const std::vector<std::byte> text = set.At(i);
      const auto code = std::span(codes).subspan(ends[i], ends[i + 1] - ends[i]);
      ASSERT_EQ(table->DecodedSize(code), text.size());
      std::vector<std::byte> room(8 * code.size() + 8);
      const std::byte* end = table->Decode(code, room.data());
      ASSERT_NE(end, nullptr);
      room.resize(static_cast<size_t>(end - room.data()));
      ASSERT_EQ(room, text);
    }
    if (letters <= 2) {
      EXPECT_LT(stored * 2, set.data.size());
    }
  }
}

TEST(TrainSymbolTable, GivesNothingForTooLittle) {
  Values none;
  none.type = kBytesOf;
  EXPECT_TRUE(TrainSymbolTable(none, 0).empty());
  const ValueSet set = MakeRandomTexts(2000, 40, 2);
  const uint64_t payload = set.offsets.back();
  EXPECT_TRUE(TrainSymbolTable(set.view(), payload + 1).empty());
  EXPECT_FALSE(TrainSymbolTable(set.view(), payload).empty());
}

}  // namespace
}  // namespace lancer::encoding
