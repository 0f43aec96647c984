// fsst (spec: encodings, "fsst"): byte strings by the symbols of the leaf's symbol table.
//
//   header: [flags u8][size of all values u32, or u64 if flagged][codes u32, or u64]
//   body:   [the codes of all values, 12 bits each]
//   flags:  1 wide: size and number of codes are u64
//   child:  how many codes each value has, u32, `count` of them
//
// A value is read without its neighbours: their numbers of codes say where it begins, and
// its codes say all.
#include <fmt/format.h>

#include <algorithm>

#include "encoding/encoding.h"
#include "encoding/scratch.h"
#include "encoding/symbol_table.h"

namespace lancer::encoding {
namespace {

constexpr uint8_t kWide = 1;

// What a node's header says.
struct Sizes {
  uint64_t bytes = 0;
  uint64_t codes = 0;
};

Sizes SizesOf(const ParsedNode& node) {
  const std::byte* header = node.header.data();
  return node.header.size() == 16
             ? Sizes{LoadLe<uint64_t>(header), LoadLe<uint64_t>(header + 8)}
             : Sizes{LoadLe<uint32_t>(header), LoadLe<uint32_t>(header + 4)};
}

void WriteHeader(const Sizes& sizes, std::vector<std::byte>* headers) {
  ByteWriter writer(headers);
  const bool wide = sizes.bytes > UINT32_MAX;  // codes are never more than bytes
  writer.Write<uint8_t>(wide ? kWide : 0);
  for (const uint64_t number : {sizes.bytes, sizes.codes}) {
    if (wide) {
      writer.Write(number);
    } else {
      writer.Write(static_cast<uint32_t>(number));
    }
  }
}

uint64_t Sum(const uint32_t* counts, uint64_t n) {
  uint64_t sum = 0;  // cannot overflow: a stream holds at most 2^48 values
  for (uint64_t i = 0; i < n; ++i) {
    sum += counts[i];
  }
  return sum;
}

// Expands codes of one stream behind a target.
class Expander {
 public:
  Expander(const SymbolTable& symbols, std::span<const std::byte> packed,
           BytesTarget* target)
      : symbols_(symbols), packed_(packed), target_(target) {}

  // Values of `counts` codes each, the first of which is code `first` of the stream;
  // all `codes` of them stand for `bytes` bytes, unless that is not known.
  Status Append(std::span<const uint32_t> counts, uint64_t first, uint64_t codes,
                std::optional<uint64_t> bytes) {
    if (!bytes.has_value()) {
      bytes = symbols_.DecodedSize(packed_, first, codes);
    }
    if (!bytes.has_value()) {
      return NoSymbol();
    }
    if (*bytes > UINT32_MAX) {
      for (const uint32_t count : counts) {
        LANCER_RETURN_IF_ERROR(AppendOne(first, count));
        first += count;
      }
      return Status::Ok();
    }
    Scratch ends((static_cast<size_t>(codes) + 1) * sizeof(uint32_t));
    auto* const end = ends.as<uint32_t>();
    end[0] = 0;
    LANCER_RETURN_IF_ERROR(Decode(first, codes, *bytes, end + 1));
    const uint64_t base = target_->offsets.back();
    const size_t old = target_->offsets.size();
    target_->offsets.resize(old + counts.size());
    uint64_t* const offsets = target_->offsets.data() + old;
    uint64_t at = 0;
    for (size_t i = 0; i < counts.size(); ++i) {
      at += counts[i];
      offsets[i] = base + end[at];
    }
    return Status::Ok();
  }

  Status AppendOne(uint64_t first, uint64_t codes) {
    const size_t before = target_->data.size();
    const uint64_t most = codes * kMaxSymbolBytes;
    if (most <= kFewBytes && before <= target_->limit &&
        most <= target_->limit - before) {
      target_->data.Resize(before + static_cast<size_t>(most));
      const auto size =
          symbols_.Decode(packed_, first, codes, target_->data.data() + before,
                          static_cast<size_t>(most), nullptr);
      if (!size.has_value()) {
        return NoSymbol();
      }
      target_->data.Resize(before + *size);
    } else {
      const auto size = symbols_.DecodedSize(packed_, first, codes);
      if (!size.has_value()) {
        return NoSymbol();
      }
      LANCER_RETURN_IF_ERROR(Decode(first, codes, *size, nullptr));
    }
    target_->offsets.push_back(target_->offsets.back() + target_->data.size() - before);
    return Status::Ok();
  }

 private:
  static constexpr uint64_t kFewBytes = 4096;

  static Status NoSymbol() {
    return NodeCorruption(FsstEncoding(), "a code without a symbol");
  }

  // `bytes` is 0 only where there are no codes: then nothing may be written.
  Status Decode(uint64_t first, uint64_t codes, uint64_t bytes, uint32_t* ends) {
    const size_t before = target_->data.size();
    LANCER_RETURN_IF_ERROR(GrowBytes(target_, bytes));
    if (codes == 0) {
      return Status::Ok();
    }
    const auto room = static_cast<size_t>(bytes);
    const auto size =
        symbols_.Decode(packed_, first, codes, target_->data.data() + before, room, ends);
    if (!size.has_value() || *size != room) {
      return NodeCorruption(
          FsstEncoding(),
          fmt::format("codes without symbols, or values not of {} bytes", bytes));
    }
    return Status::Ok();
  }

