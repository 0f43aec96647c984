#include "tools/convert/arrow_interop.h"

#include <arrow/buffer.h>
#include <arrow/c/bridge.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lancer/arrow_bridge.h"
#include "types/batch_parts.h"

namespace lancer::tools {
namespace {

arrow::Status ToArrow(const Status& status) {
  if (status.ok()) {
    return arrow::Status::OK();
  }
  return arrow::Status::IOError(std::string(status.message()));
}

class ArrowInput final : public arrow::io::RandomAccessFile {
 public:
  explicit ArrowInput(InputFile* file) : file_(file) {}

  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override { return position_; }
  arrow::Status Seek(int64_t position) override {
    position_ = position;
    return arrow::Status::OK();
  }
  arrow::Result<int64_t> GetSize() override {
    return static_cast<int64_t>(file_->size());
  }

  arrow::Result<int64_t> Read(int64_t count, void* out) override {
    ARROW_ASSIGN_OR_RAISE(int64_t got, ReadAt(position_, count, out));
    position_ += got;
    return got;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t count) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, count));
    position_ += buffer->size();
    return buffer;
  }
  // Reads fewer bytes than asked at the end of the file, as Arrow wants it.
  arrow::Result<int64_t> ReadAt(int64_t position, int64_t count, void* out) override {
    if (position < 0 || count < 0) {
      return arrow::Status::Invalid("negative position or count");
    }
    const int64_t left = static_cast<int64_t>(file_->size()) - position;
    const int64_t got = std::max<int64_t>(std::min(left, count), 0);
    ARROW_RETURN_NOT_OK(ToArrow(file_->ReadAt(
        static_cast<uint64_t>(position),
        std::span(static_cast<std::byte*>(out), static_cast<size_t>(got)))));
    return got;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position,
                                                       int64_t count) override {
    // A damaged file may ask for any count: never allocate more than the file has.
    const int64_t left = static_cast<int64_t>(file_->size()) - position;
    const int64_t size = std::max<int64_t>(std::min(left, count), 0);
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(size));
    ARROW_ASSIGN_OR_RAISE(int64_t got, ReadAt(position, size, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(got));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }

 private:
  InputFile* file_;
  int64_t position_ = 0;
  bool closed_ = false;
};

class ArrowOutput final : public arrow::io::OutputStream {
 public:
  explicit ArrowOutput(OutputFile* file) : file_(file) {}

  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override {
    return static_cast<int64_t>(file_->size());
  }
  arrow::Status Write(const void* data, int64_t count) override {
    return ToArrow(file_->Write(
        std::span(static_cast<const std::byte*>(data), static_cast<size_t>(count))));
  }
  using arrow::io::OutputStream::Write;

 private:
  OutputFile* file_;
  bool closed_ = false;
};

// Names go from Arrow to us as C strings: a zero byte would end one unseen.
Status CheckNames(const arrow::Field& field,
                  FieldPath* path) {  // NOLINT(misc-no-recursion)
  path->push_back(field.name());
  if (field.name().find('\0') != std::string::npos) {
    return Status::InvalidArgument(
        fmt::format("field {}: a name cannot hold a zero byte; rename it in the program "
                    "that wrote it, or leave the column out with --columns",
                    FormatFieldPath(*path)));
  }
  for (const std::shared_ptr<arrow::Field>& child : field.type()->fields()) {
    LANCER_RETURN_IF_ERROR(CheckNames(*child, path));
  }
  path->pop_back();
  return Status::Ok();
}

}  // namespace

Status FromArrow(const arrow::Status& status, std::string_view what) {
  if (status.ok()) {
    return Status::Ok();
  }
  // One line: Arrow's messages may carry a trace below the first.
  std::string message = status.message().substr(0, status.message().find('\n'));
  if (message.starts_with("Invalid: ")) {
    message.erase(0, 9);  // a status within an exception within a status
  }
  if (!message.starts_with(what)) {
    message = std::string(what) + ": " + message;
  }
  switch (status.code()) {
    case arrow::StatusCode::OutOfMemory:
    case arrow::StatusCode::CapacityError:
      return Status::ResourceExhausted(std::move(message));
    case arrow::StatusCode::NotImplemented:
      return Status::Unsupported(std::move(message));
    case arrow::StatusCode::Cancelled:
      return Status::Cancelled(std::move(message));
    case arrow::StatusCode::IOError:
      return Status::IoError(std::move(message));
    case arrow::StatusCode::TypeError:
      return Status::InvalidArgument(std::move(message));
    default:
      return Status::Corruption(std::move(message));
  }
}

Result<Schema> FromArrowSchema(const arrow::Schema& schema,
                               const std::vector<std::string>& columns,
                               std::string_view what) {
  const std::set<std::string_view> wanted(columns.begin(), columns.end());
  arrow::FieldVector fields;
  for (const std::shared_ptr<arrow::Field>& field : schema.fields()) {
    const bool left_out = !wanted.empty() && !wanted.contains(field->name());
    fields.push_back(left_out ? arrow::field(field->name(), arrow::null()) : field);
    if (FieldPath path; !left_out) {
      LANCER_RETURN_IF_ERROR(CheckNames(*field, &path).WithContext(what));
    }
  }
  ArrowSchema exported{};
  LANCER_RETURN_IF_ERROR(FromArrow(
      arrow::ExportSchema(arrow::Schema(fields, schema.metadata()), &exported), what));
  Result<Schema> imported = ImportSchema(&exported);
  if (!imported.has_value()) {
    const Status& error = imported.error();
    return Status(error.code(), fmt::format("{}: {}; leave the column out with --columns",
                                            what, error.message()));
  }
  return imported;
}

Result<Batch> FromArrowBatch(std::shared_ptr<const Schema> schema,
                             const arrow::RecordBatch& batch, std::string_view what) {
  ArrowArray exported{};
  LANCER_RETURN_IF_ERROR(
      FromArrow(arrow::ExportRecordBatch(batch, &exported, nullptr), what));
  Result<Batch> imported = ImportBatch(std::move(schema), &exported);
  if (!imported.has_value()) {
    return imported.error().WithContext(what);
  }
  return imported;
}

Result<std::shared_ptr<arrow::Schema>> ToArrowSchema(const Schema& schema) {
  ArrowSchema exported{};
  LANCER_RETURN_IF_ERROR(ExportSchema(schema, &exported));
  return FromArrow(arrow::ImportSchema(&exported), "schema");
}

Result<arrow::RecordBatchVector> ToArrowBatches(
    const Batch& batch, const std::shared_ptr<arrow::Schema>& schema) {
  arrow::RecordBatchVector batches;
  for (BatchParts parts(batch); !parts.empty();) {
    ArrowArray exported{};
    LANCER_RETURN_IF_ERROR(parts.ExportNext(&exported));
    LANCER_ASSIGN_OR_RETURN(
        auto part, FromArrow(arrow::ImportRecordBatch(&exported, schema), "batch"));
    batches.push_back(std::move(part));
  }
  return batches;
}

std::shared_ptr<arrow::io::RandomAccessFile> MakeArrowInput(InputFile* file) {
  return std::make_shared<ArrowInput>(file);
}

std::shared_ptr<arrow::io::OutputStream> MakeArrowOutput(OutputFile* file) {
  return std::make_shared<ArrowOutput>(file);
}

}  // namespace lancer::tools
