#include "tests/encoding/value_sets.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <random>

#include "encoding/byte_order.h"
#include "types/bitmap.h"

namespace lancer::encoding {
namespace {

ValueSet Empty(std::string name, PhysicalType type, uint64_t count) {
  ValueSet set;
  set.name = std::move(name);
  set.type = type;
  set.count = count;
  if (type.kind == PhysicalKind::kBits) {
    set.data.resize((count + 7) / 8);
  } else if (type.kind == PhysicalKind::kFixed) {
    set.data.resize(count * type.width);
  } else {
    set.offsets.push_back(0);
  }
  return set;
}

void PutNumber(ValueSet* set, uint64_t i, uint64_t low, uint64_t high = 0) {
  std::byte bytes[32];  // the sign of `high` goes on above it
  StoreLe<uint64_t>(bytes, low);
  StoreLe<uint64_t>(bytes + 8, high);
  std::memset(bytes + 16, high >> 63 != 0 ? 0xFF : 0, 16);
  std::copy_n(bytes, std::min<size_t>(set->type.width, sizeof(bytes)),
              set->data.begin() + static_cast<std::ptrdiff_t>(i * set->type.width));
}

void AddIntegers(PhysicalType type, uint64_t count, std::vector<ValueSet>* sets) {
  std::mt19937_64 random(count * 31 + type.width);
  const unsigned bits = std::min(type.width, 8U) * 8;
  const uint64_t top = uint64_t{1} << (bits - 1);
  ValueSet monotone = Empty("monotone", type, count);
  ValueSet mostly = Empty("mostly_one", type, count);
  ValueSet bounds = Empty("bounds", type, count);
  ValueSet structured = Empty("bit_structured", type, count);
  ValueSet outliers = Empty("outliers", type, count);
  ValueSet falling = Empty("falling", type, count);
  uint64_t rising = 0;
  for (uint64_t i = 0; i < count; ++i) {
    rising += random() % 3;
    PutNumber(&monotone, i, std::min(rising, top - 1));
    PutNumber(&mostly, i, random() % 10 == 0 ? random() : 7);
    const uint64_t choices[] = {0, top - 1, top, UINT64_MAX, 1};
    const uint64_t choice = choices[random() % 5];
    PutNumber(&bounds, i, choice, choice == UINT64_MAX ? UINT64_MAX : random() % 2);
    PutNumber(&structured, i, (random() % 16) << (bits / 2));
    PutNumber(&outliers, i, random() % 64 == 0 ? random() : 1000 + random() % 16);
    PutNumber(&falling, i, top - i * 3, i * 3 > top ? UINT64_MAX : 0);
  }
  sets->insert(sets->end(), {monotone, mostly, bounds, structured, outliers, falling});
}

// Of 2 bytes: the upper half of 4.
uint64_t FloatBits(PhysicalType type, double number) {
  if (type.width == 8) {
    return std::bit_cast<uint64_t>(number);
  }
  const auto bits = std::bit_cast<uint32_t>(static_cast<float>(number));
  return type.width == 2 ? bits >> 16 : bits;
}

void AddFloats(PhysicalType type, uint64_t count, std::vector<ValueSet>* sets) {
  std::mt19937_64 random(count * 37 + type.width);
  ValueSet decimal = Empty("decimal", type, count);
  ValueSet special = Empty("special", type, count);
  ValueSet digits = Empty("digits_and_others", type, count);
  ValueSet halves = Empty("halves", type, count);
  for (uint64_t i = 0; i < count; ++i) {
    const double price = static_cast<double>(random() % 10000) / 100;
    PutNumber(&decimal, i, FloatBits(type, price));
    const uint64_t number = random();
    PutNumber(&digits, i,
              number % 50 == 7
                  ? number
                  : FloatBits(type, (static_cast<double>(number % 7) - 2000) / 1e3));
    PutNumber(&halves, i, FloatBits(type, static_cast<double>(number % 4096) / 64 - 32));
    const uint64_t sign = uint64_t{1} << (8 * type.width - 1);
    const uint64_t infinity = type.width == 8                        ? 0x7FF0000000000000
                              : type.width == 4                      ? 0x7F800000
                              : type.number == NumberKind::kBfloat16 ? 0x7F80
                                                                     : 0x7C00;
    const uint64_t choices[] = {0,
                                sign,
                                1,
                                sign | 1,
                                infinity,
                                infinity | sign,
                                infinity | 1,
                                infinity | sign | 5,
                                0x3C};
    PutNumber(&special, i, choices[random() % 9]);
  }
  sets->insert(sets->end(), {decimal, special, digits, halves});
}

void AddOpaque(PhysicalType type, uint64_t count, std::vector<ValueSet>* sets) {
  std::mt19937_64 random(count * 41 + type.width);
  ValueSet noise = Empty("noise", type, count);
  for (std::byte& byte : noise.data) {
    byte = static_cast<std::byte>(random());
  }
  ValueSet few = Empty("few_distinct", type, count);
  for (uint64_t i = 0; i < count; ++i) {
    const auto value = static_cast<int>(random() % 5);
    std::fill_n(few.data.begin() + static_cast<ptrdiff_t>(i * type.width), type.width,
                static_cast<std::byte>(value));
  }
  sets->insert(sets->end(), {noise, few});
}

void AddRuns(PhysicalType type, uint64_t count, std::vector<ValueSet>* sets) {
  std::mt19937_64 random(count * 53 + type.width);
  ValueSet runs = Empty("runs", type, count);
  for (uint64_t i = 0, end = 0, value = 0; i < count; ++i) {
    if (i == end) {
      end += 1 + random() % 60;
      value = random();
    }
    PutNumber(&runs, i, value, value);
  }
  sets->push_back(std::move(runs));
}

void AddStrings(uint64_t count, std::vector<ValueSet>* sets) {
  std::mt19937_64 random(count + 43);
  const auto add = [&](std::string name, auto make) {
    ValueSet set = Empty(std::move(name), kBytesOf, count);
    for (uint64_t i = 0; i < count; ++i) {
      const std::string text = make(i);
      const auto bytes = std::as_bytes(std::span(text));
      set.data.insert(set.data.end(), bytes.begin(), bytes.end());
      set.offsets.push_back(set.data.size());
    }
    sets->push_back(std::move(set));
  };
  add("empty", [](uint64_t) { return std::string(); });
  add("zero_or_one", [&](uint64_t) { return std::string(random() % 2, 'x'); });
  add("words", [&](uint64_t i) {
    return fmt::format("item {} of kind {}", i % 100, random() % 7);
  });
  add("few_distinct", [&](uint64_t) { return fmt::format("{}", random() % 9); });
  add("noise", [&](uint64_t) {
    std::string text(random() % 40, '\0');
    std::generate(text.begin(), text.end(), [&] { return static_cast<char>(random()); });
    return text;
  });
  add("runs", [](uint64_t i) { return fmt::format("run {}", i / 21 * 7 % 100); });
  add("one_long", [&](uint64_t i) { return std::string(i == 1 ? 70000 : 3, 'y'); });
}

void AddBits(uint64_t count, std::vector<ValueSet>* sets) {
  std::mt19937_64 random(count + 47);
  ValueSet mixed = Empty("mixed", kBitsOf, count);
  ValueSet rare = Empty("rare", kBitsOf, count);
  ValueSet runs = Empty("runs", kBitsOf, count);
  for (uint64_t i = 0; i < count; ++i) {
    if (random() % 2 == 0) {
      SetBit(mixed.data.data(), static_cast<int64_t>(i));
    }
    if (random() % 100 == 0) {
      SetBit(rare.data.data(), static_cast<int64_t>(i));
    }
    if (i / 50 % 3 == 1) {
      SetBit(runs.data.data(), static_cast<int64_t>(i));
    }
  }
  sets->insert(sets->end(), {mixed, rare, runs});
}

}  // namespace

Values ValueSet::view() const {
  Values values;
  values.type = type;
  values.count = count;
  values.data = data;
  values.offsets = offsets;
  values.validity = validity.empty() ? nullptr : validity.data();
  return values;
}

std::vector<std::byte> ValueSet::At(uint64_t i) const {
  if (type.kind == PhysicalKind::kBits) {
    return {static_cast<std::byte>(GetBit(data.data(), static_cast<int64_t>(i)))};
  }
  const uint64_t begin = type.kind == PhysicalKind::kFixed ? i * type.width : offsets[i];
  const uint64_t end =
      type.kind == PhysicalKind::kFixed ? begin + type.width : offsets[i + 1];
  return {data.begin() + static_cast<std::ptrdiff_t>(begin),
          data.begin() + static_cast<std::ptrdiff_t>(end)};
}

std::vector<PhysicalType> TestTypes() {
  using enum NumberKind;
  return {kBitsOf,
          kBytesOf,
          FixedOf(kUnsigned, 1),
          FixedOf(kSigned, 1),
          FixedOf(kUnsigned, 2),
          FixedOf(kSigned, 2),
          FixedOf(kUnsigned, 4),
          FixedOf(kSigned, 4),
          FixedOf(kUnsigned, 8),
          FixedOf(kSigned, 8),
          FixedOf(kSigned, 16),
          FixedOf(kSigned, 32),
          FixedOf(kFloat, 2),
          FixedOf(kBfloat16, 2),
          FixedOf(kFloat, 4),
          FixedOf(kFloat, 8),
          FixedOf(kOpaque, 3),
          FixedOf(kOpaque, 16),
          FixedOf(kOpaque, 0)};
}

std::string TypeName(PhysicalType type) {
  const char* const kNumbers[] = {"opaque", "unsigned", "signed", "float", "bfloat"};
  switch (type.kind) {
    case PhysicalKind::kBits:
      return "bits";
    case PhysicalKind::kBytes:
      return "bytes";
    case PhysicalKind::kFixed:
      break;
  }
  return fmt::format("{}{}", kNumbers[static_cast<int>(type.number)], type.width * 8);
}

ValueSet MakeRandomTexts(uint64_t count, unsigned longest, unsigned letters,
                         uint8_t first) {
  std::mt19937_64 random(7);
  ValueSet set;
  set.name = "random texts";
  set.type = kBytesOf;
  set.count = count;
  set.offsets = {0};
  for (uint64_t i = 0; i < count; ++i) {
    for (uint64_t n = random() % longest; n > 0; --n) {
      set.data.push_back(static_cast<std::byte>(first + random() % letters));
    }
    set.offsets.push_back(set.data.size());
  }
  return set;
}

ValueSet MakeConstantSet(PhysicalType type, uint64_t count) {
  ValueSet set = Empty("constant", type, count);
  std::fill(set.data.begin(), set.data.end(),
            type.kind == PhysicalKind::kBits ? std::byte{0xFF} : std::byte{0x2A});
  if (type.kind == PhysicalKind::kBits && count % 8 != 0) {
    set.data.back() = static_cast<std::byte>((1U << (count % 8)) - 1);
  }
  if (type.kind == PhysicalKind::kBytes) {
    for (uint64_t i = 0; i < count; ++i) {
      set.data.insert(set.data.end(), 5, std::byte{'c'});
      set.offsets.push_back(set.data.size());
    }
  }
  return set;
}

std::vector<ValueSet> MakeValueSets(PhysicalType type, uint64_t count) {
  std::vector<ValueSet> sets = {MakeConstantSet(type, count)};
  if (type.kind == PhysicalKind::kBits) {
    AddBits(count, &sets);
  } else if (type.kind == PhysicalKind::kBytes) {
    AddStrings(count, &sets);
  } else {
    AddOpaque(type, count, &sets);
    if (IsFloating(type.number)) {
      AddFloats(type, count, &sets);
    } else if (type.number != NumberKind::kOpaque) {
      AddIntegers(type, count, &sets);
    }
    AddRuns(type, count, &sets);
  }
  return sets;
}

std::vector<std::byte> MakeValidity(uint64_t count, int kind) {
  std::vector<std::byte> bits;
  if (kind == 0) {
    return bits;
  }
  bits.resize((count + 7) / 8);
  for (uint64_t i = 0; i < count; ++i) {
    const bool valid = kind == 2 ? i % 3 != 0 : (kind == 3 ? i % 977 != 5 : false);
    if (valid) {
      SetBit(bits.data(), static_cast<int64_t>(i));
    }
  }
  return bits;
}

EncodingTree Leaf(EncodingId id, uint8_t parameter) { return {{{id, 0, parameter}}}; }

EncodingTree Node(EncodingId id, const std::vector<EncodingTree>& children,
                  uint8_t parameter) {
  EncodingTree tree{{{id, static_cast<uint8_t>(children.size()), parameter}}};
  for (const EncodingTree& child : children) {
    tree.nodes.insert(tree.nodes.end(), child.nodes.begin(), child.nodes.end());
  }
  return tree;
}

}  // namespace lancer::encoding
