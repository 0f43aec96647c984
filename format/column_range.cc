#include "format/column_range.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "format/fetch.h"
#include "format/plain_column.h"

namespace lancer::format {
namespace {

// Do all pages that `rows` touches hold codes of the leaf's dictionary?
bool HoldsCodes(const LeafReader& leaf, RowRange rows) {
  if (leaf.dictionary_values() == nullptr || rows.first >= rows.end) {
    return false;
  }
  const std::vector<PageMeta>& pages = leaf.meta().pages;
  for (size_t i = leaf.meta().PageOf(rows.first);
       i < pages.size() && pages[i].first_row < rows.end; ++i) {
    if (!leaf.HoldsCodes(i)) {
      return false;
    }
  }
  return true;
}

// Calls `visit(page, first row in the page, rows)` for each page that `rows` touches;
// with `codes` for the pages as codes.
Status ForEachPage(
    const LeafReader& leaf, RowRange rows, bool codes,
    const std::function<Status(const PageReader&, uint64_t, uint64_t)>& visit) {
  uint64_t row = rows.first;
  for (size_t i = row < rows.end ? leaf.meta().PageOf(row) : 0; row < rows.end; ++i) {
    const PageMeta& page = leaf.meta().pages[i];
    uint64_t end = std::min(rows.end, page.first_row + page.rows);
    LANCER_ASSIGN_OR_RETURN(PageHandle handle, codes ? leaf.CodesPage(i) : leaf.Page(i));
    LANCER_RETURN_IF_ERROR(visit(*handle, row - page.first_row, end - row));
    row = end;
  }
  return Status::Ok();
}

// Bytes of the byte strings of one page, guessed from what is stored. A double, as counts
// and sizes of a file may be any.
double PayloadOfPage(const LeafReader& leaf, const PageMeta& page) {
  const auto values = static_cast<double>(page.values);
  const double stored = static_cast<double>(page.size) * 3;
  switch (leaf.meta().tree_sets[page.trees].back().nodes.front().id) {
    case encoding::EncodingId::kConstant:  // of layout U: the value is in the page index
      return std::max(stored, values * static_cast<double>(page.index.size));
    case encoding::EncodingId::kDict:
      return values * static_cast<double>(leaf.mean_entry_bytes());
    default:
      return stored;
  }
}

// Decoded bytes of one page, guessed.
double BytesOfPage(const LeafReader& leaf, const PageMeta& page) {
  const encoding::PhysicalType& type = leaf.meta().type;
  const auto values = static_cast<double>(page.values);
  switch (type.kind) {
    case encoding::PhysicalKind::kBits:
      return values / 8;
    case encoding::PhysicalKind::kFixed:
      return values * type.width;
    case encoding::PhysicalKind::kBytes:
      break;
  }
  if (leaf.dictionary_values() != nullptr) {
    return values * sizeof(uint32_t);  // codes, but where the dictionary was full
  }
  return PayloadOfPage(leaf, page) + values * sizeof(uint64_t);
}

// Bytes of the byte strings of `rows`, guessed.
uint64_t PayloadGuess(const LeafReader& leaf, RowRange rows) {
  if (leaf.meta().type.kind != encoding::PhysicalKind::kBytes || rows.first == rows.end) {
    return 0;
  }
  const PageMeta& page = leaf.meta().pages[leaf.meta().PageOf(rows.first)];
  const double guess = PayloadOfPage(leaf, page) / static_cast<double>(page.rows) *
                       static_cast<double>(rows.end - rows.first);
  return static_cast<uint64_t>(std::min(guess, 0x1p60));
}

// Fixed-width values of one page without nulls, used where they lie in the mapped file.
// Nothing when the rows are not of that kind.
Result<ArrayPtr> MapColumnRange(const ColumnReader& column, RowRange rows,
                                const std::shared_ptr<const ReadableFile>& file,
                                const PageReadOptions& options) {
  if (!MayBePlain(column) || rows.first >= rows.end) {
    return ArrayPtr();
  }
  const LeafReader& leaf = *column.leaves[0];
  size_t index = leaf.meta().PageOf(rows.first);
  const PageMeta& page = leaf.meta().pages[index];
  if (rows.end > page.first_row + page.rows) {
    return ArrayPtr();
  }
  LANCER_ASSIGN_OR_RETURN(PageHandle handle, leaf.Page(index));
  ByteRange values = handle->PlainValues();
  if (values.size == 0) {
    return ArrayPtr();
  }
  uint64_t first = rows.first - page.first_row;
  uint64_t count = rows.end - rows.first;
  FetchedBytes mapped(file->mapped());
  LANCER_RETURN_IF_ERROR(handle->VerifyUnits(mapped, first, count, options));
  uint64_t stride = leaf.shape().row_stride();
  auto bytes = mapped.Find(values.offset + first * stride, count * stride);
  return MakePlainColumn(column, count, std::make_shared<const Buffer>(bytes, file));
}

}  // namespace

double BytesPerRow(const ColumnReader& column) {
  double bytes = 0;
  for (const auto& leaf : column.leaves) {
    for (const PageMeta& page : leaf->meta().pages) {
      bytes += BytesOfPage(*leaf, page);
    }
  }
  const uint64_t rows = column.leaves.empty() ? 0 : column.leaves[0]->meta().rows;
  return bytes / static_cast<double>(std::max<uint64_t>(rows, 1));
}

Status PlanColumnRange(const ColumnReader& column, RowRange rows,
                       std::vector<ByteRange>* ranges) {
  for (const auto& leaf : column.leaves) {
    LANCER_RETURN_IF_ERROR(
        ForEachPage(*leaf, rows, HoldsCodes(*leaf, rows),
                    [&](const PageReader& page, uint64_t first, uint64_t n) {
                      page.PlanRange(first, n, ranges);
                      return Status::Ok();
                    }));
  }
  return Status::Ok();
}

Result<ArrayPtr> ReadColumnRange(const ColumnReader& column, RowRange rows,
                                 const FetchedBytes& bytes,
                                 const PageReadOptions& options, MemoryBudget* budget) {
  std::vector<LeafBuffer> buffers;
  buffers.reserve(column.leaves.size());
  std::vector<LeafBuffer*> parts;
  for (const auto& leaf : column.leaves) {
    const bool codes = HoldsCodes(*leaf, rows);
    const LeafShape& shape = codes ? leaf->codes_shape() : leaf->shape();
    buffers.push_back(MakeLeafBuffer(shape));
    LeafBuffer* buffer = &buffers.back();
    buffer->LimitTo(budget->available());
    buffer->Expect(shape, rows.end - rows.first, codes ? 0 : PayloadGuess(*leaf, rows));
    LANCER_RETURN_IF_ERROR(ForEachPage(
        *leaf, rows, codes, [&](const PageReader& page, uint64_t first, uint64_t n) {
          return page.ReadRange(bytes, first, n, options, buffer);
        }));
    if (codes) {
      buffer->dictionary = leaf->dictionary_values();
    }
    LANCER_RETURN_IF_ERROR(budget->Reserve(buffer->memory_bytes(), leaf->where()));
    parts.push_back(buffer);
  }
  return Assemble(column.field, parts);
}

Status ForEachColumn(const OpenDataFile& file, size_t count, int threads,
                     const std::function<Status(size_t)>& read) {
  if (threads != 1 && count > 1) {
    return file.context().executor->ParallelFor(count, threads, read);
  }
  for (size_t i = 0; i < count; ++i) {
    LANCER_RETURN_IF_ERROR(read(i));
  }
  return Status::Ok();
}

Result<std::vector<ArrayPtr>> ReadColumnRanges(const OpenDataFile& file,
                                               const ColumnSet& columns, RowRange rows,
                                               Verify verify, int threads,
                                               MemoryBudget* budget) {
  const std::shared_ptr<const ReadableFile>& bytes = file.container().shared_file();
  const bool is_mapped = !bytes->mapped().empty();
  std::vector<ByteRange> ranges;
  if (!is_mapped) {
    for (const ColumnReader* column : columns.columns()) {
      LANCER_RETURN_IF_ERROR(PlanColumnRange(*column, rows, &ranges));
    }
  }
  LANCER_ASSIGN_OR_RETURN(FetchedRanges fetched,
                          FetchedRanges::Fetch(*bytes, std::move(ranges)));
  const PageReadOptions options{.verify = verify,
                                .counters = file.context().counters.get()};
  std::vector<ArrayPtr> arrays(columns.size());
  LANCER_RETURN_IF_ERROR(
      ForEachColumn(file, columns.size(), threads, [&](size_t i) -> Status {
        if (is_mapped) {
          LANCER_ASSIGN_OR_RETURN(arrays[i],
                                  MapColumnRange(columns[i], rows, bytes, options));
        }
        if (arrays[i] == nullptr) {
          LANCER_ASSIGN_OR_RETURN(
              arrays[i],
              ReadColumnRange(columns[i], rows, fetched.bytes(), options, budget));
        }
        return Status::Ok();
      }));
  return arrays;
}

}  // namespace lancer::format
