// sparse (spec: encodings, "sparse"): one value everywhere, but for exceptions.
//
//   header: [exception count u32]
//           fixed: [the value of `width` bytes]; bits: [u8, 0 or 1]; bytes: [length u32]
//   body:   bytes: [the value]; else nothing
//   children: the exceptions' positions (u32, strictly ascending, below `count`), and
//   their
//             values (of the stream's own type; of bits there is no such child)
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "encoding/ascending_child.h"
#include "encoding/bytes_appender.h"
#include "encoding/dominant.h"
#include "encoding/encoding.h"
#include "encoding/picked_values.h"
#include "encoding/repeat.h"
#include "encoding/scratch.h"
#include "encoding/value_at.h"

namespace lancer::encoding {
namespace {

template <typename Differs>
std::vector<uint32_t> FindExceptions(uint64_t count, Differs differs) {
  std::vector<uint32_t> places(static_cast<size_t>(count) + 1);
  size_t n = 0;
  for (uint64_t i = 0; i < count; ++i) {
    places[n] = static_cast<uint32_t>(i);
    n += differs(i) ? 1 : 0;
  }
  places.resize(n);
  return places;
}

template <size_t kWidth>
std::vector<uint32_t> FindExceptionsFixed(const Values& values, uint64_t place) {
  const std::byte* data = values.data.data();
  std::array<std::byte, kWidth> dominant;
  std::memcpy(dominant.data(), data + place * kWidth, kWidth);
  return FindExceptions(values.count, [&](uint64_t i) {
    return std::memcmp(data + i * kWidth, dominant.data(), kWidth) != 0;
  });
}

std::vector<uint32_t> FindExceptionsBits(const Values& values, uint64_t place) {
  const bool dominant = GetBit(values.data.data(), static_cast<int64_t>(place));
  std::vector<uint32_t> places;
  const auto count = static_cast<int64_t>(values.count);
  for (int64_t at = 0; at < count; ++at) {
    at = FindBit(values.data.data(), at, count, !dominant);
    if (at < count) {
      places.push_back(static_cast<uint32_t>(at));
    }
  }
  return places;
}

// Places of all values that are not the one at `place`.
std::vector<uint32_t> FindExceptions(const Values& values, uint64_t place) {
  if (values.type.kind == PhysicalKind::kBits) {
    return FindExceptionsBits(values, place);
  }
  switch (values.type.width) {
    case 1:
      return FindExceptionsFixed<1>(values, place);
    case 2:
      return FindExceptionsFixed<2>(values, place);
    case 4:
      return FindExceptionsFixed<4>(values, place);
    case 8:
      return FindExceptionsFixed<8>(values, place);
    case 16:
      return FindExceptionsFixed<16>(values, place);
    default:
      return FindExceptions(values.count, [&](uint64_t i) {
        return !std::ranges::equal(ValueAt(values, i), ValueAt(values, place));
      });
  }
}

// The exceptions among values [first, first + n).
struct Exceptions {
  uint64_t first = 0;
  uint64_t count = 0;
  const uint32_t* places = nullptr;  // of these exceptions
};

// Those of the asked-for positions that hold exceptions, and which exceptions these are.
struct Asked {
  explicit Asked(size_t most) : places(most * 4), ordinals(most * 4) {}

  void Add(uint32_t place, uint32_t ordinal) {
    places.as<uint32_t>()[count] = place;
    ordinals.as<uint32_t>()[count++] = ordinal;
  }
  std::span<const uint32_t> Places() { return {places.as<uint32_t>(), count}; }
  std::span<const uint32_t> Ordinals() { return {ordinals.as<uint32_t>(), count}; }

  Scratch places;
  Scratch ordinals;
  size_t count = 0;
};

class Sparse final : public Encoding {
 public:
  std::string_view name() const override { return "sparse"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    if (type.kind == PhysicalKind::kBits) {
      return node.child_count == 1;
    }
    return (type.kind != PhysicalKind::kFixed || type.width > 0) && node.child_count == 2;
  }

  PhysicalType ChildType(PhysicalType type, const EncodingNode&,
                         unsigned i) const override {
    return i == 0 ? kU32Type : type;
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    if (values.count > UINT32_MAX) {
      return Status::InvalidArgument(
          fmt::format("sparse: a stream of {} values", values.count));
    }
    std::vector<uint32_t> places;
    uint64_t dominant = 0;
    if (values.count > 0) {
      dominant = FindDominant(values).place;
      places = FindExceptions(values, dominant);
    }
    LANCER_RETURN_IF_ERROR(WriteHeader(values, dominant, places.size(), sink));
    Values positions;
    positions.type = kU32Type;
    positions.count = places.size();
    positions.data = std::as_bytes(std::span(places));
    LANCER_RETURN_IF_ERROR(EncodeNode(context, node + 1, positions, sink));
    if (values.type.kind == PhysicalKind::kBits) {
      return Status::Ok();
    }
    const PickedValues picked(values, places);
    return EncodeNode(context, SecondChild(*context.tree, node), picked.view(), sink);
  }

