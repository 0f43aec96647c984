// run_end (spec: encodings, "run_end"): runs of one value, each with its end.
//
//   header: [run count u32]      body: nothing
//   children: the ends (u32, strictly ascending; the last is `count`), the value of each
//             run (of the stream's own type)
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "encoding/ascending_child.h"
#include "encoding/bytes_appender.h"
#include "encoding/encoding.h"
#include "encoding/picked_values.h"
#include "encoding/repeat.h"
#include "encoding/scratch.h"
#include "encoding/simd/fill_kernels.h"
#include "encoding/value_at.h"

namespace lancer::encoding {
namespace {

// The last place of each run.
template <typename Differ>
std::vector<uint32_t> FindLast(uint64_t count, Differ differ) {
  std::vector<uint32_t> last(static_cast<size_t>(count));
  size_t n = 0;
  for (uint64_t i = 1; i < count; ++i) {
    last[n] = static_cast<uint32_t>(i - 1);
    n += differ(i) ? 1 : 0;
  }
  if (count > 0) {
    last[n++] = static_cast<uint32_t>(count - 1);
  }
  last.resize(n);
  return last;
}

template <size_t kWidth>
std::vector<uint32_t> FindLastFixed(const Values& values) {
  const std::byte* data = values.data.data();
  return FindLast(values.count, [data](uint64_t i) {
    const std::byte* value = data + i * kWidth;
    return std::memcmp(value, value - kWidth, kWidth) != 0;
  });
}

std::vector<uint32_t> FindLastBits(const Values& values) {
  std::vector<uint32_t> last;
  const auto count = static_cast<int64_t>(values.count);
  for (int64_t at = 0; at < count;) {
    at = FindBit(values.data.data(), at, count, !GetBit(values.data.data(), at));
    last.push_back(static_cast<uint32_t>(at - 1));
  }
  return last;
}

std::vector<uint32_t> FindLast(const Values& values) {
  if (values.type.kind == PhysicalKind::kBits) {
    return FindLastBits(values);
  }
  switch (values.type.width) {
    case 1:
      return FindLastFixed<1>(values);
    case 2:
      return FindLastFixed<2>(values);
    case 4:
      return FindLastFixed<4>(values);
    case 8:
      return FindLastFixed<8>(values);
    case 16:
      return FindLastFixed<16>(values);
    default:
      return FindLast(values.count, [&](uint64_t i) {
        return !std::ranges::equal(ValueAt(values, i), ValueAt(values, i - 1));
      });
  }
}

class RunEnd final : public Encoding {
 public:
  std::string_view name() const override { return "run_end"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
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
          fmt::format("run_end: a stream of {} values", values.count));
    }
    std::vector<uint32_t> places = FindLast(values);
    const PickedValues picked(values, places);
    for (uint32_t& place : places) {
      ++place;  // from a run's last place to its end
    }
    ByteWriter(sink.headers).Write(static_cast<uint32_t>(places.size()));
    Values ends;
    ends.type = kU32Type;
    ends.count = places.size();
    ends.data = std::as_bytes(std::span(places));
    LANCER_RETURN_IF_ERROR(EncodeNode(context, node + 1, ends, sink));
    return EncodeNode(context, SecondChild(*context.tree, node), picked.view(), sink);
  }

  Status ParseHeader(ByteReader* reader, ParsedNode* node) const override {
    uint32_t runs = 0;
    if (!reader->Read(&runs)) {
      return NodeCorruption(*this, "header is cut short");
    }
    if (runs > node->count || (runs == 0) != (node->count == 0)) {
      return NodeCorruption(*this,
                            fmt::format("{} runs of {} values", runs, node->count));
    }
    node->body_size = 0;
    node->child_types = {kU32Type, node->type};
    node->child_counts = {runs, runs};
    return Status::Ok();
  }

  Status DecodeFixed(ParsedStream* stream, ParsedNode& node,
                     std::byte* target) const override {
    return DecodeFixedRange(stream, node, 0, node.count, target);
  }

  Status DecodeFixedRange(ParsedStream* stream, ParsedNode& node, uint64_t first,
                          uint64_t n, std::byte* target) const override {
    Scratch ends(static_cast<size_t>(node.child_counts[0]) * 4);
    RunSpan runs;
    LANCER_RETURN_IF_ERROR(ReadEnds(stream, node, first, n, &ends, &runs));
    const uint32_t width = node.type.width;
    Scratch values(static_cast<size_t>(runs.count) * width);
    LANCER_RETURN_IF_ERROR(DecodeValues(stream, stream->child(node, 1), runs.first,
                                        runs.count, values.data()));
    if (std::has_single_bit(width) && width <= 16) {
      simd::FillRuns(width, {runs.ends, values.data(), runs.count}, first, n, target);
      return Status::Ok();
    }
    uint64_t at = 0;
    for (uint64_t i = 0; i < runs.count; ++i) {
      const uint64_t end = std::min(runs.ends[i] - first, n);
      Repeat(values.bytes().subspan(i * width, width), end - at, width,
             target + at * width);
      at = end;
    }
    return Status::Ok();
  }

