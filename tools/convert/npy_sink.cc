// Writes one column as a .npy file. The bytes are drawn in npy_header.cc; a header that
// came with the column is written back as it was, byte order and Fortran order included.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "tools/convert/formats.h"
#include "tools/convert/npy_field.h"
#include "tools/convert/output_file.h"

namespace lancer::tools {
namespace {

// The plain values behind fixed-size lists.
struct Leaf {
  const Array* array;
  int64_t begin;  // first value, the array's own offset not counted
  int64_t count;
};

// Errors: InvalidArgument when a row or a value in it is null.
Result<Leaf> FindLeaf(const Array& column, uint64_t first_row) {
  Leaf leaf{&column, 0, column.length()};
  int64_t row_items = 1;
  while (true) {
    for (int64_t i = 0; leaf.array->validity() != nullptr && i < leaf.count; ++i) {
      if (!leaf.array->IsValid(leaf.begin + i)) {
        return Status::InvalidArgument(fmt::format(
            "row {} holds a null, which npy cannot; write parquet or arrow instead",
            first_row + static_cast<uint64_t>(i / std::max<int64_t>(row_items, 1))));
      }
    }
    if (leaf.array->type()->kind() != TypeKind::kFixedSizeList) {
      return leaf;
    }
    const int64_t size = leaf.array->type()->parameters().list_size;
    leaf.begin = (leaf.begin + leaf.array->offset()) * size;
    leaf.count *= size;
    row_items *= size;
    leaf.array = leaf.array->child(0).get();
  }
}

class NpySink final : public Sink {
 public:
  NpySink(std::unique_ptr<OutputFile> file, NpyHeader header, Field field,
          bool rows_known)
      : file_(std::move(file)),
        header_(std::move(header)),
        field_(std::move(field)),
        rows_known_(rows_known) {}

  Status WriteHeader() { return file_->Write(FormatNpyHeader(header_)); }
  Status Write(const Batch& batch) override;
  Result<SinkReport> Finish() override;

 private:
  std::vector<std::byte> FileBytes(const Leaf& leaf) const;
  Status WriteTransposed(std::span<const std::byte> bytes, uint64_t rows);

