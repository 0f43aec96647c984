#include "tools/convert/parquet_file.h"
#include "encoding/byte_order.h"

#include <fmt/format.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/size_statistics.h>

#include <algorithm>
#include <array>

#include "tools/convert/arrow_interop.h"

namespace lancer::tools {
namespace {

constexpr int64_t kStreamBytes = 64
                                 << 20;  // for the read buffers of all columns together
constexpr std::string_view kArrowSchemaKey = "ARROW:schema";

parquet::ReaderProperties ReaderOptionsFor(int columns) {
  parquet::ReaderProperties properties;
  // Pages are read through a small buffer, not column chunks as a whole.
  properties.enable_buffered_stream();
  properties.set_page_checksum_verification(true);
  const int64_t share = kStreamBytes / std::max(columns, 1);
  properties.set_buffer_size(std::clamp<int64_t>(share, 16 << 10, 1 << 20));
  return properties;
}

// The file's metadata without the Arrow schema. Its key gets another name of the same
// length in the serialized form, so that no reader finds it.
Result<std::shared_ptr<parquet::FileMetaData>> RawMetadata(const InputFile& file,
                                                           uint32_t metadata_bytes) {
  std::string bytes(metadata_bytes, '\0');
  LANCER_RETURN_IF_ERROR(file.ReadAt(file.size() - 8 - metadata_bytes,
                                     std::as_writable_bytes(std::span(bytes))));
  for (size_t at = bytes.find(kArrowSchemaKey); at != bytes.npos;
       at = bytes.find(kArrowSchemaKey, at)) {
    bytes[at] = 'X';
  }
  uint32_t length = metadata_bytes;
  return parquet::FileMetaData::Make(bytes.data(), &length);
}

}  // namespace

Result<std::unique_ptr<ParquetFile>> ParquetFile::Open(const std::string& path, bool raw,
                                                       const SourceOptions& options) {
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file,
                          InputFile::Open(path, options.cancel));
  std::unique_ptr<ParquetFile> opened(new ParquetFile(std::move(file)));
  LANCER_RETURN_IF_ERROR(opened->CheckEnds());
  LANCER_RETURN_IF_ERROR(
      opened->faults_.Catch([&] { return opened->OpenReader(raw, options.columns); }));
  return opened;
}

// A file is "PAR1", pages, metadata, the metadata's length (u32) and "PAR1" again.
Status ParquetFile::CheckEnds() const {
  constexpr uint64_t kMagicBytes = 4;
  constexpr uint64_t kTailBytes = 8;
  const uint64_t size = file_->size();
  if (size == 0) {
    return faults_.NotOfTheKind("it is empty");
  }
  std::string start(std::min(kMagicBytes, size), '\0');
  LANCER_RETURN_IF_ERROR(file_->ReadAt(0, std::as_writable_bytes(std::span(start))));
  if (start == "PARE") {
    return Status::Unsupported(
        name() + ": an encrypted Parquet file; write it again without encryption");
  }
  if (start != "PAR1") {
    return faults_.NotOfTheKind("it does not begin with \"PAR1\"");
  }
  std::array<std::byte, kTailBytes> tail{};
  if (size >= kMagicBytes + kTailBytes) {
    LANCER_RETURN_IF_ERROR(file_->ReadAt(size - kTailBytes, tail));
  }
  constexpr std::string_view kMagic = "PAR1";
  if (!std::equal(kMagic.begin(), kMagic.end(), tail.begin() + 4,
                  [](char c, std::byte b) { return static_cast<std::byte>(c) == b; })) {
    return faults_.NotOfTheKind(fmt::format(
        "it was cut or changed: its {} bytes do not end with \"PAR1\"", size));
  }
  const auto metadata_bytes = encoding::LoadLe<uint32_t>(tail.data());
  if (metadata_bytes > size - kMagicBytes - kTailBytes) {
    return faults_.Damaged(
        fmt::format("metadata of {} bytes in a file of {}", metadata_bytes, size));
  }
  return Status::Ok();
}

Status ParquetFile::OpenReader(bool raw, const std::vector<std::string>& columns) {
  metadata_ = parquet::ReadMetaData(MakeArrowInput(file_.get()));
  if (raw) {
    LANCER_ASSIGN_OR_RETURN(metadata_, RawMetadata(*file_, metadata_->size()));
  }
  auto file_reader = parquet::ParquetFileReader::Open(
      MakeArrowInput(file_.get()), ReaderOptionsFor(metadata_->num_columns()), metadata_);
  parquet::ArrowReaderProperties properties;
  properties.set_pre_buffer(false);
  properties.set_use_threads(true);
  properties.set_arrow_extensions_enabled(true);
  LANCER_ASSIGN_OR_RETURN(
      reader_, faults_.Check(parquet::arrow::FileReader::Make(
                   arrow::default_memory_pool(), std::move(file_reader), properties)));
  std::shared_ptr<arrow::Schema> schema;
  LANCER_RETURN_IF_ERROR(faults_.Check(reader_->GetSchema(&schema)));
  LANCER_ASSIGN_OR_RETURN(schema_, FromArrowSchema(*schema, columns, name()));
  return Status::Ok();
}

std::vector<int> ParquetFile::LeavesOf(const std::vector<size_t>& fields) const {
  std::vector<int> leaves;
  const parquet::SchemaDescriptor& descriptor = *metadata_->schema();
  for (size_t field : fields) {
    const parquet::schema::Node* root =
        descriptor.group_node()->field(static_cast<int>(field)).get();
    for (int leaf = 0; leaf < descriptor.num_columns(); ++leaf) {
      if (descriptor.GetColumnRoot(leaf) == root) {
        leaves.push_back(leaf);
      }
    }
  }
  return leaves;
}

int64_t ParquetFile::OpenBytes(int row_group, const std::vector<int>& leaves) const {
  constexpr int64_t kPageBytes = 1 << 20;  // what writers aim at
  constexpr int64_t kHeldTimes = 3;        // measured
  const auto group = metadata_->RowGroup(row_group);
  int64_t bytes = 0;
  for (int leaf : leaves) {
    const int64_t chunk = group->ColumnChunk(leaf)->total_uncompressed_size();
    bytes += kHeldTimes * std::clamp<int64_t>(chunk, 0, kPageBytes);
  }
  return bytes;
}

int64_t ParquetFile::RowBytes(int row_group, const std::vector<int>& leaves) const {
  const auto group = metadata_->RowGroup(row_group);
  int64_t bytes = 0;
  for (int leaf : leaves) {
    const auto column = group->ColumnChunk(leaf);
    int64_t leaf_bytes = column->total_uncompressed_size();
    // The size before dictionary encoding, which newer writers state.
    if (const auto sizes = column->size_statistics();
        sizes != nullptr && sizes->unencoded_byte_array_data_bytes.has_value()) {
      leaf_bytes = std::max(leaf_bytes, *sizes->unencoded_byte_array_data_bytes);
    }
    bytes += leaf_bytes;
  }
  const int64_t rows = std::max<int64_t>(group->num_rows(), 1);
  return std::max<int64_t>(bytes / rows, 1) + 8 * static_cast<int64_t>(leaves.size());
}

}  // namespace lancer::tools