  const SymbolTable& symbols_;
  std::span<const std::byte> packed_;
  BytesTarget* target_;
};

class Fsst final : public Encoding {
 public:
  std::string_view name() const override { return "fsst"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    return type.kind == PhysicalKind::kBytes && node.child_count == 1;
  }

  PhysicalType ChildType(PhysicalType, const EncodingNode&, unsigned) const override {
    return kU32Type;
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    const SymbolTable* symbols = context.resources->symbol_table;
    if (symbols == nullptr) {
      return Status::InvalidArgument("fsst: the leaf has no symbol table");
    }
    const uint64_t size =
        values.count == 0 ? 0 : values.offsets[values.count] - values.offsets[0];
    Scratch codes(static_cast<size_t>(size) * sizeof(uint16_t));
    Scratch counts(static_cast<size_t>(values.count) * sizeof(uint32_t));
    uint64_t all = 0;
    LANCER_ASSIGN_OR_RETURN(
        all, symbols->Encode(values, codes.as<uint16_t>(), counts.as<uint32_t>()));
    WriteHeader({size, all}, sink.headers);
    const auto packed = static_cast<size_t>(SymbolTable::PackedBytes(all));
    SymbolTable::Pack({codes.as<uint16_t>(), static_cast<size_t>(all)},
                      ByteWriter(sink.bodies).Extend(packed));
    Values child;
    child.type = kU32Type;
    child.count = values.count;
    child.data = counts.bytes();
    return EncodeNode(context, node + 1, child, sink);
  }

  Status ParseHeader(ByteReader* reader, ParsedNode* node) const override {
    uint8_t flags = 0;
    if (!reader->Read(&flags)) {
      return NodeCorruption(*this, "header is cut short");
    }
    if (flags > kWide) {
      return NodeCorruption(*this, "unknown flags");
    }
    if (!reader->ReadSpan(flags == kWide ? 16 : 8, &node->header)) {
      return NodeCorruption(*this, "header is cut short");
    }
    // Checked here, because room is made for the bytes before they are there.
    const Sizes sizes = SizesOf(*node);
    if (sizes.codes > sizes.bytes || sizes.codes > kMaxCodes ||
        sizes.bytes > sizes.codes * kMaxSymbolBytes) {
      return NodeCorruption(
          *this, fmt::format("{} codes for {} bytes", sizes.codes, sizes.bytes));
    }
    node->body_size = SymbolTable::PackedBytes(sizes.codes);
    node->child_types[0] = kU32Type;
    node->child_counts[0] = node->count;
    return Status::Ok();
  }

  Status DecodeBytes(ParsedStream* stream, ParsedNode& node, uint64_t first, uint64_t n,
                     BytesTarget* target) const override {
    const SymbolTable* symbols = nullptr;
    LANCER_ASSIGN_OR_RETURN(symbols, Symbols(*stream));
    Scratch counts(static_cast<size_t>(first + n) * sizeof(uint32_t));
    LANCER_RETURN_IF_ERROR(
        DecodeValues(stream, stream->child(node, 0), 0, first + n, counts.data()));
    const uint32_t* count = counts.as<uint32_t>();
    const Sizes sizes = SizesOf(node);
    const uint64_t skipped = Sum(count, first);
    const uint64_t codes = Sum(count + first, n);
    const bool all = n == node.count;
    if (all ? codes != sizes.codes : skipped + codes > sizes.codes) {
      return BadCounts(node);
    }
    return Expander(*symbols, node.body, target)
        .Append({count + first, static_cast<size_t>(n)}, skipped, codes,
                all ? std::optional(sizes.bytes) : std::nullopt);
  }

  Status DecodeBytesAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions,
                       BytesTarget* target) const override {
    if (positions.empty()) {
      return Status::Ok();
    }
    const SymbolTable* symbols = nullptr;
    LANCER_ASSIGN_OR_RETURN(symbols, Symbols(*stream));
    const uint64_t n = std::ranges::max(positions) + uint64_t{1};
    Scratch counts(static_cast<size_t>(n) * sizeof(uint32_t));
    LANCER_RETURN_IF_ERROR(
        DecodeValues(stream, stream->child(node, 0), 0, n, counts.data()));
    const uint32_t* count = counts.as<uint32_t>();
    if (Sum(count, n) > SizesOf(node).codes) {
      return BadCounts(node);
    }
    Expander expander(*symbols, node.body, target);
    // Mostly ascending: from one to the next, what lies between them is added or taken
    // off.
    uint64_t at = 0;
    uint64_t code = 0;
    for (const uint32_t position : positions) {
      code = position < at ? code - Sum(count + position, at - position)
                           : code + Sum(count + at, position - at);
      at = position;
      LANCER_RETURN_IF_ERROR(expander.AppendOne(code, count[position]));
    }
    return Status::Ok();
  }

 private:
  static constexpr uint64_t kMaxCodes = uint64_t{1} << 48;

  Result<const SymbolTable*> Symbols(const ParsedStream& stream) const {
    if (stream.resources->symbol_table == nullptr) {
      return NodeCorruption(*this, "the leaf has no symbol table");
    }
    return stream.resources->symbol_table;
  }

  Status BadCounts(const ParsedNode& node) const {
    return NodeCorruption(*this, fmt::format("numbers of codes do not add up to the {}",
                                             SizesOf(node).codes));
  }
};

}  // namespace

const Encoding& FsstEncoding() {
  static constexpr Fsst kFsst;
  return kFsst;
}

}  // namespace lancer::encoding
