#include "format/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "format/block_statistics.h"
#include "format/column_bounds.h"
#include "format/column_range.h"
#include "format/describe.h"
#include "format/fetch.h"

namespace lancer::format {
namespace {

using encoding::Statistics;

// Rows are decoded in steps: whatever counts a file states, so much memory is asked for
// at most by a step of more than one row, and by one row.
constexpr uint64_t kStepRows = 64 << 10;
constexpr uint64_t kStepBytes = 8 << 20;
constexpr uint64_t kMaxRowBytes = uint64_t{4} << 30;

// Rows of a step, by what the schema says of a row of the leaf and what is stored of it.
uint64_t StepRows(const LeafShape& shape, uint64_t stored_row_bytes) {
  uint64_t row_bytes = std::max<uint64_t>({shape.LeastBytes(1), stored_row_bytes, 1});
  return std::clamp<uint64_t>(kStepBytes / row_bytes, 1, kStepRows);
}

// Where a step that begins at `row` ends: at a bound of a block (`starts`) where one is
// near, so that few blocks are decoded twice.
uint64_t StepEnd(std::span<const uint64_t> starts, uint64_t row, uint64_t rows,
                 uint64_t end) {
  uint64_t stop = std::min(end, row + rows);
  auto bound = std::ranges::upper_bound(starts, stop);
  return bound != starts.begin() && *(bound - 1) > row ? *(bound - 1) : stop;
}

// Damage is what the report is for; anything else ends the verification.
bool IsDamage(const Status& status) {
  return status.code() == StatusCode::kCorruption ||
         status.code() == StatusCode::kUnsupported;
}

class FileVerifier {
 public:
  FileVerifier(const OpenDataFile& file, const VerifyOptions& options)
      : file_(file), options_(options) {}

  Result<VerifyReport> Run();

 private:
  // Notes damage and goes on; gives any other error back.
  Status Note(const Status& status);
  Status VerifyColumn(size_t field);
  Status VerifyLeaf(const LeafReader& leaf);
  Status VerifyPage(const LeafReader& leaf, size_t page, const PagesOfBounds& blocks);
  // A page whose bytes are at hand.
  struct PageInUse {
    const LeafShape& shape;
    const PageMeta& meta;
    const PageReader& reader;
    const FetchedBytes& bytes;
    std::span<const uint64_t> starts;  // of its blocks or check units
  };
  Result<Statistics> ReadPart(const PageInUse& page, RowRange rows);
  Status CompareBlock(const LeafReader& leaf, size_t page, size_t block,
                      const BlockBounds& stored, const Statistics& computed) const;
  Status ComparePage(const LeafReader& leaf, size_t page,
                     const Statistics& computed) const;
  Status VerifySiblings(const ColumnReader& column);
  Status VerifyPadding();

