#include "format/verify.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "fmt/format.h"
#include "format/block_statistics.h"
#include "format/describe.h"
#include "format/fetch.h"
#include "format/scan_plan.h"

namespace lancer::format {
namespace {

using encoding::Statistics;

constexpr uint64_t kSiblingRows = 16 << 10;

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
  Result<Statistics> ReadPart(const LeafReader& leaf, const PageReader& page,
                              const FetchedBytes& bytes, RowRange rows);
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
  return Status();
}

Result<Statistics> FileVerifier::ReadPart(const LeafReader& leaf, const PageReader& page,
                                          const FetchedBytes& bytes, RowRange rows) {
  LeafBuffer buffer = MakeLeafBuffer(leaf.shape());
  PageReadOptions options{.verify = Verify::kAlways, .counters = &counters_};
  LANCER_RETURN_IF_ERROR(
      page.ReadRange(bytes, rows.first, rows.end - rows.first, options, &buffer));
  return encoding::ComputeBounds(ValuesOf(leaf.shape(), buffer));
}

Status FileVerifier::CompareBlock(const LeafReader& leaf, size_t page, size_t block,
                                  const BlockBounds& stored,
                                  const Statistics& computed) const {
  if (stored == StoredBounds(computed)) {
    return Status();
  }
  return Status::Corruption(
      fmt::format("{}: page {}: block {}: stored statistics are not those of its values",
                  leaf.where(), page, block));
}

Status FileVerifier::ComparePage(const LeafReader& leaf, size_t page,
                                 const Statistics& computed) const {
  const PageStatistics& stored = leaf.meta().pages[page].statistics;
  auto wrong = [&](std::string_view what) {
    return Status::Corruption(fmt::format(
        "{}: page {}: stored {} is not that of its values", leaf.where(), page, what));
  };
  if (stored.min && stored.min != computed.min) {
    return wrong("minimum");
  }
  if (stored.max && stored.max != computed.max) {
    return wrong("maximum");
  }
  if (stored.null_count && *stored.null_count != computed.null_count) {
    return wrong("null count");
  }
  if (stored.nan_count && *stored.nan_count != computed.nan_count) {
    return wrong("NaN count");
  }
  return Status();
}

// Reads the page block by block where blocks have bounds, else whole.
Status FileVerifier::VerifyPage(const LeafReader& leaf, size_t index,
                                const PagesOfBounds& blocks) {
  LANCER_RETURN_IF_ERROR(options_.cancel.Check());
  const PageMeta& meta = leaf.meta().pages[index];
  LANCER_ASSIGN_OR_RETURN(PageHandle page, leaf.Page(index));
  file_.container().file().WillNeed(meta.offset, meta.size);
  LANCER_ASSIGN_OR_RETURN(
      FetchedRanges fetched,
      FetchedRanges::Fetch(file_.container().file(), {{meta.offset, meta.size}}));
  std::vector<uint64_t> starts{0, meta.rows};
  bool by_block = index < blocks.size() && !blocks[index].empty();
  if (by_block) {
    starts = page->BlockStarts();
    if (starts.size() != blocks[index].size() + 1) {
      return Status::Corruption(fmt::format(
          "{}: page {}: block statistics for {} blocks, the page has {}", leaf.where(),
          index, blocks[index].size(), starts.empty() ? 0 : starts.size() - 1));
    }
  }
  Statistics total;
  for (size_t i = 0; i + 1 < starts.size(); ++i) {
    LANCER_ASSIGN_OR_RETURN(Statistics part, ReadPart(leaf, *page, fetched.bytes(),
                                                      {starts[i], starts[i + 1]}));
    if (by_block && options_.statistics) {
      LANCER_RETURN_IF_ERROR(CompareBlock(leaf, index, i, blocks[index][i], part));
    }
    if (i == 0) {
      total = part;
    } else {
      encoding::MergeBounds(&total, part);
    }
  }
  return options_.statistics ? ComparePage(leaf, index, total) : Status();
}

Status FileVerifier::VerifyLeaf(const LeafReader& leaf) {
  PagesOfBounds blocks;
  const ColumnMeta& meta = leaf.meta();
  if (!meta.block_statistics.empty()) {
    Result<std::vector<std::byte>> bytes = file_.container().ReadChecked(
        meta.block_statistics, leaf.where() + ": block statistics");
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
  for (uint64_t first = 0; first < rows; first += kSiblingRows) {
    LANCER_RETURN_IF_ERROR(options_.cancel.Check());
    RowRange range{first, std::min(rows, first + kSiblingRows)};
    std::vector<ByteRange> ranges;
    LANCER_RETURN_IF_ERROR(PlanColumnRange(column, range, &ranges));
    LANCER_ASSIGN_OR_RETURN(
        FetchedRanges fetched,
        FetchedRanges::Fetch(file_.container().file(), std::move(ranges)));
    LANCER_RETURN_IF_ERROR(
        ReadColumnRange(column, range, fetched.bytes(), {.verify = Verify::kOnce})
            .status());
  }
  return Status();
}

Status FileVerifier::VerifyColumn(size_t field) {
  Result<const ColumnReader*> column = file_.Column(field);
  LANCER_RETURN_IF_ERROR(Note(column.status()));
  if (!column) {
    return Status();
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
  return Status();
}

Status FileVerifier::VerifyPadding() {
  Result<std::vector<FilePart>> parts = DescribeParts(file_);
  LANCER_RETURN_IF_ERROR(Note(parts.status()));
  if (!parts) {
    return Status();
  }
  for (const FilePart& part : *parts) {
    if (part.name != "padding") {
      continue;
    }
    LANCER_ASSIGN_OR_RETURN(
        FetchedRanges fetched,
        FetchedRanges::Fetch(file_.container().file(), {{part.offset, part.size_bytes}}));
    std::span<const std::byte> bytes = fetched.bytes().Find(part.offset, part.size_bytes);
    if (std::ranges::any_of(bytes, [](std::byte b) { return b != std::byte{0}; })) {
      LANCER_RETURN_IF_ERROR(Note(
          Status::Corruption(fmt::format("{}: padding at {}: {} bytes should be zero",
                                         file_.path(), part.offset, part.size_bytes))));
    }
  }
  return Status();
}

Result<VerifyReport> FileVerifier::Run() {
  report_.files = 1;
  report_.bytes = file_.container().file().size();
  LANCER_RETURN_IF_ERROR(Note(file_.container().VerifyFrame()));
  Result<std::shared_ptr<const Schema>> schema = file_.schema();
  LANCER_RETURN_IF_ERROR(Note(schema.status()));
  if (schema) {
    for (size_t i = 0; i < (*schema)->field_count(); ++i) {
      LANCER_RETURN_IF_ERROR(VerifyColumn(i));
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
