// fsst (spec: encodings, "fsst"): byte strings by the symbols of the leaf's symbol table.
//
//   header: [flags u8][size of all values u32, or u64 if flagged] (size_header.h)
//   body:   nothing
//   flags:  1 wide: the size is u64
//   child:  the values as codes, byte strings again, `count` of them
//
// A value is read without its neighbours: its codes say all.
#include <fmt/format.h>

#include <utility>

#include "encoding/encoding.h"
#include "encoding/scratch.h"
#include "encoding/size_header.h"
#include "encoding/symbol_table.h"

namespace lancer::encoding {
namespace {

// Appends `count` values behind a target. Room is made for the worst case of short
// values, and for what longer ones take.
class Expander {
 public:
  Expander(const SymbolTable& symbols, BytesTarget* target, size_t count)
      : symbols_(symbols),
        target_(target),
        end_(target->data.size()),
        first_offset_(target->offsets.back()),
        next_(target->offsets.size()) {
    target->offsets.resize(next_ + count);
  }
  ~Expander() { target_->data.Resize(end_); }
  Expander(const Expander&) = delete;
  Expander& operator=(const Expander&) = delete;

  // False when the codes are damaged, or stand for more than there is room for.
  bool Append(std::span<const std::byte> codes) {
    uint64_t size = codes.size() * SymbolTable::kMaxSymbolBytes;  // at most
    if (codes.size() > kShortCodes || !Fits(size)) {
      const auto exact = symbols_.DecodedSize(codes);
      over_limit_ = exact.has_value() && !Fits(*exact);
      if (!exact.has_value() || over_limit_) {
        return false;
      }
      size = *exact;
    }
    const size_t room = end_ + static_cast<size_t>(size) + SymbolTable::kMaxSymbolBytes;
    if (room > target_->data.size()) {
      target_->data.Resize(room + kRoomAhead);
    }
    const std::byte* stopped = symbols_.Decode(codes, target_->data.data() + end_);
    if (stopped == nullptr) {
      return false;
    }
    end_ = static_cast<size_t>(stopped - target_->data.data());
    target_->offsets[next_++] = end_ - base_ + first_offset_;
    return true;
  }
  bool over_limit() const { return over_limit_; }

 private:
  static constexpr size_t kShortCodes = 512;
  static constexpr size_t kRoomAhead = size_t{4} << 10;

  bool Fits(uint64_t size) const {
    return size <= target_->limit && end_ <= target_->limit - size;
  }

  const SymbolTable& symbols_;
  BytesTarget* target_;
  size_t end_;
  // Offsets go on from the last one, wherever the payload stands.
  const size_t base_ = end_;
  const uint64_t first_offset_;
  size_t next_;  // place of the next offset
  bool over_limit_ = false;
};

// Where a block's codes go before they are expanded. The memory is kept per thread, as a
// take reads one value each of many blocks; an inner fsst finds none and makes its own.
class Codes {
 public:
  explicit Codes(const BytesTarget& target) : codes_(std::move(Kept())) {
    codes_.offsets.assign(1, 0);
    codes_.data.Resize(0);
    // A byte takes two bytes of codes at most.
    codes_.limit = target.limit > UINT64_MAX / 2 ? UINT64_MAX : 2 * target.limit;
  }
  ~Codes() {
    if (codes_.data.size() <= kKeptBytes && codes_.offsets.size() <= kKeptBytes / 8) {
      Kept() = std::move(codes_);
    }
  }
  Codes(const Codes&) = delete;
  Codes& operator=(const Codes&) = delete;

  BytesTarget* target() { return &codes_; }

 private:
  static constexpr size_t kKeptBytes = size_t{64} << 10;
  static BytesTarget& Kept() {
    static thread_local BytesTarget kept;
    return kept;
  }

  BytesTarget codes_;
};

class Fsst final : public Encoding {
 public:
  std::string_view name() const override { return "fsst"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    return type.kind == PhysicalKind::kBytes && node.child_count == 1;
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    const SymbolTable* symbols = context.resources->symbol_table;
    if (symbols == nullptr) {
      return Status::InvalidArgument("fsst: the leaf has no symbol table");
    }
    const uint64_t size =
        values.count == 0 ? 0 : values.offsets[values.count] - values.offsets[0];
    Scratch codes(2 * static_cast<size_t>(size));
    Scratch offsets(static_cast<size_t>(values.count + 1) * sizeof(uint64_t));
    const size_t coded = symbols->Encode(values, codes.data(), offsets.as<uint64_t>());
    WriteSizeHeader(size, sink.headers);
    Values child;
    child.type = values.type;
    child.count = values.count;
    child.data = codes.bytes().first(coded);
    child.offsets = {offsets.as<uint64_t>(), static_cast<size_t>(values.count + 1)};
    return EncodeNode(context, node + 1, child, sink);
  }

  Status ParseHeader(ByteReader* reader, ParsedNode* node) const override {
    LANCER_RETURN_IF_ERROR(ReadSizeHeader(*this, reader, node));
    node->child_types[0] = node->type;
    node->child_counts[0] = node->count;
    return Status::Ok();
  }

  Status DecodeBytes(ParsedStream* stream, ParsedNode& node, uint64_t first, uint64_t n,
                     BytesTarget* target) const override {
    ParsedNode& child = stream->child(node, 0);
    Codes codes(*target);
    LANCER_RETURN_IF_ERROR(
        child.encoding->DecodeBytes(stream, child, first, n, codes.target()));
    const size_t before = target->data.size();
    LANCER_RETURN_IF_ERROR(Expand(*stream, *codes.target(), target));
    const uint64_t size = target->data.size() - before;
    if (n == node.count && size != SizeInHeader(node)) {
      return NodeCorruption(*this, fmt::format("values of {} bytes, expected {}", size,
                                               SizeInHeader(node)));
    }
    return Status::Ok();
  }

  Status DecodeBytesAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions,
                       BytesTarget* target) const override {
    ParsedNode& child = stream->child(node, 0);
    Codes codes(*target);
    LANCER_RETURN_IF_ERROR(
        child.encoding->DecodeBytesAt(stream, child, positions, codes.target()));
    return Expand(*stream, *codes.target(), target);
  }

 private:
  Status Expand(const ParsedStream& stream, const BytesTarget& codes,
                BytesTarget* target) const {
    const SymbolTable* symbols = stream.resources->symbol_table;
    if (symbols == nullptr) {
      return NodeCorruption(*this, "the leaf has no symbol table");
    }
    Expander expander(*symbols, target, codes.offsets.size() - 1);
    const std::span<const std::byte> bytes(codes.data.data(), codes.data.size());
    for (size_t i = 0; i + 1 < codes.offsets.size(); ++i) {
      const auto begin = static_cast<size_t>(codes.offsets[i]);
      const auto size = static_cast<size_t>(codes.offsets[i + 1]) - begin;
      if (!expander.Append(bytes.subspan(begin, size))) {
        return expander.over_limit()
                   ? Status::ResourceExhausted(fmt::format(
                         "fsst: decoding more than the limit of {} bytes", target->limit))
                   : NodeCorruption(*this, "a code without a symbol");
      }
    }
    return Status::Ok();
  }
};

}  // namespace

const Encoding& FsstEncoding() {
  static constexpr Fsst kFsst;
  return kFsst;
}

}  // namespace lancer::encoding