  const OpenDataFile& file_;
  const VerifyOptions& options_;
  Counters counters_;
  std::mutex mutex_;  // guards report_
  VerifyReport report_;
};

Status FileVerifier::Note(const Status& status) {
  if (status.ok() || !IsDamage(status)) {
    return status;
  }
  std::lock_guard lock(mutex_);
  report_.faults.push_back(status);
  return Status::Ok();
}

// Bounds and counts of some rows of a page; what is decoded is given back at once.
Result<Statistics> FileVerifier::ReadPart(const PageInUse& page, RowRange rows) {
  const LeafShape& shape = page.shape;
  PageReadOptions options{.verify = Verify::kAlways, .counters = &counters_};
  std::span<const uint64_t> starts = page.starts;
  Statistics total{.type = shape.type};
  uint64_t step = StepRows(shape, page.meta.size / std::max<uint64_t>(page.meta.rows, 1));
  while (rows.first < rows.end) {
    LANCER_RETURN_IF_ERROR(options_.cancel.Check());
    uint64_t end = StepEnd(starts, rows.first, step, rows.end);
    LeafBuffer buffer = MakeLeafBuffer(shape);
    buffer.LimitTo(end - rows.first > 1 ? kStepBytes * 4 : kMaxRowBytes);
    Status status =
        shape.LeastBytes(end - rows.first) > buffer.most_bytes
            ? Status::ResourceExhausted(fmt::format("row {} takes more than {} bytes",
                                                    rows.first, kMaxRowBytes))
            : page.reader.ReadRange(page.bytes, rows.first, end - rows.first, options,
                                    &buffer);
    if (status.code() == StatusCode::kResourceExhausted && end - rows.first > 1) {
      step = (end - rows.first) / 2;
      starts = {};
      continue;
    }
    LANCER_RETURN_IF_ERROR(status);
    encoding::MergeBounds(&total, encoding::ComputeBounds(ValuesOf(shape, buffer)));
    rows.first = end;
  }
  return total;
}

Status FileVerifier::CompareBlock(const LeafReader& leaf, size_t page, size_t block,
                                  const BlockBounds& stored,
                                  const Statistics& computed) const {
  BlockBounds found = StoredBounds(computed);
  if (stored == found) {
    return Status::Ok();
  }
  auto text = [&](const BlockBounds& bounds) {
    return fmt::format("[{}, {}] and {} nulls", FormatBound(leaf.shape(), bounds.min),
                       FormatBound(leaf.shape(), bounds.max), bounds.null_count);
  };
  return Status::Corruption(fmt::format(
      "{}: page {} at {}: block {}: statistics stored {}, computed {}", leaf.where(),
      page, leaf.meta().pages[page].offset, block, text(stored), text(found)));
}

Status FileVerifier::ComparePage(const LeafReader& leaf, size_t page,
                                 const Statistics& computed) const {
  const PageMeta& meta = leaf.meta().pages[page];
  const PageStatistics& stored = meta.statistics;
  auto wrong = [&](std::string_view what, const std::string& kept,
                   const std::string& found) {
    return Status::Corruption(fmt::format("{}: page {} at {}: {} stored {}, computed {}",
                                          leaf.where(), page, meta.offset, what, kept,
                                          found));
  };
  auto text = [&](const std::optional<encoding::Bound>& bound) {
    return FormatBound(leaf.shape(), bound);
  };
  if (stored.min && stored.min != computed.min) {
    return wrong("minimum", text(stored.min), text(computed.min));
  }
  if (stored.max && stored.max != computed.max) {
    return wrong("maximum", text(stored.max), text(computed.max));
  }
  if (stored.null_count && *stored.null_count != computed.null_count) {
    return wrong("null count", std::to_string(*stored.null_count),
                 std::to_string(computed.null_count));
  }
  if (stored.nan_count && *stored.nan_count != computed.nan_count) {
    return wrong("NaN count", std::to_string(*stored.nan_count),
                 std::to_string(computed.nan_count));
  }
  return Status::Ok();
}

// Reads the page block by block where blocks have bounds, else whole.
Status FileVerifier::VerifyPage(const LeafReader& leaf, size_t index,
                                const PagesOfBounds& blocks) {
  LANCER_RETURN_IF_ERROR(options_.cancel.Check());
  const PageMeta& meta = leaf.meta().pages[index];
  LANCER_ASSIGN_OR_RETURN(PageHandle page, leaf.Page(index));
  LANCER_ASSIGN_OR_RETURN(
      FetchedRanges fetched,
      FetchedRanges::Fetch(file_.container().file(), {{meta.offset, meta.size}}));
  const std::vector<uint64_t> bounds = page->BlockStarts();
  std::vector<uint64_t> starts{0, meta.rows};
  bool by_block = index < blocks.size() && !blocks[index].empty();
  if (by_block) {
    starts = bounds;
    if (starts.size() != blocks[index].size() + 1) {
      return Status::Corruption(fmt::format(
          "{}: page {}: block statistics for {} blocks, the page has {}", leaf.where(),
          index, blocks[index].size(), starts.empty() ? 0 : starts.size() - 1));
    }
  }
  PageInUse in_use{leaf.shape(), meta, *page, fetched.bytes(), bounds};
  Statistics total{.type = leaf.shape().type};
  for (size_t i = 0; i + 1 < starts.size(); ++i) {
    LANCER_ASSIGN_OR_RETURN(Statistics part,
                            ReadPart(in_use, {starts[i], starts[i + 1]}));
    if (by_block && options_.statistics) {
      LANCER_RETURN_IF_ERROR(CompareBlock(leaf, index, i, blocks[index][i], part));
    }
    encoding::MergeBounds(&total, part);
  }
  return options_.statistics ? ComparePage(leaf, index, total) : Status::Ok();
}

Status FileVerifier::VerifyLeaf(const LeafReader& leaf) {
  PagesOfBounds blocks;
  const ColumnMeta& meta = leaf.meta();
  if (!meta.block_statistics.empty()) {
    Result<std::vector<std::byte>> bytes = file_.container().ReadChecked(
        meta.block_statistics, leaf.name() + ": block statistics");
    LANCER_RETURN_IF_ERROR(Note(bytes.status()));
    if (bytes) {
      Result<PagesOfBounds> parsed =
          ParseBlockStatistics(*bytes, meta.pages.size(), leaf.where());
      LANCER_RETURN_IF_ERROR(Note(parsed.status()));
      blocks = std::move(parsed).value_or(PagesOfBounds{});
    }
  }
  return file_.context().executor->ParallelFor(
      meta.pages.size(), options_.threads,
      [&](size_t page) { return Note(VerifyPage(leaf, page, blocks)); });
}

Status FileVerifier::VerifySiblings(const ColumnReader& column) {
  uint64_t rows = file_.container().row_count();
  uint64_t step = kStepRows / 4;
  for (const auto& leaf : column.leaves) {
    step = std::min(step, StepRows(leaf->shape(), 0));
  }
  for (uint64_t first = 0; first < rows;) {
    LANCER_RETURN_IF_ERROR(options_.cancel.Check());
    RowRange range{first, std::min(rows, first + step)};
    std::vector<ByteRange> ranges;
    LANCER_RETURN_IF_ERROR(PlanColumnRange(column, range, &ranges));
    LANCER_ASSIGN_OR_RETURN(
        FetchedRanges fetched,
        FetchedRanges::Fetch(file_.container().file(), std::move(ranges)));
    MemoryBudget budget(kMaxRowBytes);
    Status status = ReadColumnRange(column, range, fetched.bytes(),
                                    {.verify = Verify::kOnce}, &budget)
                        .status();
    if (status.code() == StatusCode::kResourceExhausted && step > 1) {
      step /= 2;
      continue;
    }
    LANCER_RETURN_IF_ERROR(status);
    first = range.end;
  }
  return Status::Ok();
}

Status FileVerifier::VerifyColumn(size_t field) {
  Result<ColumnHandle> column = file_.Column(field);
  LANCER_RETURN_IF_ERROR(Note(column.status()));
  if (!column) {
    return Status::Ok();
  }
  size_t faults_before = report_.faults.size();
  for (const auto& leaf : (*column)->leaves) {
    LANCER_RETURN_IF_ERROR(VerifyLeaf(*leaf));
  }
  // Siblings of damaged leaves would only repeat the fault.
  bool nested =
      !(*column)->leaves.empty() && (*column)->field.type->storage().is_nested();
  if (nested && report_.faults.size() == faults_before) {
    return Note(VerifySiblings(**column));
  }
  return Status::Ok();
}

Status FileVerifier::VerifyPadding() {
  Result<std::vector<FilePart>> parts = DescribeParts(file_);
  LANCER_RETURN_IF_ERROR(Note(parts.status()));
  if (!parts) {
    return Status::Ok();
  }
  std::vector<CheckedRange> ranges;
  for (const FilePart& part : *parts) {
    if (part.name != "padding") {
      ranges.push_back({.offset = part.offset, .size = part.size_bytes, .check = 0});
    }
  }
  return Note(file_.container().VerifyGaps(ranges));
}

Result<VerifyReport> FileVerifier::Run() {
  report_.files = 1;
  report_.bytes = file_.container().file().size();
  LANCER_RETURN_IF_ERROR(Note(file_.container().VerifyFrame()));
  Result<std::shared_ptr<const Schema>> schema = file_.schema();
  LANCER_RETURN_IF_ERROR(Note(schema.status()));
  if (schema) {
    for (size_t i = 0; i < (*schema)->field_count(); ++i) {
      const auto before = static_cast<std::ptrdiff_t>(report_.faults.size());
      LANCER_RETURN_IF_ERROR(VerifyColumn(i));
      // Pages are checked by several threads; the same file gives the same report.
      std::ranges::sort(report_.faults.begin() + before, report_.faults.end(), {},
                        &Status::message);
      if (options_.progress) {
        options_.progress(
            {.phase = "verifying",
             .bytes_done = report_.bytes * (i + 1) / (*schema)->field_count(),
             .bytes_total = report_.bytes});
      }
    }
    if (report_.faults.empty()) {
      LANCER_RETURN_IF_ERROR(VerifyPadding());
    }
  }
  report_.units = counters_.units_checked.load();
  return std::move(report_);
}

}  // namespace

Result<VerifyReport> VerifyFile(const OpenDataFile& file, const VerifyOptions& options) {
  return FileVerifier(file, options).Run();
}

}  // namespace lancer::format
