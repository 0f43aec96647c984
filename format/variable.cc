// Layout V (spec: layouts, "V"): long byte strings, one after the other.
//
//   page:   [check u32][stored bytes] per value that is neither null nor empty; the check
//           is of the stored bytes, seeded with the value's ordinal in the page
//   stored: kind 0 the bytes; kind 1 [raw length varint][zstd frame]; 2 and 3 reserved
//   index:  [null kinds and validity] (page_validity.h)
//           [offset of the first value u64][reference u64][packed at u32][width u8]
//           [zero u8[3]] per 1,024 values
//           [packed: per chunk its values' numbers less the reference, `width` bits each,
//           in lanes of 4 bytes when the width is at most 32, else of 8]
//   number: stored length, check included << 2 | kind; 0 for null and empty values
#include "format/variable.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "encoding/bit_pack.h"
#include "encoding/byte_writer.h"
#include "encoding/checksum.h"
#include "encoding/value_at.h"
#include "format/page_validity.h"

namespace lancer::format {
namespace {

using encoding::kPackChunk;

// Writes values and collects their numbers.
class VariableWriter {
 public:
  VariableWriter(const PageInput& input, EncodedPage* page)
      : input_(input), page_(page) {}

  Status Run() {
    const bool deflate = DeflatePays();
    const uint64_t count = input_.values.count;
    numbers_.reserve(count);
    for (uint64_t i = 0; i < count; ++i) {
      const std::span<const std::byte> value = encoding::ValueAt(input_.values, i);
      if (value.size() > UINT32_MAX) {
        return Status::InvalidArgument(fmt::format(
            "a value of {} bytes; values are held to 4 GiB - 1 here", value.size()));
      }
      if (i % kPackChunk == 0) {
        chunk_offsets_.push_back(page_->bytes.size());
      }
      LANCER_RETURN_IF_ERROR(AddValue(i, value, deflate));
    }
    PageValidity::Write(input_, &page_->index);
    AddLengths();
    page_->meta.layout = LayoutKind::kVariable;
    return Status::Ok();
  }

 private:
  // A frame must be smaller by this factor: reading it costs more.
  double DeflateFactor() const {
    return input_.options.profile == Profile::kRandom ? 1.6 : 1.05;
  }
  unsigned LevelClass() const {
    return input_.options.profile == Profile::kArchive ? 2 : 0;
  }
  bool Shrinks(size_t raw, size_t stored) const {
    return static_cast<double>(stored) * DeflateFactor() <
           0.95 * static_cast<double>(raw);
  }

  Status Deflate(std::span<const std::byte> value, std::vector<std::byte>* out) const {
    out->clear();
    encoding::ByteWriter(out).WriteVarint(value.size());
    const size_t before = out->size();
    LANCER_RETURN_IF_ERROR(ValueCodec().Compress(
        value, {}, input_.resources.codec_dictionary, LevelClass(), out));
    if (out->size() == before) {
      out->clear();
    }
    return Status::Ok();
  }

  // Tries a few values spread over the page.
  bool DeflatePays() {
    if (input_.options.random_policy) {
      return input_.options.page_ordinal % 2 == 0;
    }
    constexpr uint64_t kTries = 8;
    constexpr size_t kTryBytes = 64 << 10;
    const uint64_t count = input_.values.count;
    size_t raw = 0;
    size_t stored = 0;
    for (uint64_t i = 0; i < std::min(kTries, count); ++i) {
      std::span<const std::byte> value =
          encoding::ValueAt(input_.values, i * count / std::min(kTries, count));
      value = value.first(std::min(value.size(), kTryBytes));
      if (value.empty() || !Deflate(value, &frame_).ok()) {
        continue;
      }
      raw += value.size();
      stored += frame_.empty() ? value.size() : frame_.size();
    }
    return Shrinks(raw, stored);
  }

  Status AddValue(uint64_t i, std::span<const std::byte> value, bool deflate) {
    if (value.empty()) {
      numbers_.push_back(0);
      return Status::Ok();
    }
    uint64_t kind = kRawBytes;
    if (deflate) {
      LANCER_RETURN_IF_ERROR(Deflate(value, &frame_));
      if (!frame_.empty() &&
          (Shrinks(value.size(), frame_.size()) || input_.options.random_policy)) {
        kind = kZstdFrame;
        value = frame_;
        page_->uses_codec_dictionary = true;
      }
    }
    encoding::ByteWriter writer(&page_->bytes);
    writer.Write(encoding::Checksum32(value, i));
    writer.WriteSpan(value);
    numbers_.push_back((value.size() + kValueCheckBytes) << 2 | kind);
    return Status::Ok();
  }

  void AddLengths() {
    std::vector<std::byte> packed;
    encoding::ByteWriter entries(&page_->index);
    std::vector<std::byte> lanes;
    for (size_t chunk = 0; chunk < chunk_offsets_.size(); ++chunk) {
      const size_t first = chunk * kPackChunk;
      const auto numbers = std::span(numbers_).subspan(
          first, std::min<size_t>(kPackChunk, numbers_.size() - first));
      const auto [least, most] = std::ranges::minmax(numbers);
      const auto width = static_cast<unsigned>(std::bit_width(most - least));
      const unsigned lane = LaneBytes(width);
      lanes.resize(numbers.size() * lane);
      for (size_t i = 0; i < numbers.size(); ++i) {
        if (lane == 4) {
          const auto narrow = static_cast<uint32_t>(numbers[i] - least);
          std::memcpy(lanes.data() + i * 4, &narrow, 4);
        } else {
          const uint64_t wide = numbers[i] - least;
          std::memcpy(lanes.data() + i * 8, &wide, 8);
        }
      }
      entries.Write(chunk_offsets_[chunk]);
      entries.Write(least);
      entries.Write(static_cast<uint32_t>(packed.size()));
      entries.Write(uint32_t{width});
      std::byte* target = encoding::ByteWriter(&packed).Extend(
          static_cast<size_t>(encoding::PackedBytes(numbers.size(), width)));
      encoding::Pack(lane, lanes.data(), numbers.size(), width, 0, target);
    }
    entries.WriteSpan(packed);
  }

  const PageInput& input_;
  EncodedPage* page_;
  std::vector<uint64_t> numbers_;
  std::vector<uint64_t> chunk_offsets_;
  std::vector<std::byte> frame_;
};

}  // namespace

Status WriteVariable(const PageInput& input, EncodedPage* page) {
  return VariableWriter(input, page).Run();
}

}  // namespace lancer::format
