// Training of a leaf's codec dictionary by zstd's trainer, on pieces of about a block.
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
constexpr uint64_t kMostSampled = uint64_t{2} << 20;     // bounds the training's time
constexpr size_t kSampleBytes = size_t{2} << 10;
constexpr size_t kLeastDictionary = size_t{4} << 10;

struct Samples {
  std::vector<std::byte> bytes;
  std::vector<size_t> sizes;
};

// Pieces of neighbouring values, evenly spread over the page.
Samples TakeSamples(const Values& values) {
  Samples samples;
  const uint64_t begin = values.offsets[0];
  const uint64_t total = values.offsets[values.count] - begin;
  const uint64_t pieces =
      std::max<uint64_t>(std::min(total, kMostSampled) / kSampleBytes, 1);
  for (uint64_t i = 0; i < pieces; ++i) {
    const uint64_t at = begin + total * i / pieces;
    const uint64_t size = std::min<uint64_t>(kSampleBytes, begin + total - at);
    const auto piece =
        values.data.subspan(static_cast<size_t>(at), static_cast<size_t>(size));
    samples.bytes.insert(samples.bytes.end(), piece.begin(), piece.end());
    samples.sizes.push_back(piece.size());
  }
  return samples;
}

// Bytes of blocks of 4 KiB of the page under zstd.
std::optional<double> MeasureBlocks(const Values& values,
                                    const CodecDictionary* dictionary) {
  constexpr uint64_t kBlock = 4096;
  constexpr uint64_t kBlocks = 16;
  const uint64_t begin = values.offsets[0];
  const uint64_t total = values.offsets[values.count] - begin;
  EncodeResources resources;
  resources.codec_dictionary = dictionary;
  std::vector<std::byte> stored;
  for (uint64_t i = 0; i < kBlocks; ++i) {
    Values block;
    block.type = {PhysicalKind::kFixed, NumberKind::kOpaque, 1};
    block.count = kBlock;
    // Off the samples' grid, so that the trainer has not seen exactly this.
    const uint64_t at = begin + (total - kBlock) * (2 * i + 1) / (2 * kBlocks);
    block.data = values.data.subspan(static_cast<size_t>(at), kBlock);
    if (!EncodeStream({{{EncodingId::kZstd, 0, 0}}}, resources, block, &stored).ok()) {
      return std::nullopt;
    }
  }
  return static_cast<double>(stored.size()) / static_cast<double>(kBlocks * kBlock);
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
  const size_t size = ZDICT_trainFromBuffer(bytes.data(), bytes.size(),
                                            samples.bytes.data(), samples.sizes.data(),
                                            static_cast<unsigned>(samples.sizes.size()));
  if (ZDICT_isError(size) != 0) {
    return {};
  }
  bytes.resize(size);
  const auto dictionary = CodecDictionary::Load(bytes);
  if (!dictionary.has_value()) {
    return {};
  }
  const std::optional<double> without = MeasureBlocks(values, nullptr);
  const std::optional<double> with = MeasureBlocks(values, dictionary->get());
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
