#include "format/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "encoding/checksum.h"
#include "format/layout.h"
#include "types/bitmap.h"

namespace lancer::format {

std::span<const std::byte> FetchedBytes::Find(uint64_t offset, uint64_t size) const {
  const std::span<const std::byte> fetched = FindPiece(offset, size);
  if (!fetched.empty() || offset > mapped_.size() || size > mapped_.size() - offset) {
    return fetched;
  }
  return mapped_.subspan(static_cast<size_t>(offset), static_cast<size_t>(size));
}

std::span<const std::byte> FetchedBytes::FindPiece(uint64_t offset, uint64_t size) const {
  auto piece = std::upper_bound(
      pieces_.begin(), pieces_.end(), offset,
      [](uint64_t wanted, const Piece& candidate) { return wanted < candidate.offset; });
  if (piece == pieces_.begin()) {
    return {};
  }
  --piece;
  const uint64_t skip = offset - piece->offset;
  if (skip > piece->bytes.size() || size > piece->bytes.size() - skip) {
    return {};
  }
  return piece->bytes.subspan(static_cast<size_t>(skip), static_cast<size_t>(size));
}

PageResult PageReader::Make(const LeafShape& shape, const ColumnMeta& column,
                            const PageMeta& meta, std::vector<std::byte> index,
                            const encoding::DecodeResources& resources,
                            std::string where) {
  PageSource source{shape, column, meta, std::move(index), resources, std::move(where)};
  switch (meta.layout) {
    case LayoutKind::kUniform:
      return OpenUniform(std::move(source));
    case LayoutKind::kBlocks:
      return OpenBlocks(std::move(source));
    case LayoutKind::kVariable:
      return OpenVariable(std::move(source));
  }
  return Status::Unsupported(fmt::format("{}: layout {} is not known to this build",
                                         source.where,
                                         static_cast<unsigned>(meta.layout)));
}

void AddRange(uint64_t offset, uint64_t size, std::vector<ByteRange>* ranges) {
  if (size == 0) {
    return;
  }
  if (!ranges->empty()) {
    ByteRange& last = ranges->back();
    if (last.offset <= offset && offset <= last.offset + last.size) {
      last.size = std::max(last.size, offset + size - last.offset);
      return;
    }
  }
  ranges->push_back({offset, size});
}

encoding::Values SliceValues(const encoding::Values& values, uint64_t first, uint64_t n,
                             std::vector<std::byte>* shifted) {
  encoding::Values slice{values.type, n, values.data, {}, nullptr};
  switch (values.type.kind) {
    case encoding::PhysicalKind::kBits:
      if (first % 8 == 0) {
        slice.data = values.data.subspan(static_cast<size_t>(first / 8));
        break;
      }
      shifted->assign(static_cast<size_t>(n / 8 + 1), std::byte{0});
      CopyBits(values.data.data(), static_cast<int64_t>(first), shifted->data(), 0,
               static_cast<int64_t>(n));
      slice.data = *shifted;
      break;
    case encoding::PhysicalKind::kFixed:
      slice.data = values.data.subspan(static_cast<size_t>(first * values.type.width),
                                       static_cast<size_t>(n * values.type.width));
      break;
    case encoding::PhysicalKind::kBytes:
      slice.offsets =
          values.offsets.subspan(static_cast<size_t>(first), static_cast<size_t>(n + 1));
      break;
  }
  return slice;
}

Status UnitChecks::Check(uint64_t unit, std::span<const std::byte> bytes, uint64_t offset,
                         uint32_t stored, uint64_t seed,
                         const PageReadOptions& options) const {
  const uint32_t computed = encoding::Checksum32(bytes, seed);
  if (options.counters != nullptr) {
    Counters::Add(options.counters->units_checked, 1);
  }
  if (computed != stored) {
    return Status::Corruption(fmt::format(
        "{}: check unit {} of {} bytes at offset {}: stored checksum {:08x}, computed "
        "{:08x}",
        *where_, unit, bytes.size(), offset, stored, computed));
  }
  verified_[unit / 64].fetch_or(uint64_t{1} << (unit % 64), std::memory_order_relaxed);
  return Status::Ok();
}

Status IndexCorruption(const std::string& where, std::string_view what) {
  return Status::Corruption(fmt::format("{}: page index: {}", where, what));
}

Status CheckRows(const std::string& where, std::span<const uint32_t> rows,
                 uint64_t count) {
  uint32_t largest = 0;
  for (const uint32_t row : rows) {
    largest = std::max(largest, row);
  }
  return rows.empty() ? Status::Ok() : CheckRowRange(where, largest, 1, count);
}

Status CheckRowRange(const std::string& where, uint64_t first, uint64_t n,
                     uint64_t count) {
  if (first <= count && n <= count - first) {
    return Status::Ok();
  }
  return Status::InvalidArgument(
      fmt::format("{}: rows {} + {} of {}", where, first, n, count));
}

Status NotFetched(const std::string& where, uint64_t offset, uint64_t size) {
  return Status::Internal(
      fmt::format("{}: {} bytes at {} were not fetched", where, size, offset));
}

}  // namespace lancer::format