  Status ParseHeader(ByteReader* reader, ParsedNode* node) const override {
    uint32_t exceptions = 0;
    uint32_t length = 0;
    const bool bits = node->type.kind == PhysicalKind::kBits;
    bool whole = reader->Read(&exceptions);
    if (node->type.kind == PhysicalKind::kBytes) {
      whole = whole && reader->Read(&length);
    } else {
      whole = whole && reader->ReadSpan(bits ? 1 : node->type.width, &node->header);
    }
    if (!whole) {
      return NodeCorruption(*this, "header is cut short");
    }
    if (bits && std::to_integer<unsigned>(node->header[0]) > 1) {
      return NodeCorruption(*this, "a bit is neither 0 nor 1");
    }
    if (exceptions > node->count) {
      return NodeCorruption(
          *this, fmt::format("{} exceptions of {} values", exceptions, node->count));
    }
    node->body_size = length;
    node->child_types = {kU32Type, node->type};
    node->child_counts = {exceptions, exceptions};
    return Status::Ok();
  }

  Status DecodeFixed(ParsedStream* stream, ParsedNode& node,
                     std::byte* target) const override {
    return DecodeFixedRange(stream, node, 0, node.count, target);
  }

  Status DecodeFixedRange(ParsedStream* stream, ParsedNode& node, uint64_t first,
                          uint64_t n, std::byte* target) const override {
    Scratch places(static_cast<size_t>(node.child_counts[0]) * 4);
    Exceptions found;
    LANCER_RETURN_IF_ERROR(ReadPlaces(stream, node, first, n, &places, &found));
    const uint32_t width = node.type.width;
    Scratch values(static_cast<size_t>(found.count) * width);
    LANCER_RETURN_IF_ERROR(DecodeValues(stream, stream->child(node, 1), found.first,
                                        found.count, values.data()));
    Repeat(node.header, n, width, target);
    for (uint64_t i = 0; i < found.count; ++i) {
      std::memcpy(target + (found.places[i] - first) * width, values.data() + i * width,
                  width);
    }
    return Status::Ok();
  }

  Status DecodeFixedAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    Asked asked(positions.size());
    LANCER_RETURN_IF_ERROR(FindAsked(stream, node, positions, &asked));
    Repeat(node.header, positions.size(), stride_bytes, target);
    if (asked.count == 0) {
      return Status::Ok();
    }
    const uint32_t width = node.type.width;
    Scratch values(asked.count * width);
    ParsedNode& child = stream->child(node, 1);
    LANCER_RETURN_IF_ERROR(child.encoding->DecodeFixedAt(stream, child, asked.Ordinals(),
                                                         values.data(), width));
    const std::span<const uint32_t> places = asked.Places();
    for (size_t i = 0; i < places.size(); ++i) {
      std::memcpy(target + places[i] * stride_bytes, values.data() + i * width, width);
    }
    return Status::Ok();
  }

  Status DecodeBits(ParsedStream* stream, ParsedNode& node,
                    const FixedTarget& target) const override {
    Scratch places(static_cast<size_t>(node.child_counts[0]) * 4);
    Exceptions found;
    LANCER_RETURN_IF_ERROR(ReadPlaces(stream, node, 0, node.count, &places, &found));
    const bool dominant = node.header[0] != std::byte{0};
    FillBits(target.data, static_cast<int64_t>(target.bit_offset),
             static_cast<int64_t>(node.count), dominant);
    for (uint64_t i = 0; i < found.count; ++i) {
      PutBit(target, found.places[i], !dominant);
    }
    return Status::Ok();
  }

  Status DecodeBitsAt(ParsedStream* stream, ParsedNode& node,
                      std::span<const uint32_t> positions,
                      const FixedTarget& target) const override {
    Asked asked(positions.size());
    LANCER_RETURN_IF_ERROR(FindAsked(stream, node, positions, &asked));
    const bool dominant = node.header[0] != std::byte{0};
    FillBits(target.data, static_cast<int64_t>(target.bit_offset),
             static_cast<int64_t>(positions.size()), dominant);
    for (const uint32_t place : asked.Places()) {
      PutBit(target, place, !dominant);
    }
    return Status::Ok();
  }

  Status DecodeBytes(ParsedStream* stream, ParsedNode& node, uint64_t first, uint64_t n,
                     BytesTarget* target) const override {
    Scratch memory(static_cast<size_t>(node.child_counts[0]) * 4);
    Exceptions found;
    LANCER_RETURN_IF_ERROR(ReadPlaces(stream, node, first, n, &memory, &found));
    BytesTarget values;
    values.offsets = {0};
    values.limit = target->limit;
    ParsedNode& child = stream->child(node, 1);
    LANCER_RETURN_IF_ERROR(
        child.encoding->DecodeBytes(stream, child, found.first, found.count, &values));
    Scratch places(static_cast<size_t>(found.count) * 4);
    for (uint64_t i = 0; i < found.count; ++i) {
      places.as<uint32_t>()[i] = static_cast<uint32_t>(found.places[i] - first);
    }
    return AppendValues(node.body, n,
                        {places.as<uint32_t>(), static_cast<size_t>(found.count)}, values,
                        target);
  }

