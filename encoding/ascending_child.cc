#include "encoding/ascending_child.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "encoding/bit_pack.h"

namespace lancer::encoding {
namespace {

// One number read alone costs what some hundred cost that are read together.
constexpr uint64_t kNumbersPerSearch = 512;

bool ReadsOneAlone(const ParsedNode& node) {
  return node.node.id == EncodingId::kFfor || node.node.id == EncodingId::kPlain;
}

}  // namespace

uint32_t CountUpTo(const uint32_t* ascending, uint64_t n, uint32_t position,
                   uint32_t from) {
  return static_cast<uint32_t>(
      std::upper_bound(ascending + from, ascending + n, position) - ascending);
}

Status AscendingChild::ReadAll(Scratch* memory) const {
  LANCER_RETURN_IF_ERROR(
      numbers_.encoding->DecodeFixed(stream_, numbers_, memory->data()));
  const uint32_t* numbers = memory->as<uint32_t>();
  uint32_t wrong = 0;
  for (uint64_t i = 1; i < numbers_.count; ++i) {
    wrong |= static_cast<uint32_t>(numbers[i] <= numbers[i - 1]);
  }
  if (wrong != 0) {
    return NodeCorruption(*node_.encoding,
                          fmt::format("its {} positions do not ascend", numbers_.count));
  }
  return Status::Ok();
}

Status AscendingChild::Find(std::span<const uint32_t> positions,
                            AscendingPlace* places) const {
  if (ReadsOneAlone(numbers_) && numbers_.count / kNumbersPerSearch >= positions.size()) {
    for (const uint32_t position : positions) {
      LANCER_RETURN_IF_ERROR(FindByProbing(position, places++));
    }
    return Status::Ok();
  }
  if (numbers_.node.id == EncodingId::kDeltaBase &&
      numbers_.count / kPackChunk >= positions.size()) {
    return FindByChunk(positions, places);
  }
  Scratch memory(static_cast<size_t>(numbers_.count) * 4);
  LANCER_RETURN_IF_ERROR(ReadAll(&memory));
  const uint32_t* numbers = memory.as<uint32_t>();
  AscendingPlace place;
  uint32_t before = 0;
  for (const uint32_t position : positions) {
    // Positions mostly ascend.
    place.count = CountUpTo(numbers, numbers_.count, position,
                            position >= before ? place.count : 0);
    place.last = place.count > 0 ? numbers[place.count - 1] : 0;
    before = position;
    *places++ = place;
  }
  return Status::Ok();
}

// The body of delta_base is every 1,024th number.
Status AscendingChild::FindByChunk(std::span<const uint32_t> positions,
                                   AscendingPlace* places) const {
  Scratch chunk(kPackChunk * 4);
  uint64_t held = UINT64_MAX;  // first number of the chunk that is decoded
  for (const uint32_t position : positions) {
    uint64_t low = 0;  // chunks that begin with a number up to the position
    uint64_t high = numbers_.body.size() / 4;
    while (low < high) {
      const uint64_t middle = (low + high) / 2;
      if (LoadLe<uint32_t>(numbers_.body.data() + middle * 4) <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    AscendingPlace& place = *places++;
    place = {};
    if (low == 0) {
      continue;
    }
    const uint64_t first = (low - 1) * kPackChunk;
    const uint64_t n = std::min(kPackChunk, numbers_.count - first);
    if (first != held) {
      LANCER_RETURN_IF_ERROR(DecodeValues(stream_, numbers_, first, n, chunk.data()));
      held = first;
    }
    const uint32_t* numbers = chunk.as<uint32_t>();
    const uint32_t count = CountUpTo(numbers, n, position);
    place = {static_cast<uint32_t>(first) + count, count > 0 ? numbers[count - 1] : 0};
  }
  return Status::Ok();
}

Status AscendingChild::FindByProbing(uint32_t position, AscendingPlace* place) const {
  *place = {};
  auto high = static_cast<uint32_t>(numbers_.count);
  while (place->count < high) {
    const uint32_t middle = place->count + (high - place->count) / 2;
    std::array<std::byte, 4> stored{};
    LANCER_RETURN_IF_ERROR(numbers_.encoding->DecodeFixedAt(
        stream_, numbers_, {&middle, 1}, stored.data(), 4));
    const auto number = LoadLe<uint32_t>(stored.data());
    if (number <= position) {
      *place = {middle + 1, number};
    } else {
      high = middle;
    }
  }
  return Status::Ok();
}

}  // namespace lancer::encoding