  Status DecodeFixedAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    Scratch memory(positions.size() * sizeof(AscendingPlace));
    std::span<const uint32_t> runs;
    LANCER_RETURN_IF_ERROR(FindRuns(stream, node, positions, &memory, &runs));
    ParsedNode& child = stream->child(node, 1);
    return child.encoding->DecodeFixedAt(stream, child, runs, target, stride_bytes);
  }

  Status DecodeBits(ParsedStream* stream, ParsedNode& node,
                    const FixedTarget& target) const override {
    Scratch ends(static_cast<size_t>(node.child_counts[0]) * 4);
    RunSpan runs;
    LANCER_RETURN_IF_ERROR(ReadEnds(stream, node, 0, node.count, &ends, &runs));
    ParsedNode& child = stream->child(node, 1);
    Scratch bits(static_cast<size_t>(child.count / 8 + 1));
    LANCER_RETURN_IF_ERROR(child.encoding->DecodeBits(stream, child, {bits.data(), 0}));
    uint64_t at = 0;
    for (uint64_t i = 0; i < runs.count; ++i) {
      FillBits(target.data, static_cast<int64_t>(target.bit_offset + at),
               static_cast<int64_t>(runs.ends[i] - at),
               GetBit(bits.data(), static_cast<int64_t>(i)));
      at = runs.ends[i];
    }
    return Status::Ok();
  }

  Status DecodeBitsAt(ParsedStream* stream, ParsedNode& node,
                      std::span<const uint32_t> positions,
                      const FixedTarget& target) const override {
    Scratch memory(positions.size() * sizeof(AscendingPlace));
    std::span<const uint32_t> runs;
    LANCER_RETURN_IF_ERROR(FindRuns(stream, node, positions, &memory, &runs));
    ParsedNode& child = stream->child(node, 1);
    return child.encoding->DecodeBitsAt(stream, child, runs, target);
  }

  Status DecodeBytes(ParsedStream* stream, ParsedNode& node, uint64_t first, uint64_t n,
                     BytesTarget* target) const override {
    Scratch ends(static_cast<size_t>(node.child_counts[0]) * 4);
    RunSpan runs;
    LANCER_RETURN_IF_ERROR(ReadEnds(stream, node, first, n, &ends, &runs));
    BytesTarget values;  // one of each run, so no more than is asked for
    values.offsets = {0};
    values.limit = target->limit;
    ParsedNode& child = stream->child(node, 1);
    LANCER_RETURN_IF_ERROR(
        child.encoding->DecodeBytes(stream, child, runs.first, runs.count, &values));
    return AppendRuns(runs, values, first, n, target);
  }

  Status DecodeBytesAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions,
                       BytesTarget* target) const override {
    Scratch memory(positions.size() * sizeof(AscendingPlace));
    std::span<const uint32_t> runs;
    LANCER_RETURN_IF_ERROR(FindRuns(stream, node, positions, &memory, &runs));
    ParsedNode& child = stream->child(node, 1);
    return child.encoding->DecodeBytesAt(stream, child, runs, target);
  }

 private:
  // Runs that hold a range of values.
  struct RunSpan {
    uint64_t first = 0;
    uint64_t count = 0;
    const uint32_t* ends = nullptr;  // of these runs
  };

  // All ends, checked; `runs` are those of values [first, first + n).
  Status ReadEnds(ParsedStream* stream, ParsedNode& node, uint64_t first, uint64_t n,
                  Scratch* memory, RunSpan* runs) const {
    const AscendingChild child(stream, node);
    LANCER_RETURN_IF_ERROR(child.ReadAll(memory));
    const uint32_t* ends = memory->as<uint32_t>();
    const uint64_t count = child.size();
    const bool sound =
        count == 0 ? node.count == 0 : ends[0] > 0 && ends[count - 1] == node.count;
    if (!sound) {
      return NodeCorruption(*this, fmt::format("the runs do not end at {}", node.count));
    }
    if (n == 0) {
      return Status::Ok();
    }
    runs->first = CountUpTo(ends, count, static_cast<uint32_t>(first));
    runs->count =
        CountUpTo(ends, count, static_cast<uint32_t>(first + n - 1)) + 1 - runs->first;
    runs->ends = ends + runs->first;
    return Status::Ok();
  }

  // The runs of `positions`; they stand in `memory`.
  Status FindRuns(ParsedStream* stream, ParsedNode& node,
                  std::span<const uint32_t> positions, Scratch* memory,
                  std::span<const uint32_t>* runs) const {
    const AscendingChild ends(stream, node);
    auto* const places = memory->as<AscendingPlace>();
    LANCER_RETURN_IF_ERROR(ends.Find(positions, places));
    auto* const found = memory->as<uint32_t>();
    for (size_t i = 0; i < positions.size(); ++i) {
      const uint32_t run = places[i].count;
      if (run >= ends.size()) {
        return NodeCorruption(*this, fmt::format("no run holds value {}", positions[i]));
      }
      found[i] = run;  // behind what is still to be read
    }
    *runs = {found, positions.size()};
    return Status::Ok();
  }

  static Status AppendRuns(const RunSpan& runs, const BytesTarget& values, uint64_t first,
                           uint64_t n, BytesTarget* target) {
    uint64_t payload = 0;
    uint64_t at = 0;
    for (uint64_t i = 0; i < runs.count; ++i) {
      const uint64_t end = std::min(runs.ends[i] - first, n);
      const uint64_t bytes = BytesOf(end - at, AppendedValue(values, i).size());
      payload = bytes > UINT64_MAX - payload ? UINT64_MAX : payload + bytes;
      at = end;
    }
    BytesAppender appender(target);
    LANCER_RETURN_IF_ERROR(appender.Start(n, payload));
    at = 0;
    for (uint64_t i = 0; i < runs.count; ++i) {
      const uint64_t end = std::min(runs.ends[i] - first, n);
      appender.Append(AppendedValue(values, i), end - at);
      at = end;
    }
    return Status::Ok();
  }
};

}  // namespace

const Encoding& RunEndEncoding() {
  static constexpr RunEnd kRunEnd;
  return kRunEnd;
}

}  // namespace lancer::encoding
