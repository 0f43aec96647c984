// Writes a data file: batches are shredded into leaves, leaves cut into pages, pages
// encoded in parallel and appended leaf after leaf (spec: container).
//
// Page boundaries depend on the data alone, and pages are appended in the order of their
// leaves each time a bound on waiting bytes is reached: the number of threads changes
// nothing in the file.

#include "lancer/file_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "encoding/candidates.h"
#include "format/block_size.h"
#include "format/column_options.h"
#include "format/container.h"
#include "format/leaf_writer.h"
#include "io/posix.h"
#include "io/publish.h"
#include "types/array_layout.h"
#include "types/coded_rows.h"

namespace lancer {
namespace {

using format::LeafBuffer;
using format::LeafShape;
using format::LeafWriter;

// Rows are shredded in steps that end at multiples of this, or earlier where rows are
// large.
constexpr uint64_t kStepRows = 4096;
constexpr uint64_t kStepBytes = 4 << 20;
// Fewer bytes are worked on faster than another thread wakes up.
constexpr uint64_t kFewBytes = 64 << 10;
constexpr uint64_t kMinPageBytes = 512;
constexpr size_t kMaxApplicationBytes = 255;

uint64_t StepBytes(const Batch& batch, int64_t first, int64_t n) {
  int64_t bytes = 0;
  for (const ArrayPtr& column : batch.columns) {
    bytes += column->Slice(first, n)->byte_size();
  }
  return static_cast<uint64_t>(bytes);
}

// What each leaf gets of the budget.
struct LeafShare {
  uint64_t page_bytes;        // raw
  uint64_t most_page_bytes;   // where long tensors need more
  uint64_t dictionary_bytes;  // entries
};

// A quarter of the budget for rows that are being collected, a quarter for those that
// wait, a quarter for dictionaries, which stay to the end, the rest for pages' encoded
// form and for what encoders need.
Result<LeafShare> ShareFor(const WriterOptions& options, size_t leaf_count) {
  uint64_t share = options.memory_budget_bytes / 4 / std::max<size_t>(leaf_count, 1);
  if (share < kMinPageBytes && leaf_count > 1) {
    return Status::ResourceExhausted(fmt::format(
        "writing {} leaf columns needs at least {} bytes of memory, the budget is {}: "
        "raise memory_budget_bytes or write fewer columns to a file",
        leaf_count, leaf_count * kMinPageBytes * 4, options.memory_budget_bytes));
  }
  return LeafShare{
      .page_bytes =
          std::clamp(share, kMinPageBytes, std::max(options.page_bytes, kMinPageBytes)),
      .most_page_bytes = share,
      .dictionary_bytes = std::min(share, encoding::kDefaultDictionaryBytes)};
}

// Tells the leaves of a column, in pre-order, what dictionaries their rows came with:
// those of the first rows, and all that have an order to keep.
Status KnowDictionaries(const Field& field, const Array& array, bool first_rows,
                        std::span<LeafWriter>* leaves) {
  if (!format::IsNested(field)) {
    LeafWriter& leaf = leaves->front();
    *leaves = leaves->subspan(1);
    if (array.coded() == nullptr || (!first_rows && !leaf.is_ordered())) {
      return Status::Ok();
    }
    const Status status = leaf.KnowEntries(*array.coded()->values());
    return status.ok()
               ? status
               : status.WithContext("column " + FormatFieldPath(leaf.shape().path));
  }
  for (size_t i = 0; i < array.child_count(); ++i) {
    LANCER_RETURN_IF_ERROR(KnowDictionaries(LayoutType(*field.type).child(i),
                                            *array.child(i), first_rows, leaves));
  }
  return Status::Ok();
}

// Pages of tensors that may be stored as differences hold two groups of them.
uint64_t PageBytes(const LeafShape& shape, const WriterOptions& options,
                   const LeafShare& share) {
  const Profile profile = shape.options.profile.value_or(options.profile);
  if (shape.tensor.elements == 0 || profile == Profile::kRandom) {
    return share.page_bytes;
  }
  const uint64_t tensor = uint64_t{shape.tensor.elements} * shape.type.width;
  const uint64_t group = std::min(format::kMaxFrameBytes, encoding::kFrameGroup * tensor);
  return std::max(share.page_bytes, std::min(2 * group, share.most_page_bytes));
}

}  // namespace

struct FileWriter::Impl {
  WriterOptions options;
  ContextPtr context;
  std::shared_ptr<const Schema> schema;
  std::string publish_path;  // empty: the caller publishes
  std::unique_ptr<StagedFile> file;
  std::unique_ptr<format::ContainerWriter> container;
  std::vector<LeafWriter> leaves;
  std::vector<size_t> first_leaf;  // of each field, and the total behind them
  uint64_t rows = 0;
  Status failed;  // the first error; nothing goes on after it

