#include "tools/convert/parquet_file.h"

#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/size_statistics.h>

#include <algorithm>

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
                                                       const CancelToken& cancel) {
  std::unique_ptr<ParquetFile> opened(new ParquetFile());
  LANCER_ASSIGN_OR_RETURN(opened->file_, InputFile::Open(path, cancel));
  const std::string& name = opened->name();
  LANCER_RETURN_IF_ERROR(CatchArrow(name, [&] { return opened->OpenReader(raw); }));
  return opened;
}

Status ParquetFile::OpenReader(bool raw) {
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
  LANCER_ASSIGN_OR_RETURN(reader_, FromArrow(parquet::arrow::FileReader::Make(
                                                 arrow::default_memory_pool(),
                                                 std::move(file_reader), properties),
                                             name()));
  std::shared_ptr<arrow::Schema> schema;
  LANCER_RETURN_IF_ERROR(FromArrow(reader_->GetSchema(&schema), name()));
  LANCER_ASSIGN_OR_RETURN(schema_, FromArrowSchema(*schema, name()));
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
