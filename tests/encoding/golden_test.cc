// The hex examples of spec/encodings.md are what the code writes, and decode back.
#include <gtest/gtest.h>

#include <bit>
#include <cctype>
#include <fstream>
#include <sstream>

#include "encoding/byte_writer.h"
#include "encoding/checksum.h"
#include "encoding/nulls.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

std::string Hex(std::span<const std::byte> bytes) {
  static const char* const kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4];
    text += kDigits[std::to_integer<unsigned>(byte) & 15];
  }
  return text;
}

// The digits of spec/golden/examples/<name>.hex, without comments and white space.
std::string Golden(const std::string& name) {
  const std::string path =
      std::string(LANCER_SPEC_DIR) + "/golden/examples/encoding_" + name + ".hex";
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  std::string digits;
  for (std::string line; std::getline(file, line);) {
    for (const char c : line.substr(0, line.find('#'))) {
      if (std::isspace(static_cast<unsigned char>(c)) == 0) {
        digits += c;
      }
    }
  }
  return digits;
}

ValueSet Numbers(PhysicalType type, const std::vector<uint64_t>& numbers) {
  ValueSet set;
  set.type = type;
  set.count = numbers.size();
  for (const uint64_t number : numbers) {
    for (unsigned b = 0; b < type.width; ++b) {
      set.data.push_back(static_cast<std::byte>(b < 8 ? number >> (8 * b) : 0));
    }
  }
  return set;
}

ValueSet Floats(const std::vector<double>& floats) {
  std::vector<uint64_t> bits;
  for (const double number : floats) {
    bits.push_back(std::bit_cast<uint64_t>(number));
  }
  return Numbers(FixedOf(NumberKind::kFloat, 8), bits);
}

ValueSet Strings(const std::vector<std::string>& strings) {
  ValueSet set;
  set.type = kBytesOf;
  set.count = strings.size();
  set.offsets = {0};
  for (const std::string& text : strings) {
    const auto bytes = std::as_bytes(std::span(text));
    set.data.insert(set.data.end(), bytes.begin(), bytes.end());
    set.offsets.push_back(set.data.size());
  }
  return set;
}

ValueSet Bits(const std::string& digits) {
  ValueSet set;
  set.type = kBitsOf;
  set.count = digits.size();
  set.data.resize((digits.size() + 7) / 8);
  for (size_t i = 0; i < digits.size(); ++i) {
    set.data[i / 8] |= static_cast<std::byte>((digits[i] == '1' ? 1 : 0) << (i % 8));
  }
  return set;
}

std::vector<uint64_t> WithOutlier() {
  std::vector<uint64_t> numbers;
  for (uint64_t i = 0; i < 40; ++i) {
    numbers.push_back(i == 7 ? 5000 : 100 + i % 4);
  }
  return numbers;
}

std::vector<uint64_t> EverySeventeenth() {
  std::vector<uint64_t> numbers;
  for (uint64_t i = 0; i < 1024; ++i) {
    numbers.push_back(i % 17 == 0 ? 11 : 10);
  }
  return numbers;
}

// Of 4 bytes: 1 and -1 in turns, but for 2^100.
std::vector<uint64_t> OnesAndOneHuge() {
  std::vector<uint64_t> numbers;
  for (uint64_t i = 0; i < 40; ++i) {
    numbers.push_back(i == 7 ? 0x71800000 : i % 2 == 0 ? 0x3F800000 : 0xBF800000);
  }
  return numbers;
}

struct Example {
  std::string name;
  EncodingTree tree;
  ValueSet set;
};