  Status DecodeBytesAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions,
                       BytesTarget* target) const override {
    Asked asked(positions.size());
    LANCER_RETURN_IF_ERROR(FindAsked(stream, node, positions, &asked));
    BytesTarget values;
    values.offsets = {0};
    values.limit = target->limit;
    ParsedNode& child = stream->child(node, 1);
    LANCER_RETURN_IF_ERROR(
        child.encoding->DecodeBytesAt(stream, child, asked.Ordinals(), &values));
    return AppendValues(node.body, positions.size(), asked.Places(), values, target);
  }

 private:
  static Status WriteHeader(const Values& values, uint64_t dominant, size_t exceptions,
                            const EncodeSink& sink) {
    ByteWriter headers(sink.headers);
    headers.Write(static_cast<uint32_t>(exceptions));
    if (values.type.kind == PhysicalKind::kBits) {
      headers.Write<uint8_t>(
          values.count > 0 && GetBit(values.data.data(), static_cast<int64_t>(dominant))
              ? 1
              : 0);
      return Status::Ok();
    }
    std::span<const std::byte> value;
    if (values.count > 0) {
      value = ValueAt(values, dominant);
    }
    if (values.type.kind == PhysicalKind::kFixed) {
      headers.WriteSpan(value);
      headers.Extend(values.type.width - value.size());
      return Status::Ok();
    }
    if (value.size() > UINT32_MAX) {
      return Status::InvalidArgument("sparse: a value of 4 GiB and more");
    }
    headers.Write(static_cast<uint32_t>(value.size()));
    ByteWriter(sink.bodies).WriteSpan(value);
    return Status::Ok();
  }

  static void PutBit(const FixedTarget& target, uint64_t place, bool bit) {
    const auto at = static_cast<int64_t>(target.bit_offset + place);
    if (bit) {
      SetBit(target.data, at);
    } else {
      ClearBit(target.data, at);
    }
  }

  // All places, checked; `found` are those of values [first, first + n).
  Status ReadPlaces(ParsedStream* stream, ParsedNode& node, uint64_t first, uint64_t n,
                    Scratch* memory, Exceptions* found) const {
    const AscendingChild child(stream, node);
    LANCER_RETURN_IF_ERROR(child.ReadAll(memory));
    const uint32_t* places = memory->as<uint32_t>();
    const uint64_t count = child.size();
    if (count > 0 && places[count - 1] >= node.count) {
      return NodeCorruption(*this, fmt::format("an exception at {} of {} values",
                                               places[count - 1], node.count));
    }
    const auto below = [&](uint64_t place) -> uint64_t {
      return place == 0 ? 0 : CountUpTo(places, count, static_cast<uint32_t>(place - 1));
    };
    found->first = below(first);
    found->count = below(first + n) - found->first;
    found->places = places + found->first;
    return Status::Ok();
  }

  static Status FindAsked(ParsedStream* stream, ParsedNode& node,
                          std::span<const uint32_t> positions, Asked* asked) {
    const AscendingChild exceptions(stream, node);
    Scratch memory(positions.size() * sizeof(AscendingPlace));
    const auto* const found = memory.as<AscendingPlace>();
    LANCER_RETURN_IF_ERROR(exceptions.Find(positions, memory.as<AscendingPlace>()));
    for (size_t i = 0; i < positions.size(); ++i) {
      if (found[i].count > 0 && found[i].last == positions[i]) {
        asked->Add(static_cast<uint32_t>(i), found[i].count - 1);
      }
    }
    return Status::Ok();
  }

  // Appends `n` values: `exceptions`, which stand at `places` of them, and else `value`.
  static Status AppendValues(std::span<const std::byte> value, uint64_t n,
                             std::span<const uint32_t> places,
                             const BytesTarget& exceptions, BytesTarget* target) {
    const uint64_t payload = exceptions.data.size();
    const uint64_t others = BytesOf(n - places.size(), value.size());
    BytesAppender appender(target);
    LANCER_RETURN_IF_ERROR(
        appender.Start(n, others > UINT64_MAX - payload ? UINT64_MAX : payload + others));
    uint64_t at = 0;
    for (size_t i = 0; i < places.size(); ++i) {
      appender.Append(value, places[i] - at);
      appender.Append(AppendedValue(exceptions, i), 1);
      at = places[i] + uint64_t{1};
    }
    appender.Append(value, n - at);
    return Status::Ok();
  }
};

}  // namespace

const Encoding& SparseEncoding() {
  static constexpr Sparse kSparse;
  return kSparse;
}

}  // namespace lancer::encoding
