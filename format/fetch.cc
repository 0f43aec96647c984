#include "format/fetch.h"

#include <algorithm>
#include <utility>

namespace lancer::format {
namespace {

// Reading a gap of up to this many bytes costs less than one more request.
constexpr uint64_t kMergeGap = 4096;

std::vector<ByteRange> Merge(std::vector<ByteRange> ranges) {
  std::ranges::sort(ranges, {}, &ByteRange::offset);
  std::vector<ByteRange> merged;
  for (const ByteRange& range : ranges) {
    if (range.size == 0) {
      continue;
    }
    if (!merged.empty() &&
        range.offset <= merged.back().offset + merged.back().size + kMergeGap) {
      ByteRange& last = merged.back();
      last.size = std::max(last.size, range.offset + range.size - last.offset);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

}  // namespace

Result<FetchedRanges> FetchedRanges::Fetch(const ReadableFile& file,
                                           std::vector<ByteRange> ranges) {
  if (!file.mapped().empty()) {
    return FetchedRanges(MutableBuffer(0), FetchedBytes(file.mapped()));
  }
  std::vector<ByteRange> merged = Merge(std::move(ranges));
  uint64_t total = 0;
  for (const ByteRange& range : merged) {
    total += range.size;
  }
  MutableBuffer memory(total);
  std::vector<ReadRange> reads;
  std::vector<FetchedBytes::Piece> pieces;
  uint64_t at = 0;
  for (const ByteRange& range : merged) {
    std::span<std::byte> place = memory.bytes().subspan(at, range.size);
    reads.push_back({range.offset, place});
    pieces.push_back({range.offset, place});
    at += range.size;
  }
  if (!reads.empty()) {
    LANCER_RETURN_IF_ERROR(file.ReadBatch(reads));
  }
  return FetchedRanges(std::move(memory), FetchedBytes(std::move(pieces)));
}

}  // namespace lancer::format
