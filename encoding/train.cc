// Training of a leaf's codec dictionary by zstd's trainer, on pieces of about a block.
// The parameters of the fast cover trainer are not in zstd's stable interface; Debian's
// shared library exports them since 1.3.
#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "encoding/codec_dictionary.h"
#include "encoding/selection.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kLeastPayload = uint64_t{256} << 10;  // smaller pages gain too little
constexpr uint64_t kMaxSampled = uint64_t{512} << 10;    // bounds the training's time
constexpr size_t kSampleBytes = size_t{2} << 10;
constexpr size_t kLeastDictionary = size_t{4} << 10;

struct Samples {
  std::vector<std::byte> bytes;
  std::vector<size_t> sizes;
};

uint64_t PieceCount(uint64_t total) {
  return std::max<uint64_t>(std::min(total / 2, kMaxSampled) / kSampleBytes, 1);
}

// Pieces evenly spread over the page, at most every second one.
Samples TakeSamples(const Values& values) {
  Samples samples;
  const uint64_t begin = values.offsets[0];
  const uint64_t total = values.offsets[values.count] - begin;
  const uint64_t pieces = PieceCount(total);
  for (uint64_t i = 0; i < pieces; ++i) {
    const auto at = static_cast<size_t>(begin + total / pieces * i);
    const auto piece = values.data.subspan(at, kSampleBytes);
    samples.bytes.insert(samples.bytes.end(), piece.begin(), piece.end());
    samples.sizes.push_back(piece.size());
  }
  return samples;
}

// Stored bytes per byte of pieces that the trainer has not seen.
std::optional<double> MeasurePieces(const Values& values,
                                    const CodecDictionary* dictionary) {
  constexpr uint64_t kMeasured = 32;
  const uint64_t begin = values.offsets[0];
  const uint64_t total = values.offsets[values.count] - begin;
  const uint64_t pieces = PieceCount(total);
  EncodeResources resources;
  resources.codec_dictionary = dictionary;
  std::vector<std::byte> stored;
  for (uint64_t i = 0; i < kMeasured; ++i) {
    Values block;
    block.type = {PhysicalKind::kFixed, NumberKind::kOpaque, 1};
    block.count = kSampleBytes;
    const uint64_t sample = total / pieces * (pieces * i / kMeasured);
    block.data = values.data.subspan(static_cast<size_t>(begin + sample + kSampleBytes),
                                     kSampleBytes);
    if (!EncodeStream({{{EncodingId::kZstd, 0, 0}}}, resources, block, &stored).ok()) {
      return std::nullopt;
    }
  }
  return static_cast<double>(stored.size()) /
         static_cast<double>(kMeasured * kSampleBytes);
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

}  // namespace

std::vector<std::byte> TrainCodecDictionary(const Values& values) {
  if (values.type.kind != PhysicalKind::kBytes || values.count == 0 ||
      values.offsets[values.count] - values.offsets[0] < kLeastPayload) {
    return {};
  }
  const uint64_t total = values.offsets[values.count] - values.offsets[0];
  const Samples samples = TakeSamples(values);
  const size_t room = std::clamp<size_t>(static_cast<size_t>(total / 16),
                                         kLeastDictionary, kMaxCodecDictionaryBytes);
  std::vector<std::byte> bytes(room);
  const size_t size = ZDICT_trainFromBuffer_fastCover(
      bytes.data(), bytes.size(), samples.bytes.data(), samples.sizes.data(),
      static_cast<unsigned>(samples.sizes.size()), TrainerParameters());
  if (ZDICT_isError(size) != 0) {
    return {};
  }
  bytes.resize(size);
  const auto dictionary = CodecDictionary::Load(bytes);
  if (!dictionary.has_value()) {
    return {};
  }
  const std::optional<double> without = MeasurePieces(values, nullptr);
  const std::optional<double> with = MeasurePieces(values, dictionary->get());
  // It must pay for itself within a few pages like this one.
  constexpr double kPages = 4;
  if (!without || !with || *with > 0.95 * *without ||
      (*without - *with) * static_cast<double>(total) * kPages <
          static_cast<double>(size)) {
    return {};
  }
  return bytes;
}

}  // namespace lancer::encoding
