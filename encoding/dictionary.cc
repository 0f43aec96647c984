// A leaf's dictionary (spec: encodings, "Dictionaries"):
//
//   [entry count u32][flags u32: 1 = ranks follow, 2 = compressed]
//   fixed:  [entry of `width` bytes] * count
//   bytes:  [end of each entry u32] * count [payload]
//   [rank of each entry u16] * count, if flagged
//
// Compressed, with sizes instead of ends, the middle is [size of it u32][size of the
// stream u32][stream of so many opaque bytes by zstd].
#include "encoding/dictionary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "encoding/byte_reader.h"
#include "encoding/byte_writer.h"
#include "encoding/encoding.h"
#include "encoding/hash.h"
#include "encoding/raw_bytes.h"
#include "encoding/statistics.h"

namespace lancer::encoding {
namespace {

constexpr uint32_t kHasRanks = 1;
constexpr uint32_t kCompressed = 2;
constexpr uint64_t kMinCompressedBytes = 4 << 10;  // smaller ones gain too little
// Bounds what a reader makes room for before it has asked for memory. Larger dictionaries
// stand as they are.
constexpr uint64_t kMaxCompressedBytes = kDefaultDictionaryBytes;
constexpr double kWorthCompressing = 0.8;  // of the bytes before
constexpr size_t kFirstSlots = 16;  // most leaves of a wide table have no dictionary

bool SameBytes(std::span<const std::byte> a, std::span<const std::byte> b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

// The entries' codes in the stored order. Equal entries do not occur.
template <typename Entries>
std::vector<uint32_t> SortedCodes(const Entries& entries, uint64_t count,
                                  PhysicalType type) {
  std::vector<uint32_t> codes(static_cast<size_t>(count));
  std::iota(codes.begin(), codes.end(), 0);
  std::sort(codes.begin(), codes.end(), [&](uint32_t a, uint32_t b) {
    const int order = CompareBounds(type, entries.entry(a), entries.entry(b));
    return order != 0 ? order < 0 : a < b;
  });
  return codes;
}

// The middle of a compressed dictionary.
Result<std::vector<std::byte>> Decompressed(ByteReader* reader) {
  uint32_t size = 0;
  uint32_t stored = 0;
  std::span<const std::byte> stream;
  if (!reader->Read(&size) || !reader->Read(&stored) ||
      !reader->ReadSpan(stored, &stream)) {
    return Status::Corruption(
        fmt::format("dictionary: {} stored bytes of {}", stored, size));
  }
  if (size > kMaxCompressedBytes) {
    return Status::Corruption(
        fmt::format("dictionary: {} bytes, of which {} are stored; at most {} may be "
                    "compressed",
                    size, stored, kMaxCompressedBytes));
  }
  auto raw = DecodeRawBytes(stream, size);
  return raw ? std::move(raw) : raw.error().WithContext("dictionary");
}

}  // namespace

bool IsBlank(const PhysicalType& type, std::span<const std::byte> value) {
  return type.kind == PhysicalKind::kBytes
             ? value.empty()
             : std::ranges::all_of(value, [](std::byte b) { return b == std::byte{0}; });
}

DictionaryBuilder::DictionaryBuilder(PhysicalType type, uint64_t max_bytes)
    : type_(type),
      max_bytes_(std::min<uint64_t>(max_bytes, UINT32_MAX)),
      slots_(kFirstSlots) {}

uint64_t DictionaryBuilder::size_bytes() const {
  return data_.size() + ends_.size() * sizeof(uint32_t);
}

std::span<const std::byte> DictionaryBuilder::entry(uint32_t code) const {
  if (type_.kind == PhysicalKind::kFixed) {
    return {data_.data() + size_t{code} * type_.width, type_.width};
  }
  const auto begin = static_cast<size_t>(code == 0 ? 0 : ends_[code - 1]);
  return {data_.data() + begin, static_cast<size_t>(ends_[code]) - begin};
}

uint64_t DictionaryBuilder::HashOf(std::span<const std::byte> value) {
  switch (value.size()) {
    case 1:
      return HashOfNumber(LoadLe<uint8_t>(value.data()));
    case 2:
      return HashOfNumber(LoadLe<uint16_t>(value.data()));
    case 4:
      return HashOfNumber(LoadLe<uint32_t>(value.data()));
    case 8:
      return HashOfNumber(LoadLe<uint64_t>(value.data()));
    default:
      return HashOfBytes(value);
  }
}

// The slot that holds `value`, or the free one where it belongs.
size_t DictionaryBuilder::Probe(uint64_t hash, std::span<const std::byte> value) const {
  const size_t mask = slots_.size() - 1;
  const auto tag = static_cast<uint32_t>(hash >> 32);
  size_t slot = static_cast<size_t>(hash) & mask;
  while (slots_[slot].code != 0) {
    if (slots_[slot].tag == tag && SameBytes(entry(slots_[slot].code - 1), value)) {
      break;
    }
    slot = (slot + 1) & mask;
  }
  return slot;
}

void DictionaryBuilder::Grow() {
  const size_t size = slots_.size() * 2;
  slots_.assign(size, Slot());
  for (size_t code = 0; code < hashes_.size(); ++code) {
    size_t slot = static_cast<size_t>(hashes_[code]) & (size - 1);
    while (slots_[slot].code != 0) {
      slot = (slot + 1) & (size - 1);
    }
    slots_[slot] = {static_cast<uint32_t>(code + 1),
                    static_cast<uint32_t>(hashes_[code] >> 32)};
  }
}

std::optional<uint32_t> DictionaryBuilder::Find(std::span<const std::byte> value) const {
  const uint32_t found = slots_[Probe(HashOf(value), value)].code;
  if (found == 0) {
    return std::nullopt;
  }
  return found - 1;
}

std::optional<uint32_t> DictionaryBuilder::Add(uint64_t hash, size_t slot,
                                               std::span<const std::byte> value) {
  if (blank_code_.has_value() && IsBlank(type_, value)) {
    return blank_code_;
  }
  const bool bytes = type_.kind == PhysicalKind::kBytes;
  const uint64_t added = value.size() + (bytes ? sizeof(uint32_t) : 0);
  if (size_bytes() + added > max_bytes_) {
    return std::nullopt;
  }
  const auto code = static_cast<uint32_t>(hashes_.size());
  data_.insert(data_.end(), value.begin(), value.end());
  if (bytes) {
    ends_.push_back(data_.size());
  }
  hashes_.push_back(hash);
  slots_[slot] = {code + 1, static_cast<uint32_t>(hash >> 32)};
  if (hashes_.size() * 2 > slots_.size()) {
    Grow();
  }
  return code;
}

std::optional<uint32_t> DictionaryBuilder::FindOrAdd(std::span<const std::byte> value) {
  const uint64_t hash = HashOf(value);
  const size_t slot = Probe(hash, value);
  return slots_[slot].code != 0 ? std::optional(slots_[slot].code - 1)
                                : Add(hash, slot, value);
}

// FindOrAdd for entries of a number's width, with the comparison in registers.
template <typename T>
std::optional<uint32_t> DictionaryBuilder::FindOrAddNumber(const std::byte* value) {
  const T number = LoadLe<T>(value);
  const uint64_t hash = HashOfNumber(number);
  const auto tag = static_cast<uint32_t>(hash >> 32);
  const size_t mask = slots_.size() - 1;
  size_t slot = static_cast<size_t>(hash) & mask;
  while (slots_[slot].code != 0) {
    const uint32_t code = slots_[slot].code - 1;
    if (slots_[slot].tag == tag &&
        LoadLe<T>(data_.data() + size_t{code} * sizeof(T)) == number) {
      return code;
    }
    slot = (slot + 1) & mask;
  }
  return Add(hash, slot, {value, sizeof(T)});
}

void DictionaryBuilder::Truncate(uint64_t entry_count) {
  const auto keep = static_cast<size_t>(entry_count);
  if (type_.kind == PhysicalKind::kBytes) {
    data_.resize(keep == 0 ? 0 : static_cast<size_t>(ends_[keep - 1]));
    ends_.resize(keep);
  } else {
    data_.resize(keep * type_.width);
  }
  hashes_.resize(keep);
  slots_.resize(slots_.size() / 2);
  Grow();
}

template <typename T>
bool DictionaryBuilder::EncodeNumbers(const Values& values, uint32_t* codes) {
  for (uint64_t i = 0; i < values.count; ++i) {
    const std::optional<uint32_t> code =
        FindOrAddNumber<T>(values.data.data() + i * sizeof(T));
    if (!code.has_value()) {
      return false;
    }
    codes[i] = *code;
  }
  return true;
}

bool DictionaryBuilder::EncodeAny(const Values& values, uint32_t* codes) {
  std::span<const std::byte> last;
  for (uint64_t i = 0; i < values.count; ++i) {
    const bool fixed = type_.kind == PhysicalKind::kFixed;
    const uint64_t begin = fixed ? i * type_.width : values.offsets[i];
    const uint64_t end = fixed ? begin + type_.width : values.offsets[i + 1];
    const auto value =
        values.data.subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
    if (i > 0 && SameBytes(value, last)) {
      codes[i] = codes[i - 1];
      continue;
    }
    const std::optional<uint32_t> code = FindOrAdd(value);
    if (!code.has_value()) {
      return false;
    }
    last = value;
    codes[i] = *code;
  }
  return true;
}

Status DictionaryBuilder::Encode(const Values& values, std::vector<uint32_t>* codes) {
  if (values.type.kind != type_.kind || values.type.width != type_.width) {
    return Status::InvalidArgument("dictionary: values of another type");
  }
  const uint64_t before = entry_count();
  codes->resize(static_cast<size_t>(values.count));
  bool done = false;
  switch (type_.kind == PhysicalKind::kFixed ? type_.width : 0) {
    case 4:
      done = EncodeNumbers<uint32_t>(values, codes->data());
      break;
    case 8:
      done = EncodeNumbers<uint64_t>(values, codes->data());
      break;
    default:
      done = EncodeAny(values, codes->data());
  }
  if (done) {
    return Status::Ok();
  }
  const uint64_t entries = entry_count();
  Truncate(before);
  return Status::ResourceExhausted(fmt::format(
      "dictionary: full with {} entries, limit {} bytes", entries, max_bytes_));
}

// False when the entries had better stand as they are.
bool DictionaryBuilder::WriteCompressed(std::vector<std::byte>* out) const {
  if (size_bytes() < kMinCompressedBytes || size_bytes() > kMaxCompressedBytes) {
    return false;
  }
  std::vector<std::byte> raw;
  ByteWriter writer(&raw);
  uint64_t begin = 0;
  for (const uint64_t end : ends_) {
    writer.Write(static_cast<uint32_t>(end - begin));
    begin = end;
  }
  writer.WriteSpan(data_);
  std::vector<std::byte> stream;
  if (!EncodeRawBytes(raw, 0, &stream).ok() ||
      static_cast<double>(stream.size()) >
          kWorthCompressing * static_cast<double>(raw.size())) {
    return false;
  }
  StoreLe(out->data() + sizeof(uint32_t),
          LoadLe<uint32_t>(out->data() + sizeof(uint32_t)) | kCompressed);
  ByteWriter to(out);
  to.Write(static_cast<uint32_t>(raw.size()));
  to.Write(static_cast<uint32_t>(stream.size()));
  to.WriteSpan(stream);
  return true;
}

std::vector<std::byte> DictionaryBuilder::Finish() const {
  std::vector<std::byte> out;
  ByteWriter writer(&out);
  const bool ranked = entry_count() <= kMaxRankedEntries;
  writer.Write(static_cast<uint32_t>(entry_count()));
  writer.Write(ranked ? kHasRanks : 0U);
  if (!WriteCompressed(&out)) {
    for (const uint64_t end : ends_) {
      writer.Write(static_cast<uint32_t>(end));
    }
    writer.WriteSpan(data_);
  }
  if (ranked) {
    const std::vector<uint32_t> order = SortedCodes(*this, entry_count(), type_);
    std::byte* ranks = writer.Extend(order.size() * 2);
    for (size_t rank = 0; rank < order.size(); ++rank) {
      StoreLe(ranks + size_t{order[rank]} * 2, static_cast<uint16_t>(rank));
    }
  }
  return out;
}

Result<std::shared_ptr<const Dictionary>> Dictionary::Load(
    PhysicalType type, std::span<const std::byte> bytes) {
  std::shared_ptr<Dictionary> dictionary(new Dictionary());
  dictionary->type_ = type;
  LANCER_RETURN_IF_ERROR(dictionary->Parse(bytes));
  return std::shared_ptr<const Dictionary>(std::move(dictionary));
}

// Fixed entries, or ends (or sizes) and the payload, at the start of `bytes`.
Status Dictionary::ParseEntries(std::span<const std::byte> bytes, bool as_sizes,
                                size_t* used) {
  ByteReader reader(bytes);
  uint64_t payload = uint64_t{entry_count_} * type_.width;
  if (type_.kind == PhysicalKind::kBytes) {
    if (reader.remaining() / 4 < entry_count_) {
      return Status::Corruption(
          fmt::format("dictionary: ends of {} entries do not fit {} bytes", entry_count_,
                      reader.remaining()));
    }
    offsets_.reserve(size_t{entry_count_} + 1);
    offsets_.push_back(0);
    for (uint32_t i = 0; i < entry_count_; ++i) {
      uint32_t end = 0;
      (void)reader.Read(&end);
      end += as_sizes ? offsets_.back() : 0;
      if (end < offsets_.back()) {
        return Status::Corruption(
            fmt::format("dictionary: entry {} ends at {}, before it begins at {}", i, end,
                        offsets_.back()));
      }
      longest_entry_ = std::max(longest_entry_, end - offsets_.back());
      offsets_.push_back(end);
    }
    payload = offsets_.back();
  }
  std::span<const std::byte> entries;
  if (!reader.ReadSpan(payload, &entries)) {
    return Status::Corruption(fmt::format("dictionary: {} bytes, expected {} of entries",
                                          bytes.size(), payload));
  }
  data_.reserve(entries.size() + kSlackBytes);
  data_.assign(entries.begin(), entries.end());
  data_.resize(entries.size() + kSlackBytes);
  *used = reader.position();
  return Status::Ok();
}

Status Dictionary::Parse(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  uint32_t flags = 0;
  if (!reader.Read(&entry_count_) || !reader.Read(&flags) ||
      flags > (kHasRanks | kCompressed)) {
    return Status::Corruption("dictionary: header is cut short or has unknown flags");
  }
  size_t used = 0;
  if ((flags & kCompressed) != 0) {
    std::vector<std::byte> raw;
    LANCER_ASSIGN_OR_RETURN(raw, Decompressed(&reader));
    LANCER_RETURN_IF_ERROR(ParseEntries(raw, true, &used));
    if (used != raw.size()) {
      return Status::Corruption(
          fmt::format("dictionary: entries of {} bytes, expected {}", used, raw.size()));
    }
  } else {
    LANCER_RETURN_IF_ERROR(ParseEntries(bytes.subspan(reader.position()), false, &used));
    (void)reader.Skip(used);
  }
  std::span<const std::byte> ranks;
  const uint64_t rank_bytes = (flags & kHasRanks) != 0 ? uint64_t{entry_count_} * 2 : 0;
  if (!reader.ReadSpan(rank_bytes, &ranks) || reader.remaining() != 0) {
    return Status::Corruption(
        fmt::format("dictionary: {} bytes behind the entries, expected {} of ranks",
                    reader.remaining() + ranks.size(), rank_bytes));
  }
  ranks_.resize(ranks.size() / 2);
  for (size_t i = 0; i < ranks_.size(); ++i) {
    ranks_[i] = LoadLe<uint16_t>(ranks.data() + i * 2);
  }
  return CheckRanks();
}

// Ranks must be the entries' order, or comparing by them would give wrong answers.
Status Dictionary::CheckRanks() const {
  std::vector<uint32_t> order(ranks_.size(), UINT32_MAX);
  for (size_t code = 0; code < ranks_.size(); ++code) {
    if (ranks_[code] >= order.size() || order[ranks_[code]] != UINT32_MAX) {
      return Status::Corruption(
          fmt::format("dictionary: entry {} has rank {}, which is taken or outside", code,
                      ranks_[code]));
    }
    order[ranks_[code]] = static_cast<uint32_t>(code);
  }
  for (size_t rank = 1; rank < order.size(); ++rank) {
    if (CompareBounds(type_, entry(order[rank - 1]), entry(order[rank])) > 0) {
      return Status::Corruption(
          fmt::format("dictionary: ranks {} and {} are not in order", rank - 1, rank));
    }
  }
  return Status::Ok();
}

uint64_t Dictionary::size_bytes() const {
  return sizeof(*this) + data_.size() + offsets_.size() * sizeof(uint32_t) +
         ranks_.size() * sizeof(uint16_t);
}

}  // namespace lancer::encoding