  Status Begin();
  Status CheckBatch(const Batch& batch) const;
  Status WriteRows(const Batch& batch);
  Status ShredStep(const Batch& batch, int64_t first, int64_t n, int threads);
  int ThreadsFor(uint64_t bytes) const { return bytes < kFewBytes ? 1 : options.threads; }
  Status FlushPages();
  Result<FileSummary> Finish();
  Status Publish(const format::FileRef& written);
  Status SettleExisting(const format::FileRef& written);
};

Status FileWriter::Impl::Begin() {
  LANCER_ASSIGN_OR_RETURN(
      container, format::ContainerWriter::Begin(file.get(), format::FileKind::kData));
  container->NameApplication(options.written_by);
  size_t leaf_count = 0;
  for (const Field& field : schema->fields()) {
    leaf_count += format::LeafCount(field);
  }
  LANCER_ASSIGN_OR_RETURN(LeafShare share, ShareFor(options, leaf_count));
  leaves.reserve(leaf_count);
  for (const Field& field : schema->fields()) {
    first_leaf.push_back(leaves.size());
    for (LeafShape& shape : format::LeavesOf(field)) {
      const uint64_t page_bytes = PageBytes(shape, options, share);
      leaves.emplace_back(std::move(shape), options, page_bytes, share.dictionary_bytes);
    }
  }
  first_leaf.push_back(leaves.size());
  return Status::Ok();
}

Status FileWriter::Impl::CheckBatch(const Batch& batch) const {
  if (batch.columns.size() != schema->field_count()) {
    return Status::InvalidArgument(fmt::format("the batch has {} columns, the schema {}",
                                               batch.columns.size(),
                                               schema->field_count()));
  }
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    const Field& field = schema->field(i);
    if (!batch.columns[i]->type()->Equals(*field.type)) {
      return Status::InvalidArgument(
          fmt::format("column {}: the batch has type {}, the schema {}",
                      FormatFieldPath(std::vector{field.name}),
                      batch.columns[i]->type()->ToString(), field.type->ToString()));
    }
  }
  Batch checked{schema, batch.length, batch.columns};
  return checked.Validate();
}

// Cuts the batch into steps that end at multiples of kStepRows of the file, halved while
// their bytes are many, so that no page outgrows its bound by more than one step.
Status FileWriter::Impl::WriteRows(const Batch& batch) {
  std::span<LeafWriter> all(leaves);
  for (size_t i = 0; i < batch.columns.size() && batch.length > 0; ++i) {
    LANCER_RETURN_IF_ERROR(
        KnowDictionaries(schema->field(i), *batch.columns[i], rows == 0, &all));
  }
  int64_t first = 0;
  while (first < batch.length) {
    LANCER_RETURN_IF_ERROR(options.cancel.Check());
    uint64_t to_boundary = kStepRows - rows % kStepRows;
    int64_t n =
        std::min<int64_t>(batch.length - first, static_cast<int64_t>(to_boundary));
    uint64_t bytes = StepBytes(batch, first, n);
    while (n > 1 && bytes > kStepBytes) {
      n /= 2;
      bytes = StepBytes(batch, first, n);
    }
    LANCER_RETURN_IF_ERROR(ShredStep(batch, first, n, ThreadsFor(bytes)));
    first += n;
  }
  if (options.progress) {
    options.progress(
        {.phase = "writing", .rows_done = rows, .bytes_done = container->offset()});
  }
  return Status::Ok();
}

Status FileWriter::Impl::ShredStep(const Batch& batch, int64_t first, int64_t n,
                                   int threads) {
  LANCER_RETURN_IF_ERROR(
      context->executor->ParallelFor(batch.columns.size(), threads, [&](size_t i) {
        std::vector<LeafBuffer*> buffers;
        for (size_t leaf = first_leaf[i]; leaf < first_leaf[i + 1]; ++leaf) {
          buffers.push_back(leaves[leaf].buffer());
        }
        return format::Shred(schema->field(i), batch.columns[i], first, n, buffers);
      }));
  rows += static_cast<uint64_t>(n);
  uint64_t waiting = 0;
  for (LeafWriter& leaf : leaves) {
    leaf.CutFullPage(/*at_step_end=*/rows % kStepRows == 0);
    waiting += leaf.waiting_bytes();
  }
  return waiting >= options.memory_budget_bytes / 4 ? FlushPages() : Status::Ok();
}

// Encodes all waiting pages, the leaves with the most bytes first so that threads end
// together, and appends them in the order of leaves.
Status FileWriter::Impl::FlushPages() {
  std::vector<LeafWriter*> work;
  uint64_t waiting = 0;
  for (LeafWriter& leaf : leaves) {
    if (leaf.has_waiting_pages()) {
      work.push_back(&leaf);
      waiting += leaf.waiting_bytes();
    }
  }
  std::ranges::stable_sort(work, std::greater<>(), &LeafWriter::waiting_bytes);
  LANCER_RETURN_IF_ERROR(
      context->executor->ParallelFor(work.size(), ThreadsFor(waiting), [&](size_t i) {
        LANCER_RETURN_IF_ERROR(options.cancel.Check());
        return work[i]->EncodePages();
      }));
  for (LeafWriter& leaf : leaves) {
    LANCER_RETURN_IF_ERROR(leaf.WritePages(container.get()));
  }
  return Status::Ok();
}

