#include "dataset/row_ids.h"

#include <fmt/format.h>

#include "lancer/status.h"

namespace lancer::dataset {

RowId RowIdAt(std::span<const RowIdRange> ranges, uint64_t row) {
  for (const RowIdRange& range : ranges) {
    if (row < range.count) {
      return RowId(range.first + row);
    }
    row -= range.count;
  }
  return RowId(kRowIdEnd);  // not reached as required
}

std::optional<uint64_t> FindRowId(std::span<const RowIdRange> ranges, RowId id) {
  uint64_t before = 0;
  for (const RowIdRange& range : ranges) {
    if (id.value >= range.first && id.value - range.first < range.count) {
      return before + (id.value - range.first);
    }
    before += range.count;
  }
  return std::nullopt;
}

Status CheckRowIds(std::span<const RowIdRange> ranges, uint64_t rows,
                   const std::string& where) {
  uint64_t end = 0;
  uint64_t held = 0;
  for (const RowIdRange& range : ranges) {
    if (range.count == 0 || range.first < end || range.first >= kRowIdEnd ||
        range.count > kRowIdEnd - range.first) {
      return Status::Corruption(fmt::format("{}: row ids [{}, +{}) do not follow {}",
                                            where, range.first, range.count, end));
    }
    end = range.first + range.count;
    held += range.count;  // cannot overflow: the ranges are disjoint below 2^63
  }
  if (held != rows) {
    return Status::Corruption(
        fmt::format("{}: {} row ids for {} rows", where, held, rows));
  }
  return Status::Ok();
}

}  // namespace lancer::dataset
