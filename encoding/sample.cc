#include "encoding/sample.h"

#include <algorithm>

#include "encoding/dictionary.h"

namespace lancer::encoding {
namespace {

constexpr uint64_t kMaxRuns = 16;

uint64_t RawBytes(const Values& values) {
  switch (values.type.kind) {
    case PhysicalKind::kBits:
      return (values.count + 7) / 8;
    case PhysicalKind::kFixed:
      return values.count * values.type.width;
    case PhysicalKind::kBytes:
      break;
  }
  return values.count == 0 ? 0 : values.offsets[values.count] - values.offsets[0];
}

// Spreads seeds, so that neighbouring pages look at different places.
uint64_t Mix(uint64_t seed) {
  seed = (seed ^ (seed >> 31)) * 0x9E3779B97F4A7C15ULL;
  return seed ^ (seed >> 29);
}

}  // namespace

std::vector<SampleRun> ChooseRuns(const Values& values, uint64_t run_values,
                                  uint64_t budget_bytes, uint64_t seed) {
  const uint64_t length =
      std::clamp<uint64_t>(run_values, 1, std::max<uint64_t>(values.count, 1));
  const uint64_t per_run =
      values.count == 0 ? 1
                        : std::max<uint64_t>(RawBytes(values) * length / values.count, 1);
  const uint64_t wanted = std::clamp<uint64_t>(budget_bytes / per_run, 1, kMaxRuns);
  if (values.count <= length * wanted) {
    std::vector<SampleRun> all;
    for (uint64_t first = 0; first < values.count; first += length) {
      all.push_back({first, std::min(length, values.count - first)});
    }
    return all;
  }
  std::vector<SampleRun> runs;
  const uint64_t stride = values.count / wanted;
  for (uint64_t i = 0; i < wanted; ++i) {
    const uint64_t shift = Mix(seed * kMaxRuns + i + 1) % (stride - length + 1);
    // Runs start where blocks do; kBits can only be cut at whole bytes.
    const uint64_t first = (i * stride + shift) / length * length;
    const bool bits = values.type.kind == PhysicalKind::kBits;
    runs.push_back({bits ? first / 8 * 8 : first, length});
  }
  return runs;
}

std::optional<double> MeasureTree(const EncodingTree& tree,
                                  const EncodeResources& resources, const Values& values,
                                  const std::vector<SampleRun>& runs) {
  std::vector<std::byte> stored;
  uint64_t count = 0;
  for (const SampleRun& run : runs) {
    Values part = values;
    part.validity = nullptr;  // encoders do not look at it
    part = part.Slice(run.first, run.count);
    if (!EncodeStream(tree, resources, part, &stored).ok()) {
      return std::nullopt;
    }
    count += run.count;
  }
  return count == 0 ? 0.0
                    : static_cast<double>(stored.size()) / static_cast<double>(count);
}

std::optional<double> MeasureDictCodes(const EncodingTree& tree, const Values& values,
                                       const std::vector<SampleRun>& runs) {
  DictionaryBuilder builder(values.type, UINT32_MAX);
  EncodeResources resources;
  resources.dictionary = &builder;
  return MeasureTree(tree, resources, values, runs);
}

}  // namespace lancer::encoding