Result<FileSummary> FileWriter::Impl::Finish() {
  for (LeafWriter& leaf : leaves) {
    leaf.CutLastPage();
  }
  LANCER_RETURN_IF_ERROR(FlushPages());
  for (LeafWriter& leaf : leaves) {
    LANCER_RETURN_IF_ERROR(leaf.Finish(container.get()));
  }
  for (LeafWriter& leaf : leaves) {
    LANCER_RETURN_IF_ERROR(container->AddColumn(leaf.meta()));
  }
  LANCER_ASSIGN_OR_RETURN(format::FileRef ref, container->Finish(*schema, rows));
  LANCER_RETURN_IF_ERROR(publish_path.empty() ? file->Sync() : Publish(ref));
  return FileSummary{.rows = rows, .size_bytes = ref.size, .digest = ref.digest};
}

Status FileWriter::Impl::Publish(const format::FileRef& written) {
  LANCER_ASSIGN_OR_RETURN(PublishOutcome outcome,
                          PublishDurably(*context->file_system, *file, publish_path,
                                         ParentOfPath(publish_path)));
  if (outcome == PublishOutcome::kExists) {
    return SettleExisting(written);
  }
  if (outcome == PublishOutcome::kUnknown) {
    return Status::Unknown(publish_path +
                           ": publishing failed half-way; look whether the file exists");
  }
  return Status::Ok();
}

// The name exists. A first try of ours may have made it, whose reply was lost; then the
// file there has the size and the digest of what was written.
Status FileWriter::Impl::SettleExisting(const format::FileRef& written) {
  FileSystem& files = *context->file_system;
  auto there = files.OpenForRead(publish_path, MapMode::kNever);
  Status ours = there.status();
  if (there) {
    ours = format::Container::Open(*there, format::FileKind::kData, &written).status();
  }
  if (ours.ok()) {
    ours = files.SyncDirectory(ParentOfPath(publish_path));
    if (ours.ok()) {
      return Status::Ok();
    }
  } else if (there && ours.code() != StatusCode::kIoError) {
    return Status::AlreadyExists(publish_path + ": exists; nothing was replaced");
  }
  return Status::Unknown(publish_path +
                         ": exists, and it is not known whether it is the file that was "
                         "written (" +
                         std::string(ours.message()) + "); look before writing again");
}

FileWriter::FileWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FileWriter::~FileWriter() = default;

Result<std::unique_ptr<FileWriter>> FileWriter::Create(const std::string& path,
                                                       Schema schema,
                                                       WriterOptions options,
                                                       ContextPtr context) {
  FileSystem& file_system = *context->file_system;
  LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> existing, file_system.Stat(path));
  if (existing) {
    return Status::AlreadyExists(path + ": exists; choose another name or remove it");
  }
  std::string temporary = path + ".tmp-" + context->random->NextUuid().Prefix();
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<StagedFile> file,
                          file_system.Stage(ParentOfPath(path), temporary));
  LANCER_ASSIGN_OR_RETURN(
      std::unique_ptr<FileWriter> writer,
      Create(std::move(file), std::move(schema), std::move(options), std::move(context)));
  writer->impl_->publish_path = path;
  return writer;
}

Result<std::unique_ptr<FileWriter>> FileWriter::Create(std::unique_ptr<StagedFile> file,
                                                       Schema schema,
                                                       WriterOptions options,
                                                       ContextPtr context) {
  LANCER_RETURN_IF_ERROR(schema.Validate());
  LANCER_RETURN_IF_ERROR(format::CheckColumnOptions(schema));
  if (options.written_by.size() > kMaxApplicationBytes) {
    return Status::InvalidArgument(
        fmt::format("written_by has {} bytes, at most {} are allowed",
                    options.written_by.size(), kMaxApplicationBytes));
  }
  auto impl = std::make_unique<Impl>();
  int32_t next_id = 0;
  impl->schema = std::make_shared<const Schema>(schema.WithFieldIds(&next_id));
  impl->options = std::move(options);
  impl->context = std::move(context);
  impl->file = std::move(file);
  LANCER_RETURN_IF_ERROR(impl->Begin());
  return std::unique_ptr<FileWriter>(new FileWriter(std::move(impl)));
}

Status FileWriter::Write(const Batch& batch) {
  LANCER_RETURN_IF_ERROR(impl_->failed);
  Status status = impl_->CheckBatch(batch);
  if (status.ok()) {
    status = impl_->WriteRows(batch);
  }
  impl_->failed = status;
  return status;
}

Result<FileSummary> FileWriter::Finish() {
  LANCER_RETURN_IF_ERROR(impl_->failed);
  impl_->failed = Status::InvalidArgument("the file writer has finished already");
  return impl_->Finish();
}

std::unique_ptr<StagedFile> FileWriter::TakeStagedFile() {
  return std::move(impl_->file);
}
const Schema& FileWriter::schema() const { return *impl_->schema; }
uint64_t FileWriter::rows_written() const { return impl_->rows; }
uint64_t FileWriter::bytes_written() const { return impl_->container->offset(); }

}  // namespace lancer