std::vector<Example> Examples() {
  using enum EncodingId;
  using enum NumberKind;
  return {
      {"plain", Leaf(kPlain), Numbers(FixedOf(kUnsigned, 2), {1, 2, 258})},
      {"constant", Leaf(kConstant), Numbers(FixedOf(kSigned, 4), {42, 42, 42})},
      {"constant_bits", Leaf(kConstant), Bits("11111")},
      {"constant_bytes", Leaf(kConstant), Strings({"abc", "abc"})},
      {"bool_bits", Leaf(kBoolBits), Bits("10110000011")},
      {"ffor", Leaf(kFfor),
       Numbers(FixedOf(kSigned, 4), {static_cast<uint64_t>(-3), 0, 4, 1, 2})},
      {"ffor_patched", Leaf(kFfor), Numbers(FixedOf(kUnsigned, 2), WithOutlier())},
      {"ffor_chunk", Leaf(kFfor), Numbers(FixedOf(kUnsigned, 8), EverySeventeenth())},
      {"ffor_wide", Leaf(kFfor), Numbers(FixedOf(kSigned, 16), {7, 9, 8})},
      {"ffor_widest", Leaf(kFfor), Numbers(FixedOf(kSigned, 32), {7, 9, 8})},
      {"delta_base", Node(kDeltaBase, {Leaf(kFfor)}),
       Numbers(FixedOf(kUnsigned, 4), {1000, 1002, 1002, 1005})},
      {"delta_zigzag", Node(kDeltaBase, {Leaf(kFfor)}, 1),
       Numbers(FixedOf(kUnsigned, 4), {1000, 998, 1001, 1001})},
      {"dict", Node(kDict, {Leaf(kFfor)}), Strings({"b", "a", "b", "b", "c"})},
      {"var_bytes", Node(kVarBytes, {Leaf(kFfor)}), Strings({"hi", "", "Lancer"})},
      {"run_end", Node(kRunEnd, {Leaf(kFfor), Leaf(kPlain)}),
       Numbers(FixedOf(kSigned, 2), {5, 5, 5, 9, 9, 9, 9, 5})},
      {"run_end_bits", Node(kRunEnd, {Leaf(kFfor), Leaf(kBoolBits)}),
       Bits("1111111000000000000001")},
      {"shuffle_bytes", Leaf(kShuffle), Numbers(FixedOf(kUnsigned, 2), {1, 2, 258})},
      {"shuffle_bits", Leaf(kShuffle, 1),
       Numbers(FixedOf(kUnsigned, 1), {1, 2, 3, 4, 5, 6, 7, 8, 9})},
      {"shuffle_exponents", Leaf(kShuffle, 2),
       Numbers(FixedOf(kFloat, 4), {0x3F800000, 0xC0000000})},
      {"sparse", Node(kSparse, {Leaf(kFfor), Leaf(kPlain)}),
       Numbers(FixedOf(kSigned, 2), {0, 0, 5, 0, 0, 0, 0, 300})},
      {"sparse_bits", Node(kSparse, {Leaf(kFfor)}), Bits("1111111110111110")},
      {"sparse_bytes", Node(kSparse, {Leaf(kFfor), Node(kVarBytes, {Leaf(kFfor)})}),
       Strings({"no", "no", "yes", "no"})},
      {"cast", Node(kCast, {Leaf(kPlain)}, 1),
       Numbers(FixedOf(kFloat, 4), {0x3F800000, 0xC0000000, 0x3DCCCCCD})},
      {"alp_rd", Node(kAlpRd, {Leaf(kFfor), Leaf(kFfor)}),
       Numbers(FixedOf(kFloat, 4), OnesAndOneHuge())},
      {"alp", Node(kAlp, {Leaf(kFfor)}), Floats({12.5, 0.25, -0.0, 3})},
      {"lz4", Leaf(kLz4),
       Numbers(FixedOf(kUnsigned, 4), std::vector<uint64_t>(16, 0x01020304))},
      {"zstd", Node(kVarBytes, {Leaf(kFfor), Leaf(kZstd)}),
       Strings(std::vector<std::string>(20, "Lancer"))},
  };
}

TEST(GoldenEncodings, AreWhatTheCodeWritesAndReads) {
  for (const Example& example : Examples()) {
    SCOPED_TRACE(example.name);
    const auto encoded = EncodeSet(example.tree, example.set, false);
    ASSERT_TRUE(encoded.has_value());
    EXPECT_EQ(Golden(example.name), Hex(encoded->stream));
    CheckDecoding(*encoded, example.set);
  }
}