  std::unique_ptr<OutputFile> file_;
  NpyHeader header_;
  Field field_;
  bool rows_known_;
  uint64_t rows_ = 0;
};

// The values as they stand in the file.
std::vector<std::byte> NpySink::FileBytes(const Leaf& leaf) const {
  const size_t item = static_cast<size_t>(header_.item_bytes);
  const size_t count = static_cast<size_t>(leaf.count);
  const size_t begin = static_cast<size_t>(leaf.begin + leaf.array->offset());
  std::vector<std::byte> bytes(count * item);
  if (count == 0) {
    return bytes;
  }
  if (header_.kind == 'b') {
    const uint8_t* bits = leaf.array->values<uint8_t>();
    for (size_t i = 0; i < count; ++i) {
      bytes[i] = static_cast<std::byte>(bits[(begin + i) / 8] >> ((begin + i) % 8) & 1);
    }
    return bytes;
  }
  std::memcpy(bytes.data(), leaf.array->values<std::byte>() + begin * item, bytes.size());
  if (header_.swapped()) {
    for (size_t i = 0; i < bytes.size(); i += item) {
      std::reverse(&bytes[i], &bytes[i] + item);
    }
  }
  return bytes;
}

Status NpySink::Write(const Batch& batch) {
  Result<Leaf> leaf = FindLeaf(*batch.columns[0], rows_);
  if (!leaf.has_value()) {
    return leaf.error().WithContext(file_->name());
  }
  const std::vector<std::byte> bytes = FileBytes(*leaf);
  const uint64_t rows = static_cast<uint64_t>(batch.length);
  if (rows_known_ && rows_ + rows > header_.rows()) {
    return Status::Internal(file_->name() + ": more rows than the input announced");
  }
  if (header_.fortran_order && header_.shape.size() > 1) {
    LANCER_RETURN_IF_ERROR(WriteTransposed(bytes, rows));
  } else {
    LANCER_RETURN_IF_ERROR(file_->Write(bytes));
  }
  rows_ += rows;
  return Status::Ok();
}

// The inverse of NpySource::ReadTransposed.
Status NpySink::WriteTransposed(std::span<const std::byte> bytes, uint64_t rows) {
  const size_t item = static_cast<size_t>(header_.item_bytes);
  const uint64_t row_bytes = header_.row_values() * item;
  std::vector<std::byte> run(rows * item);
  std::vector<uint64_t> place(header_.shape.size(), 0);
  for (uint64_t column = 0; column < header_.row_values(); ++column) {
    uint64_t index = 0;
    for (size_t i = place.size() - 1; i > 0; --i) {
      index = index * header_.shape[i] + place[i];
    }
    for (uint64_t row = 0; row < rows; ++row) {
      std::memcpy(&run[row * item], &bytes[row * row_bytes + column * item], item);
    }
    LANCER_RETURN_IF_ERROR(file_->WriteAt(
        header_.data_offset + (index * header_.rows() + rows_) * item, run));
    for (size_t i = place.size() - 1; i > 0 && ++place[i] == header_.shape[i]; --i) {
      place[i] = 0;
    }
  }
  return Status::Ok();
}

Result<SinkReport> NpySink::Finish() {
  if (rows_known_ && rows_ != header_.rows()) {
    return Status::Internal(fmt::format("{}: {} rows came, {} were announced",
                                        file_->name(), rows_, header_.rows()));
  }
  SinkReport report;
  report.bytes = header_.data_offset;
  if (!rows_known_) {
    // NumPy's own padding keeps the length of a header whatever the number of rows is.
    LANCER_ASSIGN_OR_RETURN(NpyHeader header, NpyHeaderOf(field_, rows_));
    const std::string text = FormatNpyHeader(header);
    LANCER_RETURN_IF_ERROR(file_->Flush());
    LANCER_RETURN_IF_ERROR(
        file_->WriteAt(0, std::as_bytes(std::span(text.data(), text.size()))));
  }
  LANCER_RETURN_IF_ERROR(file_->Commit());
  report.bytes +=
      rows_ * header_.row_values() * static_cast<uint64_t>(header_.item_bytes);
  return report;
}

}  // namespace

Result<SinkReport> WriteNpy(const std::string& path, std::unique_ptr<BatchReader> rows,
                            const SinkOptions& options) {
  const Schema* schema = rows->schema().get();
  if (schema->field_count() != 1) {
    return Status::InvalidArgument(fmt::format(
        "{}: npy holds one column, the input has {}; choose one with --columns", path,
        schema->field_count()));
  }
  Field field = schema->field(0);
  const bool rows_known = options.total_rows.has_value();
  if (!rows_known) {
    if (path == "-") {
      return Status::Unsupported(
          "standard output: npy begins with the number of rows, which this input does "
          "not "
          "tell; write to a file");
    }
    std::erase_if(field.metadata,
                  [](const auto& pair) { return pair.first == kNpyHeaderKey; });
  }
  Result<NpyHeader> header = NpyHeaderOf(field, options.total_rows.value_or(0));
  if (!header.has_value()) {
    return header.error().WithContext(path);
  }
  if (path == "-" && header->fortran_order) {
    header->fortran_order = false;  // needs seeking; C order holds the same values
    header->text.clear();
  }
  LANCER_ASSIGN_OR_RETURN(
      std::unique_ptr<OutputFile> file,
      OutputFile::Create(path, options.mode == OutputMode::kOverwrite));
  NpySink sink(std::move(file), *header, std::move(field), rows_known);
  LANCER_RETURN_IF_ERROR(sink.WriteHeader());
  return Drain(rows.get(), &sink);
}

}  // namespace lancer::tools
