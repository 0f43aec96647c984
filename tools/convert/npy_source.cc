// Reads a .npy file as one column `value`: npy_header.h tells its type.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "tools/convert/formats.h"
#include "tools/convert/input_file.h"
#include "tools/convert/npy_field.h"

namespace lancer::tools {
namespace {

class NpySource final : public Source {
 public:
  NpySource(std::unique_ptr<InputFile> file, NpyHeader header,
            std::shared_ptr<const Schema> schema, SourceOptions options)
      : file_(std::move(file)),
        header_(std::move(header)),
        schema_(std::move(schema)),
        options_(std::move(options)),
        row_bytes_(header_.row_values() * static_cast<uint64_t>(header_.item_bytes)) {}

  const std::shared_ptr<const Schema>& schema() const override { return schema_; }
  std::optional<uint64_t> total_rows() const override { return header_.rows(); }

 private:
  Result<std::optional<Batch>> ReadBatch() override;
  Status ReadRows(uint64_t count, std::span<std::byte> out) const;
  Status ReadTransposed(uint64_t count, std::span<std::byte> out) const;
  Result<ArrayPtr> MakeValues(const TypePtr& type, MutableBuffer bytes) const;

  std::unique_ptr<InputFile> file_;
  NpyHeader header_;
  std::shared_ptr<const Schema> schema_;
  SourceOptions options_;
  uint64_t row_bytes_;
  uint64_t next_row_ = 0;
};

Result<std::optional<Batch>> NpySource::ReadBatch() {
  LANCER_RETURN_IF_ERROR(options_.cancel.Check());
  const uint64_t left = header_.rows() - next_row_;
  if (left == 0) {
    return std::nullopt;
  }
  uint64_t count = std::min(left, static_cast<uint64_t>(options_.batch_rows));
  if (row_bytes_ > 0) {
    const uint64_t fitting = static_cast<uint64_t>(options_.batch_bytes) / row_bytes_;
    count = std::min(count, std::max<uint64_t>(fitting, 1));
  }
  MutableBuffer bytes(count * row_bytes_);
  if (header_.fortran_order && header_.shape.size() > 1) {
    LANCER_RETURN_IF_ERROR(ReadTransposed(count, bytes.bytes()));
  } else {
    LANCER_RETURN_IF_ERROR(
        file_->ReadAt(header_.data_offset + next_row_ * row_bytes_, bytes.bytes()));
  }
  const Field& field = schema_->field(0);
  const bool is_list = field.type->kind() == TypeKind::kFixedSizeList;
  const TypePtr& value_type = is_list ? field.type->child(0).type : field.type;
  LANCER_ASSIGN_OR_RETURN(ArrayPtr column, MakeValues(value_type, std::move(bytes)));
  if (is_list) {
    column = Array::Make({.type = field.type,
                          .length = static_cast<int64_t>(count),
                          .offset = 0,
                          .null_count = 0,
                          .buffers = {nullptr},
                          .children = {column}});
  }
  next_row_ += count;
  return Batch{schema_, static_cast<int64_t>(count), {std::move(column)}};
}

// In Fortran order the values of one place in all rows stand together: reads one run per
// place and spreads it over the rows.
Status NpySource::ReadTransposed(uint64_t count, std::span<std::byte> out) const {
  const size_t item = static_cast<size_t>(header_.item_bytes);
  std::vector<std::byte> run(count * item);
  std::vector<uint64_t> place(header_.shape.size(), 0);  // [0] unused
  for (uint64_t column = 0; column < header_.row_values(); ++column) {
    uint64_t index = 0;
    for (size_t i = place.size() - 1; i > 0; --i) {
      index = index * header_.shape[i] + place[i];
    }
    LANCER_RETURN_IF_ERROR(file_->ReadAt(
        header_.data_offset + (index * header_.rows() + next_row_) * item, run));
    for (uint64_t row = 0; row < count; ++row) {
      std::memcpy(&out[row * row_bytes_ + column * item], &run[row * item], item);
    }
    for (size_t i = place.size() - 1; i > 0 && ++place[i] == header_.shape[i]; --i) {
      place[i] = 0;
    }
  }
  return Status::Ok();
}

// An array of plain values from bytes as they are in the file.
Result<ArrayPtr> NpySource::MakeValues(const TypePtr& type, MutableBuffer bytes) const {
  const size_t item = static_cast<size_t>(header_.item_bytes);
  const size_t count = bytes.size() / item;
  Array::Data data;
  data.type = type;
  data.length = static_cast<int64_t>(count);
  data.null_count = 0;
  if (type->kind() == TypeKind::kBool) {
    std::vector<uint8_t> bits((count + 7) / 8);
    for (size_t i = 0; i < count; ++i) {
      const auto value = static_cast<uint8_t>(bytes.data()[i]);
      if (value > 1) {
        return Status::Corruption(
            fmt::format("{}: value {} at byte {} is neither 0 nor 1", file_->name(),
                        value, header_.data_offset + next_row_ * row_bytes_ + i));
      }
      bits[i / 8] = static_cast<uint8_t>(bits[i / 8] | value << (i % 8));
    }
    data.buffers = {nullptr, Buffer::Own(std::move(bits))};
    return Array::Make(std::move(data));
  }
  if (header_.swapped()) {
    for (size_t i = 0; i < count; ++i) {
      std::reverse(bytes.data() + i * item, bytes.data() + (i + 1) * item);
    }
  }
  data.buffers = {nullptr, std::move(bytes).Finish()};
  return Array::Make(std::move(data));
}

Result<NpyHeader> ReadHeader(const InputFile& file) {
  std::vector<std::byte> bytes(std::min<uint64_t>(kNpyPrefixBytes, file.size()));
  LANCER_RETURN_IF_ERROR(file.ReadAt(0, bytes));
  LANCER_ASSIGN_OR_RETURN(uint64_t length, NpyHeaderLength(bytes));
  bytes.resize(std::min(length, file.size()));
  LANCER_RETURN_IF_ERROR(file.ReadAt(0, bytes));
  return ParseNpyHeader(bytes);
}

}  // namespace

Result<std::unique_ptr<Source>> OpenNpy(const std::string& path,
                                        const SourceOptions& options) {
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file,
                          InputFile::Open(path, options.cancel));
  Result<NpyHeader> header = ReadHeader(*file);
  if (!header.has_value()) {
    const Status& error = header.error();
    const std::string_view remedy = error.code() == StatusCode::kCorruption
                                        ? "; save the array again with numpy.save"
                                        : "";
    return Status(error.code(),
                  fmt::format("{}: {}{}", file->name(), error.message(), remedy));
  }
  const uint64_t expected = header->data_offset + header->data_bytes();
  if (file->size() != expected) {
    return Status::Corruption(
        fmt::format("{}: {} bytes long, its header says {}; check that the "
                    "copy is complete, or save it again",
                    file->name(), file->size(), expected));
  }
  LANCER_ASSIGN_OR_RETURN(Field field, FieldOfNpy(*header));
  Schema whole({std::move(field)});
  if (!options.columns.empty()) {
    LANCER_ASSIGN_OR_RETURN(whole, SelectColumns(whole, options.columns, file->name()));
  }
  return std::make_unique<NpySource>(std::move(file), *std::move(header),
                                     std::make_shared<const Schema>(std::move(whole)),
                                     options);
}

}  // namespace lancer::tools
