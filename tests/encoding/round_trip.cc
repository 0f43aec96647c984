#include "tests/encoding/round_trip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "encoding/byte_writer.h"
#include "types/bitmap.h"

namespace lancer::encoding {
namespace {

constexpr size_t kSlack = 64;
constexpr std::byte kFence{0xA5};

std::vector<uint32_t> SomePositions(uint64_t count) {
  std::vector<uint32_t> positions;
  if (count == 0) {
    return positions;
  }
  std::mt19937 random(static_cast<unsigned>(count));
  for (uint64_t i = 0; i < std::min<uint64_t>(count, 3000); ++i) {
    positions.push_back(static_cast<uint32_t>(random() % count));
  }
  positions.push_back(0);
  positions.push_back(static_cast<uint32_t>(count - 1));
  positions.push_back(static_cast<uint32_t>(count - 1));
  return positions;
}

void CheckBits(const Encoded& encoded, const ValueSet& set) {
  constexpr uint64_t kOffset = 5;
  std::vector<std::byte> target((set.count + kOffset) / 8 + 1 + kSlack, kFence);
  const StoredStream stream = encoded.Stored(set.type, set.count);
  const Status status = DecodeFixed(stream, {target.data(), kOffset});
  ASSERT_TRUE(status.ok()) << status.ToString();
  for (uint64_t i = 0; i < set.count; ++i) {
    ASSERT_EQ(GetBit(target.data(), static_cast<int64_t>(kOffset + i)),
              set.At(i)[0] != std::byte{0})
        << "bit " << i;
  }
  const std::vector<uint32_t> positions = SomePositions(set.count);
  std::vector<std::byte> picked((positions.size() + kOffset) / 8 + 1 + kSlack, kFence);
  ASSERT_TRUE(DecodeBitsAt(stream, positions, {picked.data(), kOffset}).ok());
  for (size_t i = 0; i < positions.size(); ++i) {
    ASSERT_EQ(GetBit(picked.data(), static_cast<int64_t>(kOffset + i)),
              set.At(positions[i])[0] != std::byte{0});
  }
}

void CheckFixed(const Encoded& encoded, const ValueSet& set) {
  // One byte off, so that kernels meet unaligned targets.
  std::vector<std::byte> target(1 + set.data.size() + kSlack, kFence);
  const StoredStream stream = encoded.Stored(set.type, set.count);
  const Status status = DecodeFixed(stream, {target.data() + 1, 0});
  ASSERT_TRUE(status.ok()) << status.ToString();
  ASSERT_TRUE(std::equal(set.data.begin(), set.data.end(), target.begin() + 1));
  ASSERT_EQ(target[0], kFence);

  for (const auto& [first, n] : {std::pair{uint64_t{0}, set.count},
                                 {set.count / 3, set.count / 2},
                                 {set.count / 2, set.count / 9},
                                 {0, set.count / 5},
                                 {set.count, 0}}) {
    std::vector<std::byte> part(1 + n * set.type.width + kSlack, kFence);
    const Status ranged = DecodeFixedRange(stream, first, n, part.data() + 1);
    ASSERT_TRUE(ranged.ok()) << ranged.ToString();
    const auto begin =
        set.data.begin() + static_cast<std::ptrdiff_t>(first * set.type.width);
    ASSERT_TRUE(std::equal(begin, begin + static_cast<std::ptrdiff_t>(n * set.type.width),
                           part.begin() + 1))
        << n << " values from " << first;
  }

  const std::vector<uint32_t> positions = SomePositions(set.count);
  const size_t stride = set.type.width + 3;
  std::vector<std::byte> picked(positions.size() * stride + kSlack, kFence);
  const Status at = DecodeFixedAt(stream, positions, picked.data(), stride);
  ASSERT_TRUE(at.ok()) << at.ToString();
  for (size_t i = 0; i < positions.size(); ++i) {
    const std::vector<std::byte> expected = set.At(positions[i]);
    ASSERT_TRUE(std::equal(expected.begin(), expected.end(),
                           picked.begin() + static_cast<std::ptrdiff_t>(i * stride)))
        << "position " << positions[i];
    ASSERT_EQ(picked[i * stride + set.type.width], kFence);
  }
}

void ExpectBytes(const BytesTarget& target, size_t i, std::span<const std::byte> expected,
                 uint64_t base) {
  const uint64_t begin = target.offsets[i];
  const uint64_t end = target.offsets[i + 1];
  ASSERT_EQ(end - begin, expected.size()) << "value " << i;
  ASSERT_LE(end - base, target.data.size());
  ASSERT_TRUE(
      std::equal(expected.begin(), expected.end(), target.data.data() + (begin - base)))
      << "value " << i;
}

void CheckRange(const Encoded& encoded, const ValueSet& set, uint64_t first, uint64_t n) {
  BytesTarget target;
  constexpr uint64_t kBase = 11;  // offsets may go on from anywhere
  target.offsets = {kBase};
  const Status status =
      DecodeBytes(encoded.Stored(set.type, set.count), first, n, &target);
  ASSERT_TRUE(status.ok()) << status.ToString();
  ASSERT_EQ(target.offsets.size(), n + 1);
  for (uint64_t i = 0; i < n; ++i) {
    ASSERT_NO_FATAL_FAILURE(ExpectBytes(target, i, set.At(first + i), kBase));
  }
}

void CheckBytes(const Encoded& encoded, const ValueSet& set) {
  ASSERT_NO_FATAL_FAILURE(CheckRange(encoded, set, 0, set.count));
  ASSERT_NO_FATAL_FAILURE(CheckRange(encoded, set, set.count / 3, set.count / 2));
  ASSERT_NO_FATAL_FAILURE(CheckRange(encoded, set, set.count, 0));
  std::vector<uint32_t> positions = SomePositions(set.count);
  if (set.name == "one_long" && positions.size() > 50) {
    positions.resize(50);
  }
  for (int round = 0; round < 2; ++round) {
    BytesTarget target;
    target.offsets = {0};
    const Status status =
        DecodeBytesAt(encoded.Stored(set.type, set.count), positions, &target);
    ASSERT_TRUE(status.ok()) << status.ToString();
    ASSERT_EQ(target.offsets.size(), positions.size() + 1);
    for (size_t i = 0; i < positions.size(); ++i) {
      ASSERT_NO_FATAL_FAILURE(ExpectBytes(target, i, set.At(positions[i]), 0));
    }
    std::sort(positions.begin(), positions.end());
  }
}

}  // namespace

std::shared_ptr<const CodecDictionary> SomeCodecDictionary() {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "item " + std::to_string(i) + " of kind " + std::to_string(i % 7);
  }
  return *CodecDictionary::Load(std::as_bytes(std::span(text)));
}

