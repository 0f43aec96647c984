// Value sets: generated pages for the tests of encodings, each with a name, the same on
// every run.
//
// Ownership: a ValueSet owns its bytes; views of it live as long. Thread rule: plain
// values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "encoding/encoding_tree.h"
#include "encoding/values.h"

namespace lancer::encoding {

struct ValueSet {
  std::string name;
  PhysicalType type;
  uint64_t count = 0;
  std::vector<std::byte> data;
  std::vector<uint64_t> offsets;    // kBytes
  std::vector<std::byte> validity;  // empty: all valid

  Values view() const;
  // The bytes of value `i`; kBits: one byte, 0 or 1.
  std::vector<std::byte> At(uint64_t i) const;
};

inline constexpr PhysicalType kBitsOf{PhysicalKind::kBits, NumberKind::kOpaque, 0};
inline constexpr PhysicalType kBytesOf{PhysicalKind::kBytes, NumberKind::kOpaque, 0};
constexpr PhysicalType FixedOf(NumberKind number, uint32_t width) {
  return {PhysicalKind::kFixed, number, width};
}

// Types that differ for encodings: bits, bytes, integers of every width, floats, opaque
// values of odd widths.
std::vector<PhysicalType> TestTypes();
std::string TypeName(PhysicalType type);

// All generators that make sense for the type, with `count` values each.
std::vector<ValueSet> MakeValueSets(PhysicalType type, uint64_t count);
// One value everywhere.
ValueSet MakeConstantSet(PhysicalType type, uint64_t count);

// Texts of fewer than `longest` bytes, each one of `letters` from `first` on. The same
// ones for the same arguments.
ValueSet MakeRandomTexts(uint64_t count, unsigned longest, unsigned letters,
                         uint8_t first = 0);

// Validity of `count` rows: kinds 0 none, 1 all null, 2 every third null, 3 few null.
std::vector<std::byte> MakeValidity(uint64_t count, int kind);

EncodingTree Leaf(EncodingId id, uint8_t parameter = 0);
EncodingTree Node(EncodingId id, const std::vector<EncodingTree>& children,
                  uint8_t parameter = 0);

}  // namespace lancer::encoding