TEST(GoldenEncodings, Tensors) {
  struct Tensors {
    std::string name;
    uint8_t parameter;
    TensorForm form;
    ValueSet set;
  };
  const Tensors examples[] = {
      {"predict_frames",
       0,
       {2, 2, 1},
       Numbers(FixedOf(NumberKind::kUnsigned, 2), {10, 20, 11, 20, 11, 18})},
      {"predict_pictures",
       1,
       {12, 6, 3},
       Numbers(FixedOf(NumberKind::kUnsigned, 1),
               {9, 10, 8, 11, 12, 10, 10, 11, 9, 13, 13, 13})}};
  for (const Tensors& example : examples) {
    Encoded encoded;
    encoded.tree = Leaf(EncodingId::kPredict, example.parameter);
    Values values = example.set.view();
    values.tensor = example.form;
    ASSERT_TRUE(EncodeStream(encoded.tree, {}, values, &encoded.stream).ok());
    EXPECT_EQ(Golden(example.name), Hex(encoded.stream));
    CheckDecoding(encoded, example.set);
  }
}

TEST(GoldenEncodings, FsstByATableOfGivenSymbols) {
  Encoded encoded;
  encoded.tree = Node(EncodingId::kFsst, {Leaf(EncodingId::kFfor)});
  encoded.symbol_table = TableOf({"Lancer", "an", " a"});
  EXPECT_EQ(Golden("symbol_table"), Hex(encoded.symbol_table->bytes()));
  const ValueSet set = Strings({"Lancer a", "", "b"});
  EncodeResources resources;
  resources.symbol_table = encoded.symbol_table.get();
  ASSERT_TRUE(EncodeStream(encoded.tree, resources, set.view(), &encoded.stream).ok());
  EXPECT_EQ(Golden("fsst"), Hex(encoded.stream));
  CheckDecoding(encoded, set);
}

TEST(GoldenEncodings, CodecDictionary) {
  const std::string text = "Lancer";
  const auto dictionary = CodecDictionary::Load(std::as_bytes(std::span(text)));
  ASSERT_TRUE(dictionary.has_value());
  const auto stored = (*dictionary)->Stored();
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(Golden("codec_dictionary"), Hex(*stored));
  const auto again = CodecDictionary::LoadStored(*stored);
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(std::ranges::equal((*again)->bytes(), (*dictionary)->bytes()));
}

TEST(GoldenEncodings, DictionaryStandsInOrderOfFirstAppearance) {
  DictionaryBuilder strings(kBytesOf);
  std::vector<uint32_t> codes;
  ASSERT_TRUE(strings.Encode(Strings({"b", "a", "b", "cc"}).view(), &codes).ok());
  EXPECT_EQ(Golden("dictionary_bytes"), Hex(strings.Finish()));
  const ValueSet numbers = Numbers(FixedOf(NumberKind::kSigned, 2), {5, 65535, 5});
  DictionaryBuilder fixed(numbers.type);
  ASSERT_TRUE(fixed.Encode(numbers.view(), &codes).ok());
  EXPECT_EQ(Golden("dictionary_fixed"), Hex(fixed.Finish()));
}

TEST(GoldenEncodings, Nulls) {
  const ValueSet bitmap = Bits("1011000101");
  EXPECT_EQ(Golden("nulls_bitmap"), Hex(EncodeValidity(bitmap.data.data(), 0, 10).bytes));
  std::string rows(100, '1');
  rows[3] = rows[70] = '0';
  const ValueSet few = Bits(rows);
  EXPECT_EQ(Golden("nulls_positions"),
            Hex(EncodeValidity(few.data.data(), 0, 100).bytes));
}

TEST(GoldenEncodings, Checksums) {
  const std::string text = "Lancer";
  const auto bytes = std::as_bytes(std::span(text));
  std::vector<std::byte> sums;
  ByteWriter writer(&sums);
  writer.Write(Checksum64(bytes));
  writer.Write(Checksum32(bytes));
  writer.Write(Checksum32(bytes, 1));
  writer.Write(Checksum128(bytes).low);
  writer.Write(Checksum128(bytes).high);
  EXPECT_EQ(Golden("checksums"), Hex(sums));
}

}  // namespace
}  // namespace lancer::encoding
