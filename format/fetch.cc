#include "format/fetch.h"

#include <algorithm>
#include <utility>

namespace lancer::format {
namespace {

// Reading a gap of up to this many bytes costs less than one more request.
constexpr uint64_t kMergeGap = 4096;
// Of a mapped file. A page fault costs as much as a few reads of one row, and brings the
// cached memory pages around it, so it pays where ranges are long or lie close together.
constexpr uint64_t kLongestRead = 64 << 10;
constexpr uint64_t kLeastGap = 24 << 10;

std::vector<ByteRange> Merge(std::vector<ByteRange> ranges, uint64_t most_gap) {
  std::ranges::sort(ranges, {}, &ByteRange::offset);
  std::vector<ByteRange> merged;
  for (const ByteRange& range : ranges) {
    if (range.size == 0) {
      continue;
    }
    if (!merged.empty() &&
        range.offset <= merged.back().offset + merged.back().size + most_gap) {
      ByteRange& last = merged.back();
      last.size = std::max(last.size, range.offset + range.size - last.offset);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

// Which ranges of a mapped file, ascending, to read. The others are announced, so that a
// cold file is read ahead of its page faults.
std::vector<ByteRange> WorthReading(const ReadableFile& file,
                                    std::span<const ByteRange> ranges) {
  std::vector<ByteRange> reads;
  std::vector<ByteRange> others;
  for (size_t i = 0; i < ranges.size(); ++i) {
    const ByteRange& range = ranges[i];
    const uint64_t begin = i == 0 ? 0 : ranges[i - 1].offset + ranges[i - 1].size;
    const uint64_t end = i + 1 == ranges.size() ? file.size() : ranges[i + 1].offset;
    const bool alone = end - begin - range.size >= 2 * kLeastGap;
    (range.size <= kLongestRead && alone ? reads : others).push_back(range);
  }
  for (const ByteRange& range : Merge(std::move(others), 2 * kLeastGap)) {
    file.WillNeed(range.offset, range.size);
  }
  return reads;
}

}  // namespace

Result<FetchedRanges> FetchedRanges::Fetch(const ReadableFile& file,
                                           std::vector<ByteRange> ranges) {
  const bool is_mapped = !file.mapped().empty();
  if (is_mapped && ranges.empty()) {
    return FetchedRanges(MutableBuffer(0), FetchedBytes(file.mapped()));
  }
  std::vector<ByteRange> merged = Merge(std::move(ranges), is_mapped ? 0 : kMergeGap);
  if (is_mapped) {
    merged = WorthReading(file, merged);
  }
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
  return FetchedRanges(std::move(memory), FetchedBytes(std::move(pieces), file.mapped()));
}

}  // namespace lancer::format