std::shared_ptr<const SymbolTable> TableOf(const std::vector<std::string>& symbols) {
  std::vector<std::byte> bytes;
  ByteWriter(&bytes).Write(static_cast<uint16_t>(symbols.size()));
  for (const std::string& symbol : symbols) {
    bytes.push_back(static_cast<std::byte>(symbol.size()));
  }
  for (const std::string& symbol : symbols) {
    const auto text = std::as_bytes(std::span(symbol));
    bytes.insert(bytes.end(), text.begin(), text.end());
  }
  return *SymbolTable::Load(bytes);
}

std::shared_ptr<const SymbolTable> SomeSymbolTable() {
  return TableOf({"item ", "value", "item 1 of kind 0", "xx", "00", "ind ", " of kin",
                  "aaa", "value 1000", "ab"});
}

std::optional<Encoded> EncodeSet(const EncodingTree& tree, const ValueSet& set,
                                 bool with_codec_dictionary) {
  Encoded encoded;
  encoded.tree = tree;
  if (with_codec_dictionary) {
    encoded.codec_dictionary = SomeCodecDictionary();
  }
  encoded.symbol_table = SomeSymbolTable();
  DictionaryBuilder builder(set.type, uint64_t{64} << 20);
  EncodeResources resources{&builder, encoded.codec_dictionary.get(),
                            encoded.symbol_table.get()};
  const Status status = EncodeStream(tree, resources, set.view(), &encoded.stream);
  EXPECT_TRUE(status.ok()) << status.ToString();
  if (!status.ok()) {
    return std::nullopt;
  }
  if (set.type.kind != PhysicalKind::kBits && set.type.width + set.offsets.size() > 0) {
    auto dictionary = Dictionary::Load(set.type, builder.Finish());
    EXPECT_TRUE(dictionary.has_value()) << dictionary.status().ToString();
    if (!dictionary.has_value()) {
      return std::nullopt;
    }
    encoded.dictionary = *dictionary;
  }
  return encoded;
}

void CheckDecoding(const Encoded& encoded, const ValueSet& set) {
  switch (set.type.kind) {
    case PhysicalKind::kBits:
      return CheckBits(encoded, set);
    case PhysicalKind::kFixed:
      return CheckFixed(encoded, set);
    case PhysicalKind::kBytes:
      return CheckBytes(encoded, set);
  }
}

bool DecodeAll(const Encoded& encoded, PhysicalType type, uint64_t count) {
  const std::vector<uint32_t> positions = SomePositions(count);
  const StoredStream stream = encoded.Stored(type, count);
  if (type.kind == PhysicalKind::kBytes) {
    BytesTarget target;
    target.offsets = {0};
    target.limit = uint64_t{1} << 20;
    const Status whole = DecodeBytes(stream, 0, count, &target);
    EXPECT_EQ(target.offsets.size(), whole.ok() ? count + 1 : 1);
    EXPECT_EQ(target.data.size(), target.offsets.back());
    (void)DecodeBytesAt(stream, positions, &target);
    return whole.ok();
  }
  const size_t width = type.kind == PhysicalKind::kBits ? 1 : type.width;
  std::vector<std::byte> target(std::max<size_t>(count, positions.size()) * width +
                                kSlack);
  const Status whole = DecodeFixed(stream, {target.data(), 0});
  if (type.kind == PhysicalKind::kBits) {
    (void)DecodeBitsAt(stream, positions, {target.data(), 0});
  } else {
    (void)DecodeFixedAt(stream, positions, target.data(), width);
    (void)DecodeFixedRange(stream, count / 3, count / 5, target.data());
  }
  return whole.ok();
}

}  // namespace lancer::encoding
