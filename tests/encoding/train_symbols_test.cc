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
    std::vector<uint16_t> codes(set.data.size());
    std::vector<uint32_t> counts(set.count);
    const auto stored =
        static_cast<size_t>(*table->Encode(set.view(), codes.data(), counts.data()));
    std::vector<std::byte> packed(SymbolTable::PackedBytes(stored));
    SymbolTable::Pack(std::span(codes).first(stored), packed.data());
    uint64_t first = 0;
    for (uint64_t i = 0; i < set.count; ++i) {
      const std::vector<std::byte> text = set.At(i);
      std::vector<std::byte> room(text.size() + SymbolTable::kSlackBytes);
      ASSERT_EQ(
          table->Decode(packed, first, counts[i], room.data(), text.size(), nullptr),
          text.size());
      room.resize(text.size());
      ASSERT_EQ(room, text);
      first += counts[i];
    }
    const size_t tabled = packed.size() + trained.size();
    if (letters <= 2) {
      EXPECT_LT(tabled * 2, set.data.size());
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
