// A leaf's codec dictionary: made by zstd's trainer, on pieces of about a block, or of
// pieces of text as they are.
// The parameters of the fast cover trainer are not in zstd's stable interface; Debian's
// shared library exports them since 1.3.
#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "encoding/codec_dictionary.h"
#include "encoding/encoding.h"
#include "encoding/selection.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kLeastPayload = uint64_t{256} << 10;  // smaller pages gain too little
constexpr size_t kLeastDictionary = size_t{4} << 10;
constexpr size_t kMaxTrainedBytes = size_t{64} << 10;
constexpr uint64_t kSampledPerByte = 8;  // of the dictionary: bounds the training's time
constexpr size_t kSampleBytes = size_t{2} << 10;  // about a block of the random profile
constexpr size_t kPieceBytes = 512;               // of a dictionary that is not trained
constexpr uint64_t kShare = 16;  // the dictionary is at most one byte of so many
constexpr size_t kBetweenBytes = (kShare - 1) * kPieceBytes;

// Pieces of a page's text, evenly spread over it.
class Pieces {
 public:
  // `count` pieces of `size` bytes. REQUIRES: the page has as many bytes.
  Pieces(const Values& values, uint64_t count, size_t size)
      : text_(values.data.subspan(
            static_cast<size_t>(values.offsets[0]),
            static_cast<size_t>(values.offsets[values.count] - values.offsets[0]))),
        count_(count),
        size_(size) {}

  uint64_t count() const { return count_; }
  std::span<const std::byte> operator[](uint64_t i) const {
    return text_.subspan(Begin(i), size_);
  }
  // What stands before piece `i + 1`, and is in no piece where they take half of the page
  // or less.
  std::span<const std::byte> Between(uint64_t i, size_t size) const {
    return text_.subspan(std::min(Begin(i) + size_, text_.size() - size), size);
  }

 private:
  size_t Begin(uint64_t i) const {
    return static_cast<size_t>(text_.size() / count_ * i);
  }
  std::span<const std::byte> text_;
  uint64_t count_;
  size_t size_;
};

std::vector<std::byte> Joined(const Pieces& pieces) {
  std::vector<std::byte> bytes;
  for (uint64_t i = 0; i < pieces.count(); ++i) {
    const std::span<const std::byte> piece = pieces[i];
    bytes.insert(bytes.end(), piece.begin(), piece.end());
  }
  return bytes;
}

// Stored bytes per byte of text that is not in the pieces.
std::optional<double> Measure(const Pieces& pieces, uint64_t blocks, size_t block_bytes,
                              const CodecDictionary* dictionary) {
  EncodeResources resources;
  resources.codec_dictionary = dictionary;
  std::vector<std::byte> stored;
  for (uint64_t i = 0; i < blocks; ++i) {
    Values block;
    block.type = kRawByteType;
    block.count = block_bytes;
    block.data = pieces.Between(pieces.count() * i / blocks, block_bytes);
    if (!EncodeStream({{{EncodingId::kZstd, 0, 0}}}, resources, block, &stored).ok()) {
      return std::nullopt;
    }
  }
  return static_cast<double>(stored.size()) / static_cast<double>(blocks * block_bytes);
}

// One pass with fixed parameters: the trainer's own search for the best segment length
// takes four times as long and gains under 2 % here. f = 16 keeps its tables in cache.
ZDICT_fastCover_params_t TrainerParameters() {
  ZDICT_fastCover_params_t parameters{};
  parameters.k = 200;
  parameters.d = 8;
  parameters.f = 16;
  parameters.splitPoint = 1.0;
  parameters.accel = 2;
  return parameters;
}

std::vector<std::byte> Train(const Pieces& samples, size_t room) {
  const std::vector<std::byte> text = Joined(samples);
  const std::vector<size_t> sizes(static_cast<size_t>(samples.count()), kSampleBytes);
  std::vector<std::byte> bytes(room);
  const size_t size = ZDICT_trainFromBuffer_fastCover(
      bytes.data(), bytes.size(), text.data(), sizes.data(),
      static_cast<unsigned>(sizes.size()), TrainerParameters());
  bytes.resize(ZDICT_isError(size) != 0 ? 0 : size);
  return bytes;
}

}  // namespace

// Before blocks of 64 KiB, pieces of text as they are do as well as trained ones, within
// 0.5 %, and take no time; before blocks of a few KiB they do not.
std::vector<std::byte> MakeCodecDictionary(const Values& values, Profile profile) {
  if (values.type.kind != PhysicalKind::kBytes || values.count == 0 ||
      values.offsets[values.count] - values.offsets[0] < kLeastPayload) {
    return {};
  }
  const bool random = profile == Profile::kRandom;
  const uint64_t total = values.offsets[values.count] - values.offsets[0];
  const size_t room =
      std::clamp<size_t>(static_cast<size_t>(total / kShare), kLeastDictionary,
                         random ? kMaxTrainedBytes : kMaxCodecDictionaryBytes);
  const Pieces pieces =
      random ? Pieces(values, std::min(total / 2, kSampledPerByte * room) / kSampleBytes,
                      kSampleBytes)
             : Pieces(values, room / kPieceBytes, kPieceBytes);
  std::vector<std::byte> bytes = random ? Train(pieces, room) : Joined(pieces);
  const auto dictionary = CodecDictionary::Load(bytes);
  if (!dictionary.has_value()) {
    return {};
  }
  const uint64_t blocks = random ? 32 : 16;
  const size_t block_bytes = random ? kSampleBytes : kBetweenBytes;
  const std::optional<double> without = Measure(pieces, blocks, block_bytes, nullptr);
  const std::optional<double> with =
      Measure(pieces, blocks, block_bytes, dictionary->get());
  const auto stored = (*dictionary)->Stored();
  // It must pay for itself within a few pages like this one.
  constexpr double kPages = 4;
  if (!without || !with || !stored || *with > 0.95 * *without ||
      (*without - *with) * static_cast<double>(total) * kPages <
          static_cast<double>(stored->size())) {
    return {};
  }
  return bytes;
}

}  // namespace lancer::encoding
